import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chat } from "@deskside/contract";
import { readDocument } from "@deskside/knowledge/parser";
import type { DocumentParser } from "@deskside/knowledge";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startBackend, type TestBackend } from "../test/start-backend.ts";

const parser: DocumentParser = {
  read: ({ name, bytes, ocrLanguages, password }) =>
    readDocument(
      { bytes, name },
      { resources: null, ocrLanguages, password, maximumPages: 10, maximumCharacters: 1e6 },
    ),
  [Symbol.asyncDispose]: async () => undefined,
};

let dataDir: string;
let backend: TestBackend;
let client: ReturnType<TestBackend["connect"]>;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "deskside-forget-"));
  backend = await startBackend({ parser, dataDir });
  client = backend.connect();
});
afterEach(async () => {
  await backend[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const kept = () => readdirSync(join(dataDir, "files"));

async function upload(collectionId: string, path: string, text: string) {
  const bytes = Buffer.from(text);
  const { uploadId } = await client.knowledge.upload.start({ collectionId, path, bytes: bytes.length });
  await client.knowledge.upload.piece({ uploadId, offset: 0, data: bytes.toString("base64") });
  return client.knowledge.upload.finish({ uploadId });
}

/** A chat that was asked something, answered or not. */
async function newChat(): Promise<Chat> {
  const { chatId, generationId } = await client.generation.start({ kind: "send", chatId: null, text: "Hello" });
  await client.generation.cancel({ generationId });
  const chat = (await client.chat.list()).find(({ id }) => id === chatId);
  if (!chat) throw new Error("no chat");
  return chat;
}

it("the copy of a removed document goes, unless another document has the same content", async () => {
  const one = await client.knowledge.collections.create({ name: "One" });
  const two = await client.knowledge.collections.create({ name: "Two" });
  const a = await upload(one.id, "a.txt", "The canteen opens at noon.");
  const b = await upload(two.id, "b.txt", "The canteen opens at noon.");
  await upload(two.id, "c.txt", "The gate opens at six.");
  expect(kept()).toHaveLength(2);
  await client.knowledge.documents.remove({ documentIds: [a.id] });
  expect(kept()).toHaveLength(2);
  await client.knowledge.documents.remove({ documentIds: [b.id] });
  expect(kept()).toHaveLength(1);
  await client.knowledge.collections.remove({ collectionId: two.id });
  expect(kept()).toEqual([]);
});

it("files of a chat go with the chat, not before it is deleted for good", async () => {
  const chat = await newChat();
  const { id } = await client.knowledge.chatCollection({ chatId: chat.id });
  await upload(id, "a.txt", "The canteen opens at noon.");
  await client.chat.trash({ chatId: chat.id });
  expect(kept()).toHaveLength(1);
  await client.chat.deleteForever({ chatId: chat.id });
  expect(kept()).toEqual([]);
  await expect(client.knowledge.collections.get({ collectionId: id })).rejects.toMatchObject({
    code: "COLLECTION_NOT_FOUND",
  });
});

it("files of a chat that went while nobody looked are found at the next start; those before a chat are kept", async () => {
  const chat = await newChat();
  const own = await client.knowledge.chatCollection({ chatId: chat.id });
  const waiting = await client.knowledge.chatCollection({ chatId: "new" });
  const orphan = await client.knowledge.chatCollection({ chatId: "chat_gone" });
  await upload(own.id, "a.txt", "one");
  await upload(waiting.id, "b.txt", "two");
  await upload(orphan.id, "c.txt", "three");
  expect(kept()).toHaveLength(3);
  await backend[Symbol.asyncDispose]();
  backend = await startBackend({ parser, dataDir });
  expect(kept()).toHaveLength(2);
});
