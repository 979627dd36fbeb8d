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

describe("search", () => {
  const find = (query: string, limit = 50) => workspace.chats.search(localUser, query, limit);

  test("finds titles and texts, in English and Chinese, whatever the case", () => {
    const english = newChat("Paris trip", "What is the Capital of France?");
    const chinese = newChat("旅行", "法国的首都是哪里?");
    const accents = newChat("", "Über ÉTÉ und Ärger");
    expect(ids(find("paris").map(({ chat }) => chat))).toEqual([english]);
    expect(find("PARIS")[0]).toMatchObject({ snippet: null, messageId: null });
    expect(ids(find("capital of").map(({ chat }) => chat))).toEqual([english]);
    expect(ids(find("首都").map(({ chat }) => chat))).toEqual([chinese]);
    expect(ids(find("法").map(({ chat }) => chat))).toEqual([chinese]);
    expect(ids(find("über été").map(({ chat }) => chat))).toEqual([accents]);
    expect(find("nowhere")).toEqual([]);
  });

  test("takes every character of the query for itself", () => {
    const odd = newChat("", "100% of_it \\ costs $5 (a.b) [x]^* 399-49 'q' \"r\"");
    newChat("", "100 percent of it costs 5 dollars, a-b x 39949 q r");
    for (const query of ["100%", "of_it", "\\", "$5", "(a.b)", "[x]^*", "399-49", "'q'", '"r"', "%", "_"]) {
      expect([query, ids(find(query).map(({ chat }) => chat))]).toEqual([query, [odd]]);
    }
    expect(find("")).toEqual([]);
    expect(find("   ")).toEqual([]);
    expect(find("\ud800")).toEqual([]);
  });

  test("newest chats first, one hit a chat, its newest message, not those in the trash", () => {
    const [a, b, c] = [newChat("", "needle 1", "needle 2"), newChat("needle"), newChat("", "needle 3")];
    workspace.chats.touch(localUser, a);
    expect(ids(find("needle").map(({ chat }) => chat))).toEqual([a, c, b]);
    expect(find("needle")[0]?.snippet).toBe("needle 2");
    expect(find("needle")[0]?.messageId).toBe(workspace.chats.get(localUser, a).leafId);
    expect(ids(find("needle", 2).map(({ chat }) => chat))).toEqual([a, c]);
    workspace.chats.trash(localUser, a);
    expect(ids(find("needle").map(({ chat }) => chat))).toEqual([c, b]);
  });

  test("a snippet is about 120 characters around the hit, on one line, and contains it", () => {
    const filler = "word 词语😀 \n".repeat(300);
    newChat("", `${filler}The NEEDLE is here${filler}`);
    const snippet = find("needle is")[0]?.snippet ?? "";
    expect(snippet).toContain("NEEDLE is");
    expect(snippet).not.toContain("\n");
    expect(snippet.isWellFormed()).toBe(true);
    expect(snippet.length).toBeGreaterThan(90);
    expect(snippet.length).toBeLessThan(140);
    expect(snippet.startsWith("…") && snippet.endsWith("…")).toBe(true);
    newChat("", "short hit at the end: zebra");
    expect(find("ZEBRA")[0]?.snippet).toBe("short hit at the end: zebra");
    const long = "q".repeat(400);
    newChat("", `a ${long} b`);
    expect(find(long)[0]?.snippet).toContain(long);
    newChat("", `${"İ".repeat(200)} ünlü Stadt`);
    expect(find("ünlü")[0]?.snippet).toContain("ünlü");
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
