import type { ChatHit, Contract, Message } from "@deskside/contract";
import { deskError } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { changeChat, chatOf, type FakeWorld, messageOf } from "./fake-world.ts";

type ChatClient = ContractClient<Contract>["chat"];

const newestFirst = (a: { updatedAt: number }, b: { updatedAt: number }) => b.updatedAt - a.updatedAt;

export function createFakeChats(world: FakeWorld): ChatClient {
  const all = () => [...world.chats.values()].sort(newestFirst);
  const messagesOf = (chatId: string) => [...world.messages.values()].filter((message) => message.chatId === chatId);
  return {
    list: async () => all().filter((chat) => chat.trashedAt === null),
    listTrash: async () => all().filter((chat) => chat.trashedAt !== null),
    get: async ({ chatId }) => ({ ...chatOf(world, chatId), messages: messagesOf(chatId) }),
    search: async ({ query, limit = 50 }) => search(world, query, limit),
    rename: async ({ chatId, title }) => changeChat(world, chatId, { title: title.trim(), titledBy: "user" }),
    setModel: async ({ chatId, modelId }) => changeChat(world, chatId, { modelId }),
    selectBranch: async ({ chatId, messageId }) =>
      changeChat(world, chatId, { leafId: newestLeaf(messagesOf(chatId), messageOf(world, messageId)).id }),
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

function search(world: FakeWorld, query: string, limit: number): ChatHit[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const hits = [...world.chats.values()].sort(newestFirst).flatMap((chat): ChatHit[] => {
    if (chat.trashedAt !== null) return [];
    const message = [...world.messages.values()].find(
      (candidate) => candidate.chatId === chat.id && candidate.text.toLowerCase().includes(wanted),
    );
    if (!message && !chat.title.toLowerCase().includes(wanted)) return [];
    if (!message) return [{ chat, snippet: null, messageId: null }];
    const at = message.text.toLowerCase().indexOf(wanted);
    return [
      { chat, snippet: message.text.slice(Math.max(0, at - 40), at + wanted.length + 40), messageId: message.id },
    ];
  });
  return hits.slice(0, limit);
}
