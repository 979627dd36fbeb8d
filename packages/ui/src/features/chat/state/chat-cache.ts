import type { Chat, ChatWithMessages, GenerationStart, GenerationStarted, Message } from "@deskside/contract";
import type { QueryClient } from "@tanstack/react-query";
import { queryKeys } from "../../../app/query-keys.ts";

/** Puts a message as it was stored into the chat that is shown; the backend's own event refetches the rest. */
export function storeMessage(queries: QueryClient, message: Message): void {
  queries.setQueryData<ChatWithMessages>(queryKeys.chat(message.chatId), (chat) => {
    if (!chat) return chat;
    const known = chat.messages.some(({ id }) => id === message.id);
    return {
      ...chat,
      running: message.status === "running",
      messages: known
        ? chat.messages.map((other) => (other.id === message.id ? message : other))
        : [...chat.messages, message],
    };
  });
  setRunning(queries, message.chatId, message.status === "running");
}

export function setRunning(queries: QueryClient, chatId: string, running: boolean): void {
  queries.setQueryData<Chat[]>(queryKeys.chatList, (chats) =>
    chats?.map((chat) => (chat.id === chatId ? { ...chat, running } : chat)),
  );
}

/** What a start has just put on disk, shown before it is read back. */
export function storeStarted(queries: QueryClient, input: GenerationStart, started: GenerationStarted): void {
  const now = Date.now();
  const { chatId, messageId, userMessageId, generationId } = started;
  queries.setQueryData<ChatWithMessages>(queryKeys.chat(chatId), (known) => {
    const chat = known ?? emptyChat(chatId, now);
    const added: Message[] = [];
    if ((input.kind === "send" || input.kind === "edit") && userMessageId !== null) {
      const parentId = input.kind === "edit" ? parentOf(chat, input.messageId) : (input.parentId ?? chat.leafId);
      added.push({ ...blankMessage(chatId, now), id: userMessageId, parentId, role: "user", text: input.text });
    }
    const before = chat.messages.find(({ id }) => id === messageId);
    const parentId = userMessageId ?? (input.kind === "send" ? null : parentOf(chat, input.messageId));
    const answer: Message = {
      ...(before ?? { ...blankMessage(chatId, now), id: messageId, parentId }),
      status: "running",
      finish: null,
      error: null,
      generationId,
    };
    const kept = chat.messages.filter(({ id }) => id !== messageId);
    return { ...chat, running: true, leafId: messageId, updatedAt: now, messages: [...kept, ...added, answer] };
  });
  setRunning(queries, chatId, true);
}

function parentOf(chat: ChatWithMessages, messageId: string): string | null {
  return chat.messages.find(({ id }) => id === messageId)?.parentId ?? null;
}

function emptyChat(id: string, at: number): ChatWithMessages {
  return {
    id,
    title: "",
    titledBy: "nobody",
    modelId: null,
    leafId: null,
    running: true,
    messageCount: 0,
    createdAt: at,
    updatedAt: at,
    trashedAt: null,
    ...{ folderId: null, pinnedAt: null, archivedAt: null, tags: [], steering: null },
    messages: [],
  };
}

function blankMessage(chatId: string, at: number): Omit<Message, "id"> {
  return {
    chatId,
    parentId: null,
    role: "assistant",
    text: "",
    reasoning: "",
    status: "complete",
    finish: null,
    error: null,
    model: null,
    stats: null,
    generationId: null,
    createdAt: at,
  };
}
