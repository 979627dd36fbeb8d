import { type Chat, chatSchema, deskError, steeringSchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { jsonColumn } from "../repositories/json-column.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** A chat with the figures the list shows. To be followed by WHERE; the chat is `c`. */
export const selectChat = `
  SELECT c.*,
    (SELECT count(*) FROM messages WHERE chat_id = c.id) AS message_count,
    EXISTS (SELECT 1 FROM messages WHERE chat_id = c.id AND status = 'running') AS running
  FROM chats AS c`;

const chatRowSchema = z.object({
  id: z.string(),
  title: z.string(),
  titled_by: chatSchema.shape.titledBy,
  model_id: z.string().nullable(),
  leaf_id: z.string().nullable(),
  running: z.number(),
  message_count: z.number(),
  created_at: z.number(),
  updated_at: z.number(),
  trashed_at: z.number().nullable(),
  folder_id: z.string().nullable(),
  pinned_at: z.number().nullable(),
  archived_at: z.number().nullable(),
  tags: z.string().nullable(),
  steering: jsonColumn(steeringSchema),
});

const tagsSchema = z.array(z.string());

export function toChat(row: unknown): Chat {
  const chat = chatRowSchema.parse(row);
  return {
    id: chat.id,
    title: chat.title,
    titledBy: chat.titled_by,
    modelId: chat.model_id,
    leafId: chat.leaf_id,
    running: chat.running !== 0,
    messageCount: chat.message_count,
    createdAt: chat.created_at,
    updatedAt: chat.updated_at,
    trashedAt: chat.trashed_at,
    folderId: chat.folder_id,
    pinnedAt: chat.pinned_at,
    archivedAt: chat.archived_at,
    tags: chat.tags === null ? [] : tagsSchema.parse(JSON.parse(chat.tags)),
    steering: chat.steering,
  };
}

/** Throws CHAT_NOT_FOUND. */
export function requireChat({ store }: RepositoryContext, { ownerId }: Principal, chatId: string): Chat {
  const row = store.get(`${selectChat} WHERE c.id = @chatId AND c.owner_id = @ownerId`, { chatId, ownerId });
  if (!row) throw deskError("CHAT_NOT_FOUND", { chatId });
  return toChat(row);
}
