import { afterEach, beforeEach, expect, test } from "vitest";
import { localUser } from "../principal.ts";
import { errorOf } from "../test/expect-error.ts";
import {
  createTestClock,
  openIn,
  someStats,
  type TemporaryFolder,
  temporaryFolder,
  testModel,
} from "../test/temporary-workspace.ts";
import type { Workspace } from "../workspace/workspace.ts";

let folder: TemporaryFolder;
let workspace: Workspace;
let chatId: string;
const clock = createTestClock();
beforeEach(() => {
  folder = temporaryFolder();
  workspace = openIn(folder.path, { clock });
  chatId = workspace.chats.create(localUser, { modelId: null }).id;
});
afterEach(() => {
  workspace.close();
  folder[Symbol.dispose]();
});

const ask = (text: string, parentId: string | null = null) =>
  workspace.messages.insertUser(localUser, { chatId, parentId, text });
const answer = (parentId: string | null, params = {}) =>
  workspace.messages.insertAssistant(localUser, { chatId, parentId, model: testModel, params });
const end = { status: "complete", finish: "end", error: null, stats: someStats } as const;

test("a turn and its answer, from the first word to the last", () => {
  const user = ask("Capital of France?");
  expect(user).toMatchObject({ role: "user", status: "complete", finish: null, model: null, generationId: null });
  const running = answer(user.id, { temperature: 0.2, seed: 7 });
  expect(running).toMatchObject({ role: "assistant", status: "running", text: "", reasoning: "", model: testModel });
  const generationId = running.generationId ?? "";
  expect(workspace.generations.get(localUser, generationId)).toMatchObject({
    ...{ chatId, messageId: running.id, model: testModel, params: { temperature: 0.2, seed: 7 } },
    ...{ state: "running", startedAt: clock.now(), endedAt: null, stats: null, error: null },
  });
  const text = { messageId: running.id, text: "Par", reasoning: "It is", stats: someStats };
  workspace.messages.appendRunning(localUser, text);
  expect(workspace.messages.get(localUser, running.id)).toMatchObject({
    text: "Par",
    reasoning: "It is",
    stats: someStats,
  });
  clock.advance(250);
  const done = workspace.messages.finish(localUser, { messageId: running.id, ...end, text: "Paris." });
  expect(done).toMatchObject({ ...end, text: "Paris.", reasoning: "It is", generationId: null });
  expect(workspace.generations.get(localUser, generationId)).toMatchObject({
    ...{ state: "complete", endedAt: clock.now(), stats: someStats, error: null },
  });
  expect(
    errorOf(() => workspace.messages.appendRunning(localUser, text)),
    "an ended answer takes no more text",
  ).toMatchObject({
    code: "MESSAGE_NOT_FOUND",
  });
});

test("an error is kept as data; null statistics keep what was measured before", () => {
  const { id, generationId } = answer(null);
  workspace.messages.appendRunning(localUser, { messageId: id, text: "a", reasoning: "", stats: someStats });
  const error = { code: "ENGINE_GONE", kind: "unavailable", data: { exitCode: 139 } } as const;
  const failed = workspace.messages.finish(localUser, {
    messageId: id,
    status: "failed",
    finish: "error",
    error,
    stats: null,
  });
  expect(failed).toMatchObject({ status: "failed", finish: "error", error, stats: someStats, text: "a" });
  expect(workspace.generations.get(localUser, generationId ?? "")).toMatchObject({ state: "failed", error });
});

test("continuing an answer keeps its text and records a second generation", () => {
  const { id, generationId: first } = answer(null);
  workspace.messages.finish(localUser, { messageId: id, ...end, status: "stopped", finish: "user", text: "half" });
  const resumed = workspace.messages.resume(localUser, { messageId: id, model: testModel, params: { seed: 1 } });
  expect(resumed).toMatchObject({ id, status: "running", finish: null, text: "half" });
  expect(resumed.generationId).not.toBe(first);
  expect(
    errorOf(() => workspace.messages.resume(localUser, { messageId: id, model: testModel, params: {} })),
  ).toMatchObject({
    code: "NOT_CONTINUABLE",
  });
  workspace.messages.finish(localUser, { messageId: id, ...end, text: "half and half" });
  const generations = workspace.generations.listByMessage(localUser, id);
  expect(
    generations.map(({ state }) => state),
    "the first generation keeps its own end",
  ).toEqual(["stopped", "complete"]);
  expect(workspace.generations.listByChat(localUser, chatId)).toEqual(generations);
  const user = ask("x");
  expect(
    errorOf(() => workspace.messages.resume(localUser, { messageId: user.id, model: testModel, params: {} })),
  ).toMatchObject({
    code: "NOT_CONTINUABLE",
  });
});

