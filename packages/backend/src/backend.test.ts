import { isDesksideError } from "@deskside/base";
import type { Contract, GenerationEvent, Message } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBackend, type TestBackend } from "./test/start-backend.ts";

type Client = ContractClient<Contract>;

const longQuestion = "Write a long story about a lighthouse keeper and the sea.";

async function watch(client: Client, generationId: string, onEvent: (event: GenerationEvent) => void = () => {}) {
  for await (const event of await client.generation.watch({ generationId })) {
    onEvent(event);
    if (event.type === "done" || event.type === "cancelled" || event.type === "failed") return event;
  }
  throw new Error("no end");
}

async function ask(client: Client, text: string, chatId: string | null = null): Promise<Message> {
  const { generationId } = await client.generation.start({ kind: "send", chatId, text });
  const { message } = await watch(client, generationId);
  return message;
}

/** Resolves when the answer has some text. */
async function begun(client: Client, generationId: string): Promise<void> {
  for await (const event of await client.generation.watch({ generationId })) {
    if (event.type === "delta" && event.stats.outputTokens > 5) return;
    if ("message" in event && event.type !== "snapshot") throw new Error(`ended early: ${event.type}`);
  }
}

let desk: TestBackend;
let client: Client;
beforeAll(async () => {
  desk = await startBackend();
  client = desk.connect();
});
afterAll(() => desk[Symbol.asyncDispose]());

describe("an answer", () => {
  it("comes from the model of the language, is stored with its figures and gives the chat a title", async () => {
    const english = await ask(client, "What is the capital of France?");
    expect(english).toMatchObject({ status: "complete", finish: "end", model: { id: "smollm2-135m-instruct" } });
    expect(english.text).toContain("Paris");
    expect(english.stats?.outputTokens).toBeGreaterThan(3);
    const chat = await client.chat.get({ chatId: english.chatId });
    expect(chat).toMatchObject({ title: "What is the capital of France?", running: false, leafId: english.id });
    expect(chat.messages).toHaveLength(2);
    const chinese = await ask(client, "法国的首都是哪里?");
    expect(chinese).toMatchObject({ model: { id: "starter" } });
    expect(chinese.text).toContain("巴黎");
  });

  it("keeps reasoning apart", async () => {
    const { generationId } = await client.generation.start({
      kind: "send",
      chatId: null,
      text: "What is 17 + 25?",
      modelId: "starter",
    });
    const { message } = await watch(client, generationId);
    expect(message.reasoning).not.toBe("");
    expect(message.text).toContain("42");
    expect(message.stats?.reasoningTokens).toBeGreaterThan(0);
  });

  it("is the same for ten windows that watch it, also for one that comes late", async () => {
    const { generationId } = await client.generation.start({
      kind: "send",
      chatId: null,
      text: longQuestion,
      sampling: { maxTokens: 80 },
    });
    const windows = Array.from({ length: 10 }, () => desk.connect());
    const texts = await Promise.all(
      windows.map(async (window) => {
        let text = "";
        const end = await watch(window, generationId, (event) => {
          if (event.type === "snapshot") text = event.message.text;
          if (event.type === "delta") text += event.text;
        });
        expect(end.message.text.startsWith(text)).toBe(true);
        return end.message.text;
      }),
    );
    expect(new Set(texts).size).toBe(1);
    const late = await watch(desk.connect(), generationId);
    expect(late.message.text).toBe(texts[0]);
  });

  it("stops when asked, keeps its text, and continues from it", async () => {
    const { generationId, chatId, messageId } = await client.generation.start({
      kind: "send",
      chatId: null,
      text: longQuestion,
    });
    await begun(client, generationId);
    await expect(client.generation.start({ kind: "send", chatId, text: "And?" })).rejects.toMatchObject({
      code: "GENERATION_RUNNING",
    });
    await client.generation.cancel({ generationId });
    const stopped = (await client.chat.get({ chatId })).messages.find(({ id }) => id === messageId);
    expect(stopped).toMatchObject({ status: "stopped", finish: "user" });
    expect(stopped?.text).not.toBe("");
    const next = await client.generation.start({ kind: "continue", chatId, messageId, sampling: { maxTokens: 8 } });
    const { message } = await watch(client, next.generationId);
    expect(message.text.startsWith(stopped?.text ?? "?")).toBe(true);
    expect(message.text.length).toBeGreaterThan(stopped?.text.length ?? 0);
  });

  it("that reached its longest length can go on", async () => {
    const { generationId, chatId, messageId } = await client.generation.start({
      ...{ kind: "send", chatId: null, text: longQuestion, sampling: { maxTokens: 6 } },
    });
    const short = (await watch(client, generationId)).message;
    expect(short.finish).toBe("length");
    const next = await client.generation.start({ kind: "continue", chatId, messageId, sampling: { maxTokens: 6 } });
    const { message } = await watch(client, next.generationId);
    expect(message.text.startsWith(short.text)).toBe(true);
    expect(message.stats?.outputTokens).toBe(12);
  });

  it("can be made again, and the branch chosen", async () => {
    const first = await ask(client, "What is the capital of Italy?");
    const { generationId, chatId } = await client.generation.start({
      kind: "regenerate",
      chatId: first.chatId,
      messageId: first.id,
    });
    const { message: second } = await watch(client, generationId);
    expect(second).toMatchObject({ parentId: first.parentId });
    expect((await client.chat.get({ chatId })).leafId).toBe(second.id);
    await client.chat.selectBranch({ chatId, messageId: first.id });
    expect((await client.chat.get({ chatId })).leafId).toBe(first.id);
  });

  it("counts the prompt as the engine does", async () => {
    const text = "What is the capital of Spain?";
    const count = await client.generation.count({ chatId: null, text });
    const answer = await ask(client, text);
    expect(count?.used).toBe(answer.stats?.promptTokens);
  });
});

