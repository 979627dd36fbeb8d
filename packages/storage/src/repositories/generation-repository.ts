import { deskError, errorDataSchema, messageStatsSchema, messageStatuses, samplingSchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { jsonColumn } from "./json-column.ts";
import { modelColumnsSchema, toModel } from "../messages/message-rows.ts";
import type { RepositoryContext } from "./repository-context.ts";

const generationRowSchema = modelColumnsSchema
  .extend({
    id: z.string(),
    chat_id: z.string(),
    message_id: z.string(),
    params: z.string().transform((text) => samplingSchema.parse(JSON.parse(text))),
    state: z.enum(messageStatuses),
    started_at: z.number(),
    ended_at: z.number().nullable(),
    stats: jsonColumn(messageStatsSchema),
    error: jsonColumn(errorDataSchema),
  })
  .transform((row) => ({
    id: row.id,
    chatId: row.chat_id,
    messageId: row.message_id,
    model: toModel(row),
    params: row.params,
    state: row.state,
    /** Milliseconds since 1970. */
    startedAt: row.started_at,
    endedAt: row.ended_at,
    stats: row.stats,
    error: row.error,
  }));

/** How one answer came about. `MessageRepository` writes it together with the answer. */
export type Generation = z.infer<typeof generationRowSchema>;

export interface GenerationRepository {
  /** Throws GENERATION_NOT_FOUND. */
  get(principal: Principal, generationId: string): Generation;
  /** Oldest first. A message that was continued has several. */
  listByMessage(principal: Principal, messageId: string): Generation[];
  listByChat(principal: Principal, chatId: string): Generation[];
}

export function createGenerationRepository({ store }: RepositoryContext): GenerationRepository {
  const toGeneration = (row: unknown) => generationRowSchema.parse(row);
  return {
    get: ({ ownerId }, generationId) => {
      const sql = "SELECT * FROM generations WHERE id = @generationId AND owner_id = @ownerId";
      const row = store.get(sql, { generationId, ownerId });
      if (!row) throw deskError("GENERATION_NOT_FOUND", { generationId });
      return toGeneration(row);
    },
    listByMessage: ({ ownerId }, messageId) =>
      store
        .all("SELECT * FROM generations WHERE message_id = @messageId AND owner_id = @ownerId ORDER BY seq", {
          ...{ messageId, ownerId },
        })
        .map(toGeneration),
    listByChat: ({ ownerId }, chatId) =>
      store
        .all("SELECT * FROM generations WHERE chat_id = @chatId AND owner_id = @ownerId ORDER BY seq", {
          ...{ chatId, ownerId },
        })
        .map(toGeneration),
  };
}
