import type { AlertRule } from "@deskside/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localUser } from "../principal.ts";
import { contentOf, fillStore } from "../test/store-fixture.ts";
import { openIn, someStats, type TemporaryFolder, temporaryFolder, testModel } from "../test/temporary-workspace.ts";
import type { Workspace } from "../workspace/workspace.ts";

const stranger = { ownerId: "somebody-else" };

const myRule: AlertRule = {
  ...{ id: "mine", metric: "gpu-temperature", direction: "above", threshold: 80, durationMs: 1000, enabled: true },
};

let folder: TemporaryFolder;
let workspace: Workspace;
let chatId: string;
let messageId: string;
let runningId: string;
let generationId: string;
let egressId: string;
let folderId: string;

const personalValue = { kind: "email", number: 1, lookup: "ab", sealed: new Uint8Array([1]) } as const;
beforeAll(() => {
  folder = temporaryFolder();
  workspace = openIn(folder.path);
  fillStore(workspace, 3, 9);
  const trashed = workspace.chats.create(localUser, { modelId: null });
  workspace.chats.trash(localUser, trashed.id);
  chatId = workspace.chats.create(localUser, { modelId: null }).id;
  messageId = workspace.messages.insertUser(localUser, { chatId, parentId: null, text: "mine" }).id;
  const place = { chatId, parentId: messageId, model: testModel, params: {} };
  const running = workspace.messages.insertAssistant(localUser, place);
  runningId = running.id;
  generationId = running.generationId ?? "";
  workspace.drafts.save(localUser, "new", "my draft");
  folderId = workspace.folders.create(localUser, "mine").id;
  workspace.alertRules.set(localUser, myRule);
  workspace.hubTokens.set(localUser, "mine.example", "my token");
  workspace.secrets.set(localUser, "mine", "my password");
  workspace.personalData.add(localUser, "mine", [personalValue]);
  egressId = workspace.egress.append(localUser, { host: "mine.example", port: 443, purpose: "p", caller: "c" }).id;
});
afterAll(() => {
  workspace.close();
  folder[Symbol.dispose]();
});

type Method = (principal: typeof stranger) => unknown;

/** Every method of every repository; those that create something for the stranger count as well. */
function methods(): Record<string, Record<string, Method>> {
  const {
    chats,
    folders,
    messages,
    generations,
    drafts,
    settings,
    egress,
    hubTokens,
    secrets,
    personalData,
    alertRules,
  } = workspace;
  const model = testModel;
  const end = { status: "complete", finish: "end", error: null, stats: someStats } as const;
  return {
    chats: {
      create: (principal) => chats.create(principal, { modelId: null }).messageCount,
      list: (principal) => chats.list(principal).filter(({ messageCount }) => messageCount > 0),
      listTrash: (principal) => chats.listTrash(principal),
      get: (principal) => chats.get(principal, chatId),
      getWithMessages: (principal) => chats.getWithMessages(principal, chatId),
      search: (principal) => chats.search(principal, { query: "e", filter: {}, limit: 50 }),
      setSteering: (principal) => chats.setSteering(principal, chatId, null),
      organise: (principal) => chats.organise(principal, [chatId], { pinned: true }),
      fork: (principal) => chats.fork(principal, messageId, "taken"),
      rename: (principal) => chats.rename(principal, chatId, "taken"),
      setTitleIfUntitled: (principal) => chats.setTitleIfUntitled(principal, chatId, "taken"),
      setModel: (principal) => chats.setModel(principal, chatId, "taken"),
      setLeaf: (principal) => chats.setLeaf(principal, chatId, messageId),
      touch: (principal) => chats.touch(principal, chatId),
      trash: (principal) => chats.trash(principal, chatId),
      restore: (principal) => chats.restore(principal, chatId),
      deleteForever: (principal) => chats.deleteForever(principal, chatId),
      purgeTrash: (principal) => chats.purgeTrash(principal, Number.MAX_SAFE_INTEGER),
    },
    folders: {
      list: (principal) => folders.list(principal),
      create: (principal) => folders.create(principal, "theirs").name === "mine" || undefined,
      rename: (principal) => folders.rename(principal, folderId, "taken"),
      remove: (principal) => folders.remove(principal, folderId),
    },
    messages: {
      insertEdited: (principal) => messages.insertEdited(principal, { messageId, text: "x" }),
      insertUser: (principal) => messages.insertUser(principal, { chatId, parentId: messageId, text: "x" }),
      insertAssistant: (principal) =>
        messages.insertAssistant(principal, { chatId, parentId: messageId, model, params: {} }),
      resume: (principal) => messages.resume(principal, { messageId: runningId, model, params: {} }),
      appendRunning: (principal) =>
        messages.appendRunning(principal, { messageId: runningId, text: "x", reasoning: "", stats: someStats }),
      finish: (principal) => messages.finish(principal, { messageId: runningId, ...end }),
      get: (principal) => messages.get(principal, messageId),
      path: (principal) => messages.path(principal, runningId),
      children: (principal) => messages.children(principal, { chatId, parentId: messageId }),
      newestLeafBelow: (principal) => messages.newestLeafBelow(principal, messageId),
    },
    generations: {
      get: (principal) => generations.get(principal, generationId),
      listByMessage: (principal) => generations.listByMessage(principal, runningId),
      listByChat: (principal) => generations.listByChat(principal, chatId),
    },
    drafts: {
      get: (principal) => drafts.get(principal, "new"),
      save: (principal) => drafts.save(principal, chatId, ""),
    },
    settings: {
      getAll: (principal) => Object.keys(settings.getAll(principal)),
      get: (principal) => settings.get(principal, "general.zoom"),
      set: (principal) => void settings.set(principal, "general.zoom", 90),
      remove: (principal) => settings.remove(principal, ["general.zoom", "general.language"]),
    },
    egress: {
      append: (principal) => void egress.append(principal, { host: "x", port: 1, purpose: "p", caller: "c" }),
      finish: (principal) =>
        egress.finish(principal, egressId, { result: "failed", reason: "x", sentBytes: 1, receivedBytes: 1 }) ||
        undefined,
      list: (principal) => egress.list(principal, 100).filter(({ host }) => host !== "x"),
    },
    hubTokens: {
      list: (principal) => hubTokens.list(principal),
      remove: (principal) => hubTokens.remove(principal, "mine.example") || undefined,
      set: (principal) => hubTokens.set(principal, "mine.example", "theirs"),
    },
    secrets: {
      get: (principal) => secrets.get(principal, "mine") ?? undefined,
      remove: (principal) => secrets.remove(principal, "mine") || undefined,
      set: (principal) => secrets.set(principal, "mine", "theirs"),
    },
    personalData: {
      list: (principal) => personalData.list(principal, "mine"),
      counts: (principal) => Object.keys(personalData.counts(principal, "mine")),
      remove: (principal) => personalData.remove(principal, "mine"),
      add: (principal) => personalData.add(principal, "mine", [personalValue]),
    },
    alertRules: {
      list: (principal) => alertRules.list(principal),
      set: (principal) => alertRules.set(principal, { ...myRule, id: "theirs", threshold: 1 }),
      remove: (principal) => alertRules.remove(principal, myRule.id),
    },
  };
}

