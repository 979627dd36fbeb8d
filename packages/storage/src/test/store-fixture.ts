import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localUser } from "../principal.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { createRandom, openIn, someStats, testModel } from "./temporary-workspace.ts";

/** What a store holds for `localUser`, by id, in a form two stores can be compared in. */
export type Content = ReadonlyMap<string, string>;

export function contentOf(workspace: Workspace): Content {
  const content = new Map<string, string>();
  const { chats, generations, drafts, settings, egress } = workspace;
  for (const chat of [...chats.list(localUser), ...chats.listTrash(localUser)]) {
    content.set(chat.id, chat.title);
    for (const { id, text, reasoning, status } of chats.getWithMessages(localUser, chat.id).messages) {
      content.set(id, JSON.stringify([text, reasoning, status]));
    }
    for (const { id, params, state } of generations.listByChat(localUser, chat.id)) {
      content.set(id, JSON.stringify([params, state]));
    }
    if (drafts.get(localUser, chat.id)) content.set(`draft of ${chat.id}`, drafts.get(localUser, chat.id));
  }
  for (const [key, value] of Object.entries(settings.getAll(localUser))) content.set(key, JSON.stringify(value));
  for (const { id, host } of egress.list(localUser, 10_000)) content.set(id, host);
  return content;
}

/** How many of the wanted rows are there as they were. */
export function countKept(wanted: Content, found: Content): number {
  return [...wanted].filter(([id, value]) => found.get(id) === value).length;
}

export function fillStore(workspace: Workspace, chats: number, seed: number): void {
  const random = createRandom(seed);
  for (let index = 0; index < chats; index++) {
    workspace.transaction(() => {
      const chat = workspace.chats.create(localUser, { modelId: null });
      workspace.chats.rename(localUser, chat.id, `Chat ${index} 对话`);
      fillChat(workspace, chat.id, random);
      if (index % 3 === 0) workspace.drafts.save(localUser, chat.id, `draft ${index}`);
      workspace.egress.append(localUser, { host: `host-${index}.example`, port: 443, purpose: "test", caller: "test" });
    });
  }
  workspace.settings.set(localUser, "general.zoom", 110);
  workspace.settings.set(localUser, "general.language", "zh-CN");
}

function fillChat(workspace: Workspace, chatId: string, random: () => number): void {
  let parentId: string | null = null;
  for (let turn = 0; turn < 3; turn++) {
    const length = random() < 0.1 ? 9000 : Math.floor(random() * 900);
    const text = `${turn} ${"text 文本 ".repeat(length / 8)}`;
    const user = workspace.messages.insertUser(localUser, { chatId, parentId, text });
    const place = { chatId, parentId: user.id };
    const answer = workspace.messages.insertAssistant(localUser, {
      ...place,
      model: testModel,
      params: { seed: turn },
    });
    workspace.messages.finish(localUser, {
      ...{ messageId: answer.id, status: "complete", finish: "end", error: null, stats: someStats },
      ...{ text: `answer ${text}`, reasoning: `thought ${length}` },
    });
    parentId = answer.id;
  }
}

export interface FixtureSet {
  /** Data directory with the newest rows in the write-ahead log only, as after a kill. */
  readonly folder: string;
  readonly content: Content;
  /** The database file as it was before the rows in the log. */
  readonly olderDatabase: Buffer;
}

export function makeFixture(parent: string, chats: number): FixtureSet {
  const live = join(parent, "live");
  const folder = join(parent, "fixture");
  const first = openIn(live);
  fillStore(first, chats, 1);
  first.close();
  const olderDatabase = readFileSync(join(live, "workspace.db"));
  const second = openIn(live);
  fillStore(second, Math.ceil(chats / 4), 2);
  const content = contentOf(second);
  cpSync(live, folder, { recursive: true });
  second.close();
  return { folder, content, olderDatabase };
}
