import type { ChatFilter } from "@deskside/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localUser } from "../principal.ts";
import {
  createTestClock,
  openIn,
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

describe("search", () => {
  const find = (query: string, filter: ChatFilter = {}, limit = 50) =>
    workspace.chats.search(localUser, { query, filter, limit });
  const found = async (query: string, filter: ChatFilter = {}) =>
    ids((await find(query, filter)).map(({ chat }) => chat));

  test("finds titles and texts, in English and Chinese, whatever the case", async () => {
    const english = newChat("Paris trip", "What is the Capital of France?");
    const chinese = newChat("旅行", "法国的首都是哪里?");
    const accents = newChat("", "Über ÉTÉ und Ärger");
    expect(await found("paris")).toEqual([english]);
    expect((await find("PARIS"))[0]).toMatchObject({ snippet: null, messageId: null });
    expect(await found("capital of")).toEqual([english]);
    expect(await found("首都")).toEqual([chinese]);
    expect(await found("法")).toEqual([chinese]);
    expect(await found("über été")).toEqual([accents]);
    expect(await find("nowhere")).toEqual([]);
  });

  test("takes every character of the query for itself", async () => {
    const odd = newChat("", "100% of_it \\ costs $5 (a.b) [x]^* 399-49 'q' \"r\"");
    newChat("", "100 percent of it costs 5 dollars, a-b x 39949 q r");
    for (const query of ["100%", "of_it", "\\", "$5", "(a.b)", "[x]^*", "399-49", "'q'", '"r"', "%", "_"]) {
      expect([query, await found(query)]).toEqual([query, [odd]]);
    }
    expect(await find("")).toEqual([]);
    expect(await find("   ")).toEqual([]);
    expect(await find("\ud800")).toEqual([]);
  });

  test("newest chats first, one hit a chat, its newest message, not those in the trash", async () => {
    const [a, b, c] = [newChat("", "needle 1", "needle 2"), newChat("needle"), newChat("", "needle 3")];
    workspace.chats.touch(localUser, a);
    expect(await found("needle")).toEqual([a, c, b]);
    expect((await find("needle"))[0]?.snippet).toBe("needle 2");
    expect((await find("needle"))[0]?.messageId).toBe(workspace.chats.get(localUser, a).leafId);
    expect(ids((await find("needle", {}, 2)).map(({ chat }) => chat))).toEqual([a, c]);
    workspace.chats.trash(localUser, a);
    expect(await found("needle")).toEqual([c, b]);
  });

  test("a snippet is about 120 characters around the hit, on one line, and contains it", async () => {
    const filler = "word 词语😀 \n".repeat(300);
    newChat("", `${filler}The NEEDLE is here${filler}`);
    const snippet = (await find("needle is"))[0]?.snippet ?? "";
    expect(snippet).toContain("NEEDLE is");
    expect(snippet).not.toContain("\n");
    expect(snippet.isWellFormed()).toBe(true);
    expect(snippet.length).toBeGreaterThan(90);
    expect(snippet.length).toBeLessThan(140);
    expect(snippet.startsWith("…") && snippet.endsWith("…")).toBe(true);
    newChat("", "short hit at the end: zebra");
    expect((await find("ZEBRA"))[0]?.snippet).toBe("short hit at the end: zebra");
    const long = "q".repeat(400);
    newChat("", `a ${long} b`);
    expect((await find(long))[0]?.snippet).toContain(long);
    newChat("", `${"İ".repeat(200)} ünlü Stadt`);
    expect((await find("ünlü"))[0]?.snippet).toContain("ünlü");
  });

  test("all words of the query, in any order, in one message or in the title", async () => {
    const both = newChat("", "the pump of the cooling loop");
    newChat("", "the pump", "the loop");
    const title = newChat("Loop pump", "nothing");
    expect(await found("loop pump")).toEqual([title, both]);
    expect(await found('"cooling loop" pump')).toEqual([both]);
    expect(await found('"loop cooling"')).toEqual([]);
    const chinese = newChat("", "冷却回路的泵");
    expect(await found("泵 冷却")).toEqual([chinese]);
  });

  test("sees what was written, changed and deleted since the last search", async () => {
    const chatId = newChat("", "first");
    expect(await found("second")).toEqual([]);
    workspace.messages.insertUser(localUser, { chatId, parentId: null, text: "second" });
    expect(await found("second")).toEqual([chatId]);
    workspace.chats.deleteForever(localUser, chatId);
    expect(await found("second")).toEqual([]);
    expect(await found("first")).toEqual([]);
  });

  test("more messages than one portion are read, and two searches at once agree", async () => {
    const texts = Array.from({ length: 2_300 }, (_, index) => `line ${index} of many`);
    const chatId = workspace.transaction(() => newChat("", ...texts));
    const [early, late] = await Promise.all([found("line 0 of"), found("line 2299")]);
    expect([early, late]).toEqual([[chatId], [chatId]]);
  });

  test("filters by folder, tag, archive, time, model and documents, with and without words", async () => {
    const [plain, filed, old] = [newChat("", "needle"), newChat("", "needle"), newChat("", "needle")];
    const { id: folderId } = workspace.folders.create(localUser, "Plant");
    workspace.chats.organise(localUser, [filed], { folderId, tags: ["pump"] });
    workspace.chats.organise(localUser, [old], { archived: true });
    expect(await found("needle", { folderId })).toEqual([filed]);
    expect(await found("", { tag: "pump" })).toEqual([filed]);
    expect(await found("", { tag: "pum" })).toEqual([]);
    expect(await found("needle", { archived: true })).toEqual([old]);
    expect(await found("needle", { archived: false })).toEqual([filed, plain]);
    expect(await found("needle")).toEqual([old, filed, plain]);
    clock.advance(1000);
    const later = newChat("", "needle");
    expect(await found("needle", { from: clock.now() })).toEqual([later]);
    expect(await found("needle", { to: clock.now() })).toEqual([old, filed, plain]);
    const place = { chatId: later, parentId: null, model: testModel, params: {} };
    workspace.messages.insertAssistant(localUser, place);
    expect(await found("", { modelId: testModel.id })).toEqual([later]);
    workspace.messages.insertUser(localUser, {
      chatId: plain,
      parentId: null,
      text: "x",
      scope: { kind: "everything" },
    });
    expect(await found("", { withDocuments: true })).toEqual([plain]);
    expect(await found("", {})).toEqual([]);
  });
});