test("the tree: path, children and the newest leaf of every branch", () => {
  const a = ask("a");
  const b1 = answer(a.id);
  const b2 = answer(a.id);
  const c1 = ask("c1", b1.id);
  const c2 = ask("c2", b2.id);
  const d1 = ask("d1", c1.id);
  const other = ask("another root");
  const idsOf = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);
  expect(idsOf(workspace.messages.path(localUser, d1.id))).toEqual([a.id, b1.id, c1.id, d1.id]);
  expect(idsOf(workspace.messages.path(localUser, a.id))).toEqual([a.id]);
  expect(idsOf(workspace.messages.children(localUser, { chatId, parentId: null }))).toEqual([a.id, other.id]);
  expect(idsOf(workspace.messages.children(localUser, { chatId, parentId: a.id }))).toEqual([b1.id, b2.id]);
  expect(workspace.messages.newestLeafBelow(localUser, a.id).id).toBe(d1.id);
  expect(workspace.messages.newestLeafBelow(localUser, b2.id).id).toBe(c2.id);
  expect(workspace.messages.newestLeafBelow(localUser, d1.id).id).toBe(d1.id);
  expect(workspace.chats.get(localUser, chatId).leafId).toBe(other.id);
});

test("a parent of another chat, or none, is refused and nothing is written", () => {
  const elsewhere = workspace.chats.create(localUser, { modelId: null });
  const foreign = workspace.messages.insertUser(localUser, { chatId: elsewhere.id, parentId: null, text: "x" });
  expect(errorOf(() => ask("y", foreign.id))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  expect(errorOf(() => ask("y", "msg_none"))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  const lost = { chatId: "chat_none", parentId: null, text: "y" };
  expect(errorOf(() => workspace.messages.insertUser(localUser, lost))).toMatchObject({ code: "CHAT_NOT_FOUND" });
  expect(workspace.chats.get(localUser, chatId).messageCount).toBe(0);
});

test("text comes back byte for byte, a megabyte and odd characters too; lone surrogates become U+FFFD", () => {
  for (const text of [
    "",
    "\0 \u0001 \u2028 \ufeff 'quote' \"double\" %_\\",
    "词".repeat(349_525),
    "👩‍👩‍👧‍👦\r\n\t",
    "e\u0301",
  ]) {
    expect(workspace.messages.get(localUser, ask(text).id).text).toBe(text);
  }
  const { id } = answer(null);
  workspace.messages.appendRunning(localUser, {
    messageId: id,
    text: "a\ud83d",
    reasoning: "\udc00b",
    stats: someStats,
  });
  expect(workspace.messages.get(localUser, id)).toMatchObject({ text: "a\ufffd", reasoning: "\ufffdb" });
  expect(ask("x\udfff").text).toBe("x\ufffd");
});

test("what ran when the process ended is stopped and keeps its text", () => {
  const { id, generationId } = answer(ask("q").id);
  workspace.messages.appendRunning(localUser, { messageId: id, text: "partial", reasoning: "r", stats: someStats });
  const finished = answer(null);
  workspace.messages.finish(localUser, { messageId: finished.id, ...end });
  expect(workspace.messages.markInterrupted()).toBe(1);
  expect(workspace.messages.markInterrupted()).toBe(0);
  expect(workspace.messages.get(localUser, id)).toMatchObject({
    ...{
      status: "stopped",
      finish: "interrupted",
      text: "partial",
      reasoning: "r",
      stats: someStats,
      generationId: null,
    },
  });
  expect(workspace.generations.get(localUser, generationId ?? "")).toMatchObject({
    ...{ state: "stopped", endedAt: clock.now(), stats: someStats },
  });
  expect(workspace.messages.get(localUser, finished.id).status).toBe("complete");
});

test("a transaction is all or nothing; a failed part inside can be survived", () => {
  expect(() =>
    workspace.transaction(() => {
      ask("undone");
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(workspace.chats.get(localUser, chatId).messageCount).toBe(0);
  workspace.transaction(() => {
    ask("kept");
    expect(() =>
      workspace.transaction(() => {
        ask("undone");
        throw new Error("inner");
      }),
    ).toThrow("inner");
  });
  const { messages } = workspace.chats.getWithMessages(localUser, chatId);
  expect(messages.map(({ text }) => text)).toEqual(["kept"]);
});
