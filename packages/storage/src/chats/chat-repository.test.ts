import { defaultSettings } from "@deskside/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
const clock = createTestClock();
beforeEach(() => {
  folder = temporaryFolder();
  workspace = openIn(folder.path, { clock });
});
afterEach(() => {
  workspace.close();
  folder[Symbol.dispose]();
});

function newChat(title: string, ...texts: string[]): string {
  const chat = workspace.chats.create(localUser, { modelId: null });
  if (title) workspace.chats.rename(localUser, chat.id, title);
  let parentId: string | null = null;
  for (const text of texts) parentId = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId, text }).id;
  return chat.id;
}

const ids = (chats: readonly { id: string }[]) => chats.map(({ id }) => id);

test("a chat begins untitled and empty; figures follow its messages", () => {
  const chat = workspace.chats.create(localUser, { modelId: "m" });
  expect(chat).toMatchObject({ title: "", titledBy: "nobody", modelId: "m", leafId: null, running: false });
  expect(chat).toMatchObject({ messageCount: 0, trashedAt: null, createdAt: clock.now(), updatedAt: clock.now() });
  clock.advance(5);
  const user = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: "hello" });
  const place = { chatId: chat.id, parentId: user.id, model: testModel, params: {} };
  const answer = workspace.messages.insertAssistant(localUser, place);
  const running = { running: true, messageCount: 2, leafId: answer.id, updatedAt: clock.now() };
  expect(workspace.chats.get(localUser, chat.id)).toMatchObject(running);
  const end = { messageId: answer.id, status: "complete", finish: "end", error: null, stats: someStats } as const;
  workspace.messages.finish(localUser, end);
  expect(workspace.chats.get(localUser, chat.id).running).toBe(false);
});

test("the list follows what was written to last, even when the clock goes back", () => {
  const [a, b, c] = [newChat("a"), newChat("b"), newChat("c")];
  expect(ids(workspace.chats.list(localUser))).toEqual([c, b, a]);
  clock.advance(-86_400_000);
  workspace.messages.insertUser(localUser, { chatId: a, parentId: null, text: "x" });
  workspace.chats.touch(localUser, b);
  expect(ids(workspace.chats.list(localUser))).toEqual([b, a, c]);
  workspace.chats.rename(localUser, c, "renaming moves nothing");
  workspace.chats.setModel(localUser, c, "other");
  expect(ids(workspace.chats.list(localUser))).toEqual([b, a, c]);
});

test("a title made from the exchange never replaces one the user gave", () => {
  const chat = newChat("");
  expect(workspace.chats.setTitleIfUntitled(localUser, chat, "  First  ")).toMatchObject({
    ...{ title: "First", titledBy: "exchange" },
  });
  expect(workspace.chats.setTitleIfUntitled(localUser, chat, "Second").title).toBe("First");
  expect(workspace.chats.rename(localUser, chat, "Mine")).toMatchObject({ title: "Mine", titledBy: "user" });
  expect(workspace.chats.setTitleIfUntitled(localUser, chat, "Third").title).toBe("Mine");
  const long = workspace.chats.rename(localUser, chat, "😀".repeat(300)).title;
  expect(long.isWellFormed()).toBe(true);
  expect(long.length).toBeLessThanOrEqual(200);
});

test("trash, restore, delete for good, and the purge of what is old", () => {
  const [kept, old, young] = [newChat("kept"), newChat("old", "x"), newChat("young")];
  workspace.drafts.save(localUser, old, "unsent");
  workspace.chats.trash(localUser, old);
  const trashedAt = clock.now();
  clock.advance(1000);
  workspace.chats.trash(localUser, young);
  expect(workspace.chats.trash(localUser, old).trashedAt, "trashing again does not renew the time").toBe(trashedAt);
  expect(ids(workspace.chats.list(localUser))).toEqual([kept]);
  expect(ids(workspace.chats.listTrash(localUser))).toEqual([young, old]);
  expect(workspace.chats.restore(localUser, young).trashedAt).toBeNull();
  expect(workspace.chats.purgeTrash(localUser, trashedAt)).toBe(0);
  expect(workspace.chats.purgeTrash(localUser, trashedAt + 1)).toBe(1);
  expect(workspace.chats.listTrash(localUser)).toEqual([]);
  expect(workspace.drafts.get(localUser, old)).toBe("");
  expect(errorOf(() => workspace.chats.get(localUser, old))).toMatchObject({ code: "CHAT_NOT_FOUND" });
  workspace.chats.deleteForever(localUser, kept);
  expect(ids(workspace.chats.list(localUser))).toEqual([young]);
});