/** Methods for the process or the machine as a whole, not for a person. */
const withoutPrincipal = ["messages.markInterrupted", "monitor.write", "monitor.read", "monitor.prune"];

test("the table below names every method of every repository", () => {
  const people = [
    "chats",
    "folders",
    "messages",
    "generations",
    "drafts",
    "settings",
    "egress",
    "hubTokens",
    "secrets",
    "personalData",
    "alertRules",
  ] as const;
  const repositories = [...people, "monitor"] as const;
  const real = repositories.flatMap((name) => Object.keys(workspace[name]).map((method) => `${name}.${method}`));
  const listed = Object.entries(methods()).flatMap(([name, table]) =>
    Object.keys(table).map((key) => `${name}.${key}`),
  );
  expect([...listed, ...withoutPrincipal].sort()).toEqual(real.sort());
  expect(listed.length).toBeGreaterThan(30);
});

test("a second principal sees nothing and changes nothing, method by method", async () => {
  const before = contentOf(workspace);
  const chatBefore = workspace.chats.list(localUser);
  const egressBefore = workspace.egress.list(localUser, 100);
  for (const [name, table] of Object.entries(methods())) {
    for (const [method, call] of Object.entries(table)) {
      let seen: unknown;
      try {
        seen = await call(stranger);
      } catch (error) {
        expect([name, method, error]).toMatchObject([name, method, { kind: "not-found" }]);
        seen = undefined;
      }
      const nothing = seen === undefined || seen === 0 || seen === "" || (Array.isArray(seen) && seen.length === 0);
      expect(nothing, `${name}.${method} showed ${JSON.stringify(seen)}`).toBe(true);
      expect(contentOf(workspace), `${name}.${method} changed something`).toEqual(before);
    }
  }
  expect(workspace.chats.list(localUser)).toEqual(chatBefore);
  expect(workspace.egress.list(localUser, 100)).toEqual(egressBefore);
  expect(workspace.folders.list(localUser)).toMatchObject([{ name: "mine" }]);
  expect(workspace.drafts.get(localUser, "new")).toBe("my draft");
  expect(workspace.hubTokens.list(localUser)).toMatchObject([{ host: "mine.example", token: "my token" }]);
  expect(workspace.secrets.get(localUser, "mine")).toBe("my password");
  expect(workspace.personalData.list(localUser, "mine")).toHaveLength(1);
  expect(workspace.alertRules.list(localUser)).toEqual([{ ruleId: myRule.id, rule: myRule }]);
});

test("the same calls by the owner do something: the table is not empty talk", async () => {
  const { chats, messages, drafts } = methods() as Record<string, Record<string, Method>>;
  expect(chats?.["get"]?.(localUser)).toMatchObject({ id: chatId });
  expect(await chats?.["search"]?.(localUser)).not.toEqual([]);
  expect(chats?.["listTrash"]?.(localUser)).toHaveLength(1);
  expect(messages?.["path"]?.(localUser)).toHaveLength(2);
  expect(messages?.["finish"]?.(localUser)).toMatchObject({ status: "complete" });
  expect(drafts?.["get"]?.(localUser)).toBe("my draft");
  expect(chats?.["purgeTrash"]?.(localUser)).toBe(1);
});
