import {
  deskError,
  errorDataSchema,
  groundingSchema,
  type Message,
  messageSchema,
  messageStatsSchema,
  scopeSchema,
} from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { jsonColumn } from "../repositories/json-column.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

export const modelColumnsSchema = z.object({
  model_id: z.string().nullable(),
  model_name: z.string().nullable(),
  model_quantization: z.string().nullable(),
});

const messageRowSchema = modelColumnsSchema.extend({
  id: z.string(),
  chat_id: z.string(),
  parent_id: z.string().nullable(),
  role: messageSchema.shape.role,
  text: z.string(),
  reasoning: z.string(),
  status: messageSchema.shape.status,
  finish: messageSchema.shape.finish,
  error: jsonColumn(errorDataSchema),
  stats: jsonColumn(messageStatsSchema),
  scope: jsonColumn(scopeSchema),
  grounding: jsonColumn(groundingSchema),
  generation_id: z.string().nullable(),
  origin: messageSchema.shape.origin,
  created_at: z.number(),
});

export function toMessage(row: unknown): Message {
  const message = messageRowSchema.parse(row);
  return {
    id: message.id,
    chatId: message.chat_id,
    parentId: message.parent_id,
    role: message.role,
    text: message.text,
    reasoning: message.reasoning,
    status: message.status,
    finish: message.finish,
    error: message.error,
    model: toModel(message),
    stats: message.stats,
    ...(message.scope === null ? {} : { scope: message.scope }),
    ...(message.grounding === null ? {} : { grounding: message.grounding }),
    ...(message.origin ? { origin: message.origin } : {}),
    generationId: message.generation_id,
    createdAt: message.created_at,
  };
}

export function toModel(row: z.infer<typeof modelColumnsSchema>): Message["model"] {
  if (row.model_id === null || row.model_name === null) return null;
  return { id: row.model_id, name: row.model_name, quantization: row.model_quantization };
}

/** Throws MESSAGE_NOT_FOUND. */
export function requireMessage({ store }: RepositoryContext, { ownerId }: Principal, messageId: string): Message {
  const row = store.get("SELECT * FROM messages WHERE id = @messageId AND owner_id = @ownerId", { messageId, ownerId });
  if (!row) throw deskError("MESSAGE_NOT_FOUND", { messageId });
  return toMessage(row);
}