test("deleting a chat takes its messages and generations along", () => {
  const chat = newChat("gone", "x");
  const parentId = workspace.chats.get(localUser, chat).leafId;
  const answer = workspace.messages.insertAssistant(localUser, {
    chatId: chat,
    parentId,
    model: testModel,
    params: {},
  });
  workspace.chats.deleteForever(localUser, chat);
  expect(errorOf(() => workspace.messages.get(localUser, answer.id))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  const generationId = answer.generationId ?? "";
  expect(errorOf(() => workspace.generations.get(localUser, generationId))).toMatchObject({
    code: "GENERATION_NOT_FOUND",
  });
  const late = { messageId: answer.id, text: "late", reasoning: "", stats: someStats };
  expect(errorOf(() => workspace.messages.appendRunning(localUser, late))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
});

test("the shown leaf must be a message of the chat", () => {
  const chat = newChat("a", "one", "two");
  const other = newChat("b", "three");
  const [first] = workspace.chats.getWithMessages(localUser, chat).messages;
  expect(workspace.chats.setLeaf(localUser, chat, first?.id ?? "").leafId).toBe(first?.id);
  const foreign = workspace.chats.get(localUser, other).leafId ?? "";
  expect(errorOf(() => workspace.chats.setLeaf(localUser, chat, foreign))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  expect(errorOf(() => workspace.chats.setLeaf(localUser, "chat_x", foreign))).toMatchObject({
    code: "CHAT_NOT_FOUND",
  });
});

describe("organising", () => {
  const chat = (id: string) => workspace.chats.get(localUser, id);

  test("folders, pins, the archive and tags are kept; what is absent stays", () => {
    const [a, b] = [newChat("a"), newChat("b")];
    const { id: folderId } = workspace.folders.create(localUser, " Maintenance ");
    workspace.chats.organise(localUser, [a, b], { folderId, pinned: true, tags: ["pump", " pump ", "2026"] });
    expect(chat(a)).toMatchObject({ folderId, pinnedAt: clock.now(), archivedAt: null, tags: ["pump", "2026"] });
    const pinnedAt = clock.now();
    clock.advance(10);
    workspace.chats.organise(localUser, [a], { pinned: true, archived: true });
    expect(chat(a)).toMatchObject({ folderId, pinnedAt, archivedAt: clock.now(), tags: ["pump", "2026"] });
    workspace.chats.organise(localUser, [a], { folderId: null, pinned: false, archived: false, tags: [] });
    expect(chat(a)).toMatchObject({ folderId: null, pinnedAt: null, archivedAt: null, tags: [] });
    expect(workspace.folders.list(localUser)).toMatchObject([{ id: folderId, name: "Maintenance" }]);
  });

  test("several chats at once, or none of them", () => {
    const a = newChat("a");
    expect(errorOf(() => workspace.chats.organise(localUser, [a, "chat_x"], { pinned: true }))).toMatchObject({
      code: "CHAT_NOT_FOUND",
    });
    expect(errorOf(() => workspace.chats.organise(localUser, [a], { folderId: "folder_x" }))).toMatchObject({
      code: "FOLDER_NOT_FOUND",
    });
    expect(chat(a)).toMatchObject({ pinnedAt: null, folderId: null });
  });

  test("a folder that goes leaves its chats", () => {
    const a = newChat("a");
    const { id: folderId } = workspace.folders.create(localUser, "Old");
    workspace.chats.organise(localUser, [a], { folderId });
    workspace.folders.rename(localUser, folderId, "Older");
    workspace.folders.remove(localUser, folderId);
    expect(workspace.folders.list(localUser)).toEqual([]);
    expect(chat(a).folderId).toBeNull();
  });
});

test("what a person fixed for a chat is kept, goes along into a fork, and can be taken back", () => {
  const id = newChat("a", "hello");
  const steering = { instructions: "Answer in one sentence.", sampling: { temperature: 0.2, stop: ["END"] } };
  expect(workspace.chats.get(localUser, id).steering).toBeNull();
  expect(workspace.chats.setSteering(localUser, id, steering).steering).toEqual(steering);
  const { leafId } = workspace.chats.get(localUser, id);
  expect(workspace.chats.fork(localUser, leafId ?? "", "b").steering).toEqual(steering);
  expect(workspace.chats.setSteering(localUser, id, null).steering).toBeNull();
});

describe("branches", () => {
  function answered(): { chatId: string; questionId: string; answerId: string } {
    const chatId = newChat("Pumps", "Which pump?");
    const questionId = workspace.chats.get(localUser, chatId).leafId ?? "";
    const place = { chatId, parentId: questionId, model: testModel, params: {} };
    const { id: answerId } = workspace.messages.insertAssistant(localUser, place);
    const end = { status: "complete", finish: "end", error: null, stats: someStats, text: "P-103." } as const;
    workspace.messages.finish(localUser, { messageId: answerId, ...end });
    return { chatId, questionId, answerId };
  }

  test("an answer in other words is another version, and the first one stays", () => {
    const { chatId, questionId, answerId } = answered();
    const edited = workspace.messages.insertEdited(localUser, { messageId: answerId, text: "P-104." });
    expect(edited).toMatchObject({
      parentId: questionId,
      text: "P-104.",
      origin: "edited",
      model: null,
      finish: "end",
    });
    expect(workspace.chats.get(localUser, chatId).leafId).toBe(edited.id);
    expect(workspace.messages.get(localUser, answerId).text).toBe("P-103.");
    expect(
      errorOf(() => workspace.messages.insertEdited(localUser, { messageId: questionId, text: "x" })),
    ).toMatchObject({ code: "NOT_EDITABLE" });
  });

  test("a fork carries the branch with its figures into a chat of its own", () => {
    const { chatId, answerId } = answered();
    const { id: folderId } = workspace.folders.create(localUser, "Plant");
    workspace.chats.organise(localUser, [chatId], { folderId, tags: ["pump"] });
    const later = workspace.messages.insertUser(localUser, { chatId, parentId: answerId, text: "And then?" });
    const fork = workspace.chats.fork(localUser, answerId, "Pumps, again");
    expect(fork).toMatchObject({ title: "Pumps, again", folderId, tags: ["pump"], messageCount: 2 });
    const copies = workspace.messages.path(localUser, fork.leafId ?? "");
    expect(copies.map(({ text }) => text)).toEqual(["Which pump?", "P-103."]);
    expect(copies[1]).toMatchObject({ stats: someStats, model: testModel, status: "complete" });
    expect(copies.map(({ id }) => id)).not.toContain(answerId);
    workspace.chats.deleteForever(localUser, chatId);
    expect(workspace.messages.path(localUser, fork.leafId ?? "")).toHaveLength(2);
    expect(errorOf(() => workspace.messages.get(localUser, later.id))).toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  });

  test("what is being written is not carried into a fork", () => {
    const { chatId, questionId } = answered();
    const place = { chatId, parentId: questionId, model: testModel, params: {} };
    const running = workspace.messages.insertAssistant(localUser, place);
    expect(workspace.chats.fork(localUser, running.id, "x")).toMatchObject({ messageCount: 1, running: false });
  });
});

test("drafts and settings keep what fits, and only that", () => {
  workspace.drafts.save(localUser, "new", "half a \ud83d thought");
  expect(workspace.drafts.get(localUser, "new")).toBe("half a \ufffd thought");
  workspace.drafts.save(localUser, "new", "");
  expect(workspace.drafts.get(localUser, "new")).toBe("");
  expect(errorOf(() => workspace.drafts.save(localUser, "a.b", "x"))).toMatchObject({ code: "INVALID_INPUT" });
  expect(workspace.settings.getAll(localUser)).toEqual({});
  expect(workspace.settings.set(localUser, "general.zoom", 150)).toBe(150);
  expect(errorOf(() => workspace.settings.set(localUser, "general.zoom", 1000))).toMatchObject({
    code: "INVALID_INPUT",
  });
  expect(workspace.settings.get(localUser, "general.zoom")).toBe(150);
  expect({ ...defaultSettings, ...workspace.settings.getAll(localUser) }).toEqual({
    ...defaultSettings,
    "general.zoom": 150,
  });
  workspace.settings.remove(localUser, ["general.zoom", "general.theme"]);
  expect(workspace.settings.get(localUser, "general.zoom")).toBeUndefined();
});

test("the outbound record keeps the order of events and the first outcome", () => {
  const target = { host: "models.example", port: 443, purpose: "download", caller: "model-library" };
  const first = workspace.egress.append(localUser, target);
  clock.advance(-1000);
  const second = workspace.egress.append(localUser, { ...target, host: "other.example" });
  expect(first).toMatchObject({ ...target, result: "open", reason: null, sentBytes: 0, receivedBytes: 0 });
  const outcome = { result: "ok", reason: null, sentBytes: 120, receivedBytes: 5_000_000_000 } as const;
  expect(workspace.egress.finish(localUser, first.id, outcome)).toBe(true);
  expect(workspace.egress.finish(localUser, first.id, { ...outcome, result: "failed" })).toBe(false);
  expect(workspace.egress.finish(localUser, "egr_x", outcome)).toBe(false);
  expect(ids(workspace.egress.list(localUser, 10))).toEqual([second.id, first.id]);
  expect(workspace.egress.list(localUser, 10)[1]).toMatchObject(outcome);
  expect(workspace.egress.list(localUser, 1)).toHaveLength(1);
});
