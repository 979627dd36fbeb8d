import { DesksideError } from "@deskside/base";
import { contract, deskError, type GenerationEvent } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createFakeClient, type FakeClient } from "./fake-client.ts";

async function collect(fake: FakeClient, generationId: string): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const event of await fake.client.generation.watch({ generationId })) events.push(event);
  return events;
}

const send = (fake: FakeClient, text: string, chatId: string | null = null) =>
  fake.client.generation.start({ kind: "send", chatId, text });

describe("the fake client", () => {
  it("has every procedure of the contract, so that no test finds out late that one is missing", () => {
    const { client } = createFakeClient();
    const names = (router: object) =>
      Object.entries(router).flatMap(([area, procedures]) =>
        Object.keys(procedures as object).map((name) => `${area}.${name}`),
      );
    expect(names(client).sort()).toEqual(names(contract).sort());
  });

  it("streams an answer as the contract says: snapshot, deltas that add up, one terminal event", async () => {
    const fake = createFakeClient({ answer: () => ({ text: "Paris is the capital.", reasoning: "Think first." }) });
    const { generationId, chatId } = await send(fake, "What is the capital of France?");
    const events = await collect(fake, generationId);
    expect(events[0]?.type).toBe("snapshot");
    expect(events.filter((event) => event.type === "done")).toHaveLength(1);
    const deltas = events.flatMap((event) => (event.type === "delta" ? [event] : []));
    expect(deltas.map((delta) => delta.text).join("")).toBe("Paris is the capital.");
    expect(deltas.map((delta) => delta.reasoning).join("")).toBe("Think first.");
    const chat = await fake.client.chat.get({ chatId });
    expect(chat).toMatchObject({ running: false, title: "What is the capital of France?", messageCount: 2 });
    expect(chat.messages.at(-1)).toMatchObject({ status: "complete", text: "Paris is the capital." });
  });

  it("stops, continues where it stopped, and refuses to continue what is complete", async () => {
    const fake = createFakeClient({ pieceMs: null, answer: () => ({ text: "one two three" }) });
    const { generationId, chatId, messageId } = await send(fake, "count");
    fake.controls.step();
    await fake.client.generation.cancel({ generationId });
    const text = async () => (await fake.client.chat.get({ chatId })).messages.at(-1)?.text;
    expect(await text()).toBe("one ");
    await fake.client.generation.start({ kind: "continue", chatId, messageId });
    fake.controls.finishAll();
    expect(await text()).toBe("one two three");
    await expect(fake.client.generation.start({ kind: "continue", chatId, messageId })).rejects.toMatchObject({
      code: "NOT_CONTINUABLE",
    });
  });

  it("makes a sibling when an answer is regenerated, and shows the branch that is selected", async () => {
    const fake = createFakeClient({ chats: [{ title: "Pumps", turns: [["q", "a"]] }] });
    const [chat] = await fake.client.chat.list();
    const first = (await fake.client.chat.get({ chatId: chat?.id ?? "" })).messages.find((m) => m.role === "assistant");
    const { messageId, chatId } = await fake.client.generation.start({
      kind: "regenerate",
      chatId: chat?.id ?? "",
      messageId: first?.id ?? "",
    });
    expect((await fake.client.chat.get({ chatId })).leafId).toBe(messageId);
    await fake.client.chat.selectBranch({ chatId, messageId: first?.id ?? "" });
    expect((await fake.client.chat.get({ chatId })).leafId).toBe(first?.id);
  });

  it("answers one question at a time in a chat", async () => {
    const fake = createFakeClient({ pieceMs: null });
    const { chatId } = await send(fake, "first");
    await expect(send(fake, "second", chatId)).rejects.toMatchObject({ code: "GENERATION_RUNNING" });
  });

  it("fails the next call of a procedure once, and the answer when told so", async () => {
    const fake = createFakeClient({ pieceMs: null });
    fake.controls.failNext("chat.list", deskError("DISK_FAILED", { path: "/x", detail: "EIO" }));
    await expect(fake.client.chat.list()).rejects.toMatchObject({ code: "DISK_FAILED" });
    await expect(fake.client.chat.list()).resolves.toEqual([]);
    const { generationId, chatId } = await send(fake, "hello");
    fake.controls.failAll(deskError("ENGINE_STALLED", { ms: 5, keptTokens: 0 }));
    expect((await collect(fake, generationId)).at(-1)?.type).toBe("failed");
    expect((await fake.client.chat.get({ chatId })).messages.at(-1)?.error?.code).toBe("ENGINE_STALLED");
  });

  it("keeps locked settings and refuses values that the schema refuses", async () => {
    const { client } = createFakeClient({ lockedSettings: ["general.theme"] });
    await expect(client.settings.set({ key: "general.theme", value: "dark" })).rejects.toMatchObject({
      code: "SETTING_LOCKED",
    });
    await expect(client.settings.set({ key: "general.zoom", value: 500 })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("ends event streams by the reader's signal, and by a broken connection", async () => {
    const { client, controls } = createFakeClient();
    const controller = new AbortController();
    const read = async (signal?: AbortSignal) => {
      for await (const _event of await client.system.events(undefined, signal ? { signal } : {}));
    };
    const aborted = read(controller.signal);
    const broken = read();
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort(new Error("left"));
    await expect(aborted).rejects.toThrow("left");
    controls.breakEvents(new DesksideError({ code: "PEER_GONE", kind: "unavailable", data: { peer: "backend" } }));
    await expect(broken).rejects.toMatchObject({ code: "PEER_GONE" });
    expect(controls.world.feed.readers).toBe(0);
  });
});
