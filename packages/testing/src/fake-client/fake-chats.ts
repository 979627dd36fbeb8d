import type { Chat, ChatFilter, ChatHit, ChatOrganisation, Contract, Folder, Message } from "@deskside/contract";
import { deskError, steeringSchema } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { addChat, addMessage, changeChat, chatOf, type FakeWorld, messageOf } from "./fake-world.ts";

type ChatClient = ContractClient<Contract>["chat"];

const newestFirst = (a: { updatedAt: number }, b: { updatedAt: number }) => b.updatedAt - a.updatedAt;

export function createFakeChats(world: FakeWorld): ChatClient {
  const all = () => [...world.chats.values()].sort(newestFirst);
  const messagesOf = (chatId: string) => [...world.messages.values()].filter((message) => message.chatId === chatId);
  return {
    list: async () => all().filter((chat) => chat.trashedAt === null),
    listTrash: async () => all().filter((chat) => chat.trashedAt !== null),
    get: async ({ chatId }) => ({ ...chatOf(world, chatId), messages: messagesOf(chatId) }),
    search: async ({ query, filter = {}, limit = 50 }) => search(world, query, filter, limit),
    rename: async ({ chatId, title }) => changeChat(world, chatId, { title: title.trim(), titledBy: "user" }),
    setModel: async ({ chatId, modelId }) => changeChat(world, chatId, { modelId }),
    selectBranch: async ({ chatId, messageId }) =>
      changeChat(world, chatId, { leafId: newestLeaf(messagesOf(chatId), messageOf(world, messageId)).id }),
    steer: async ({ chatId, steering }) =>
      changeChat(world, chatId, { steering: steering && steeringSchema.parse(steering) }),
    organise: async ({ chatIds, changes }) => {
      for (const chatId of chatIds) organise(world, chatId, changes);
    },
    fork: async ({ messageId, title }) => fork(world, messageId, title),
    editAnswer: async ({ messageId, text }) => {
      const { chatId, parentId, role } = messageOf(world, messageId);
      if (role !== "assistant") throw deskError("NOT_EDITABLE", { messageId });
      const edited = addMessage(world, { chatId, parentId, role, text, model: null, origin: "edited", finish: "end" });
      changeChat(world, chatId, {});
      return edited;
    },
    folders: createFakeFolders(world),
    trash: async ({ chatId }) => void changeChat(world, chatId, { trashedAt: world.now() }),
    restore: async ({ chatId }) => changeChat(world, chatId, { trashedAt: null }),
    deleteForever: async ({ chatId }) => {
      if (!world.chats.delete(chatId)) throw deskError("CHAT_NOT_FOUND", { chatId });
      for (const message of messagesOf(chatId)) world.messages.delete(message.id);
      world.feed.emit({ type: "chats" });
    },
    getDraft: async ({ key }) => world.drafts.get(key) ?? "",
    saveDraft: async ({ key, text }) => void world.drafts.set(key, text),
  };
}

function newestLeaf(messages: readonly Message[], from: Message): Message {
  const below = messages.filter((message) => message.parentId === from.id).sort((a, b) => b.createdAt - a.createdAt);
  return below[0] ? newestLeaf(messages, below[0]) : from;
}

function organise(world: FakeWorld, chatId: string, { folderId, pinned, archived, tags }: ChatOrganisation): void {
  const chat = chatOf(world, chatId);
  const moment = (wanted: boolean | undefined, since: number | null) =>
    wanted === undefined ? since : wanted ? (since ?? world.now()) : null;
  changeChat(world, chatId, {
    folderId: folderId === undefined ? chat.folderId : folderId,
    pinnedAt: moment(pinned, chat.pinnedAt),
    archivedAt: moment(archived, chat.archivedAt),
    tags: tags ?? chat.tags,
  });
}

function fork(world: FakeWorld, messageId: string, title: string): Chat {
  const path: Message[] = [];
  for (let at: string | null = messageId; at !== null; at = path[0]?.parentId ?? null)
    path.unshift(messageOf(world, at));
  const { folderId, tags } = chatOf(world, path[0]?.chatId ?? "");
  const { id: chatId } = addChat(world, { title, titledBy: "user", folderId, tags });
  for (const { role, text, model, stats } of path) addMessage(world, { chatId, role, text, model, stats });
  return changeChat(world, chatId, {});
}

function createFakeFolders(world: FakeWorld): ChatClient["folders"] {
  const { folders } = world;
  const put = (folder: Folder): Folder => {
    folders.set(folder.id, folder);
    world.feed.emit({ type: "chats" });
    return folder;
  };
  return {
    list: async () => [...folders.values()].sort((a, b) => a.name.localeCompare(b.name)),
    create: async ({ name }) => put({ id: `folder_${folders.size + 1}`, name: name.trim(), createdAt: world.now() }),
    rename: async ({ folderId, name }) => {
      const known = folders.get(folderId);
      if (!known) throw deskError("FOLDER_NOT_FOUND", { folderId });
      return put({ ...known, name: name.trim() });
    },
    remove: async ({ folderId }) => {
      folders.delete(folderId);
      for (const { id } of [...world.chats.values()].filter((chat) => chat.folderId === folderId))
        changeChat(world, id, { folderId: null });
      world.feed.emit({ type: "chats" });
    },
  };
}

function search(world: FakeWorld, query: string, filter: ChatFilter, limit: number): ChatHit[] {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (terms.length === 0 && Object.keys(filter).length === 0) return [];
  const contains = (text: string) => terms.every((term) => text.toLowerCase().includes(term));
  const passes = (chat: Chat) =>
    chat.trashedAt === null &&
    (filter.folderId === undefined || chat.folderId === filter.folderId) &&
    (filter.tag === undefined || chat.tags.includes(filter.tag)) &&
    (filter.archived === undefined || (chat.archivedAt !== null) === filter.archived);
  const hits = [...world.chats.values()].sort(newestFirst).flatMap((chat): ChatHit[] => {
    if (!passes(chat)) return [];
    const message = [...world.messages.values()].find(
      (candidate) => terms.length > 0 && candidate.chatId === chat.id && contains(candidate.text),
    );
    if (!message) return contains(chat.title) ? [{ chat, snippet: null, messageId: null }] : [];
    const at = message.text.toLowerCase().indexOf(terms[0] ?? "");
    return [{ chat, snippet: message.text.slice(Math.max(0, at - 40), at + 60), messageId: message.id }];
  });
  return hits.slice(0, limit);
}