describe("bad input", () => {
  it("is refused with numbers before anything is written", async () => {
    const before = (await client.chat.list()).length;
    const start = (text: string) => client.generation.start({ kind: "send", chatId: null, text });
    await expect(start("x".repeat(1_048_577))).rejects.toMatchObject({
      code: "MESSAGE_TOO_LARGE",
      data: { limit: 1_048_576 },
    });
    await expect(start("  \n ")).rejects.toMatchObject({ code: "MESSAGE_EMPTY" });
    await expect(client.generation.start({ kind: "send", chatId: "nope", text: "a" })).rejects.toMatchObject({
      code: "CHAT_NOT_FOUND",
    });
    await expect(
      client.generation.start({ kind: "send", chatId: null, text: "a", modelId: "smolm2-135m-instruct" }),
    ).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      data: { nearest: ["smollm2-135m-instruct"] },
    });
    expect(await client.chat.list()).toHaveLength(before);
  });

  it("over the context fails with the numbers and keeps the question", async () => {
    const answer = await ask(client, `Summarise: ${"word ".repeat(8_000)}`);
    expect(answer).toMatchObject({ status: "failed", error: { code: "CONTEXT_OVERFLOW" } });
    expect(answer.error?.data["promptTokens"]).toBeGreaterThan(4096);
  });

  it("lone surrogates become one replacement character each", async () => {
    const { generationId, chatId } = await client.generation.start({
      kind: "send",
      chatId: null,
      text: "a\ud800b",
      sampling: { maxTokens: 2 },
    });
    await watch(client, generationId);
    expect((await client.chat.get({ chatId })).messages[0]?.text).toBe("a\ufffdb");
  });
});

describe("chats", () => {
  it("go to the trash and back, and are found by what they say", async () => {
    const { chatId } = await ask(client, "Where do pelicans sleep?");
    expect((await client.chat.search({ query: "pelican" })).map(({ chat }) => chat.id)).toEqual([chatId]);
    await client.chat.trash({ chatId });
    expect((await client.chat.list()).some(({ id }) => id === chatId)).toBe(false);
    expect((await client.chat.listTrash()).some(({ id }) => id === chatId)).toBe(true);
    await client.chat.restore({ chatId });
    await client.chat.deleteForever({ chatId });
    await expect(client.chat.get({ chatId })).rejects.toMatchObject({ code: "CHAT_NOT_FOUND" });
  });

  it("keep drafts", async () => {
    await client.chat.saveDraft({ key: "new", text: "half a thought" });
    expect(await client.chat.getDraft({ key: "new" })).toBe("half a thought");
  });
});

