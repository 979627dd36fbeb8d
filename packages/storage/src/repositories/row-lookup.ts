import { type Chat, deskError, type Message } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import { selectChat, toChat } from "./chat-rows.ts";
import { toMessage } from "./message-rows.ts";
import type { RepositoryContext } from "./repository-context.ts";

/** Throws CHAT_NOT_FOUND. */
export function requireChat({ store }: RepositoryContext, { ownerId }: Principal, chatId: string): Chat {
  const row = store.get(`${selectChat} WHERE c.id = @chatId AND c.owner_id = @ownerId`, { chatId, ownerId });
  if (!row) throw deskError("CHAT_NOT_FOUND", { chatId });
  return toChat(row);
}

/** Throws MESSAGE_NOT_FOUND. */
export function requireMessage({ store }: RepositoryContext, { ownerId }: Principal, messageId: string): Message {
  const row = store.get("SELECT * FROM messages WHERE id = @messageId AND owner_id = @ownerId", { messageId, ownerId });
  if (!row) throw deskError("MESSAGE_NOT_FOUND", { messageId });
  return toMessage(row);
}

