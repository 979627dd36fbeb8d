import type { Message } from "@deskside/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBackend, type TestBackend } from "../test/start-backend.ts";

let backend: TestBackend;
let client: ReturnType<TestBackend["connect"]>;
beforeAll(async () => {
  backend = await startBackend();
  client = backend.connect();
});
afterAll(() => backend[Symbol.asyncDispose]());

const modelId = "smollm2-135m-instruct";

async function answer(input: Parameters<typeof client.generation.start>[0]): Promise<Message> {
  const { generationId } = await client.generation.start(input);
  for await (const event of await client.generation.watch({ generationId }))
    if ("message" in event && event.type !== "snapshot") return event.message;
  throw new Error("no end");
}

it("a chat that is made with instructions and limits keeps them, for every answer", async () => {
  const steering = { instructions: "You are terse.", sampling: { temperature: 0, maxTokens: 6 } };
  const text = "Count from one to fifty.";
  const first = await answer({ kind: "send", chatId: null, text, modelId, steering });
  expect(first).toMatchObject({ finish: "length", stats: { outputTokens: 6 } });
  expect((await client.chat.get({ chatId: first.chatId })).steering).toEqual(steering);
  const again = await answer({ kind: "regenerate", chatId: first.chatId, messageId: first.id });
  // Temperature 0 was fixed: asking again draws the same words.
  expect(again.text).toBe(first.text);
  await client.chat.steer({ chatId: first.chatId, steering: null });
  const free = await answer({ kind: "send", chatId: first.chatId, text, sampling: { maxTokens: 9 } });
  expect(free.stats?.outputTokens).toBeGreaterThan(6);
});

it("an answer ends before a text it is told to stop at", async () => {
  const text = "What is the capital of France?";
  const plain = await answer({ kind: "send", chatId: null, text, modelId, sampling: { temperature: 0 } });
  const word = plain.text.split(" ")[2] ?? "";
  expect(word).not.toBe("");
  const steering = { instructions: null, sampling: { temperature: 0, stop: [word] } };
  const stopped = await answer({ kind: "send", chatId: null, text, modelId, steering });
  expect(stopped.finish).toBe("stop-text");
  expect(stopped.text).not.toContain(word);
});

it("the counter counts the instructions, before and after the chat exists", async () => {
  const steering = { instructions: "Answer as a plant engineer would, in two sentences.", sampling: { maxTokens: 4 } };
  const count = async (chatId: string | null, own: typeof steering | null) =>
    (await client.generation.count({ chatId, text: "Hello", modelId, steering: own }))?.used ?? 0;
  const bare = await count(null, null);
  const steered = await count(null, steering);
  expect(steered).toBeGreaterThan(bare);
  const { chatId, stats } = await answer({ kind: "send", chatId: null, text: "Hello", modelId, steering });
  expect(stats?.promptTokens).toBe(steered);
  expect(await count(chatId, null)).toBeGreaterThan(steered);
});

it("a question in other words is asked on a branch of its own, the first one too", async () => {
  const first = await answer({ kind: "send", chatId: null, text: "Say one.", modelId, sampling: { maxTokens: 3 } });
  const { chatId } = first;
  const other = await answer({
    kind: "edit",
    chatId,
    messageId: first.parentId ?? "",
    text: "Say two.",
    sampling: { maxTokens: 3 },
  });
  const { messages, leafId } = await client.chat.get({ chatId });
  expect(messages.filter(({ parentId }) => parentId === null).map(({ text }) => text)).toEqual([
    "Say one.",
    "Say two.",
  ]);
  expect(leafId).toBe(other.id);
  const edit = { kind: "edit" as const, chatId, messageId: other.id, text: "x" };
  await expect(client.generation.start(edit)).rejects.toMatchObject({ code: "NOT_EDITABLE" });
  await expect(client.generation.start({ ...edit, messageId: other.parentId ?? "", text: " " })).rejects.toMatchObject({
    code: "MESSAGE_EMPTY",
  });
});