describe("an engine that is killed", () => {
  it("fails the answer with what was kept, comes back, and is left alone after three failures in a row", async () => {
    await using fresh = await startBackend();
    const window = fresh.connect();
    for (let failure = 1; failure <= 3; failure++) {
      const { generationId } = await window.generation.start({
        kind: "send",
        chatId: null,
        text: longQuestion,
        modelId: "smollm2-135m-instruct",
      });
      await begun(window, generationId);
      fresh.spawner.children.at(-1)?.kill("SIGKILL");
      const { type, message } = await watch(window, generationId);
      expect(type).toBe("failed");
      expect(message.text).not.toBe("");
      expect(message.error?.code).toBe(failure < 3 ? "ENGINE_CRASHED" : "ENGINE_GAVE_UP");
    }
    expect((await window.model.engines())[0]).toMatchObject({ phase: "gave-up", failures: 3 });
    // The other model answers meanwhile, and asking for another try works.
    expect((await ask(window, "What is the capital of France?")).model?.id).toBe("starter");
    await window.model.load({ modelId: "smollm2-135m-instruct" });
    const again = await window.generation.start({
      kind: "send",
      chatId: null,
      text: "Hi",
      modelId: "smollm2-135m-instruct",
      sampling: { maxTokens: 4 },
    });
    expect((await watch(window, again.generationId)).type).toBe("done");
  });
});

describe("two starts in one chat at the same moment", () => {
  it("write one turn; the other is told that an answer runs", async () => {
    const { chatId } = await ask(client, "Hello");
    const starts = await Promise.allSettled(
      [1, 2, 3].map((nth) => client.generation.start({ kind: "send", chatId, text: `At once ${nth}` })),
    );
    const started = starts.filter((start) => start.status === "fulfilled");
    expect(started).toHaveLength(1);
    for (const start of starts) {
      if (start.status === "rejected") expect(isDesksideError(start.reason, "GENERATION_RUNNING")).toBe(true);
    }
    await client.generation.cancel({ generationId: started[0]?.value.generationId ?? "" });
    expect((await client.chat.get({ chatId })).messages).toHaveLength(4);
  });
});

describe("settings", () => {
  it("are kept, checked, reset, and fixed by policy", async () => {
    await using fresh = await startBackend({ policy: { "general.theme": "dark" } });
    const window = fresh.connect();
    await window.settings.set({ key: "general.language", value: "zh-CN" });
    const entries = Object.fromEntries((await window.settings.list()).map((entry) => [entry.key, entry]));
    expect(entries["general.language"]).toMatchObject({ value: "zh-CN", locked: false });
    expect(entries["general.theme"]).toMatchObject({ value: "dark", locked: true });
    await expect(window.settings.set({ key: "general.theme", value: "light" })).rejects.toMatchObject({
      code: "SETTING_LOCKED",
    });
    const wrong = await window.settings.set({ key: "general.zoom", value: 1000 }).catch((error: unknown) => error);
    expect(isDesksideError(wrong, "INVALID_INPUT")).toBe(true);
    await window.settings.resetSection({ section: "general" });
    expect((await window.settings.list()).find(({ key }) => key === "general.language")?.value).toBe("system");
  });
});

describe("closing", () => {
  it("in the middle of a start leaves no process behind", async () => {
    for (const delay of [0, 5, 50, 300, 1_200]) {
      const fresh = await startBackend();
      const { engines } = fresh.backend.services;
      const loading = engines.load("starter").then(
        () => "loaded",
        (error: { code: string }) => error.code,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await fresh[Symbol.asyncDispose]();
      expect(["loaded", "MODEL_NOT_LOADED", "ENGINE_CRASHED"]).toContain(await loading);
      const left = fresh.spawner.children.filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      );
      expect(left.map(({ pid }) => pid)).toEqual([]);
    }
  });
});

describe("nothing leaves", () => {
  it("and what tries is in the record", async () => {
    const { egress } = desk.backend.services;
    await expect(
      egress.request({ url: "https://example.org/", purpose: "update", caller: "test" }),
    ).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect((await client.system.egress({ limit: 10 }))[0]).toMatchObject({ host: "example.org", result: "blocked" });
  });
});
