import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { steeringSchema } from "../generation/generation-schemas.ts";
import { groundingSchema, scopeSchema } from "../knowledge/grounding-schemas.ts";

export const messageStatuses = ["running", "complete", "stopped", "failed"] as const;

/** Figures of one answer. Durations in milliseconds, monotonic clock. Null = not measured. */
export const messageStatsSchema = z.object({
  promptTokens: z.number().int(),
  /** Prompt tokens that were already evaluated for an earlier turn and reused. */
  cachedTokens: z.number().int(),
  outputTokens: z.number().int(),
  reasoningTokens: z.number().int(),
  tokensPerSecond: z.number().nullable(),
  firstTokenMs: z.number().nullable(),
  reasoningMs: z.number().nullable(),
  totalMs: z.number(),
  /** Waiting for the engine: another answer, or the model being loaded. Absent in answers of older versions. */
  queueMs: z.number().optional(),
  /** From the first token to the last, in the engine. Absent in answers of older versions. */
  decodeMs: z.number().optional(),
  /** Tokens a draft model proposed, and how many of them stand in the answer; absent where none took part. */
  draftTokens: z.number().int().optional(),
  draftAcceptedTokens: z.number().int().optional(),
});
export type MessageStats = z.infer<typeof messageStatsSchema>;

/** Which model wrote a message, kept as it was called then. */
export const messageModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
});

export const messageSchema = z.object({
  id: z.string(),
  chatId: z.string(),
  /** Null for the first message of a branch that starts the chat. */
  parentId: z.string().nullable(),
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  /** The model's thinking, apart from the answer. Empty when there was none. */
  reasoning: z.string(),
  status: z.enum(messageStatuses),
  /** Why an answer stopped by itself: "length" = longest answer reached, "context" = context full. */
  finish: z.enum(["end", "length", "context", "stop-text", "user", "interrupted", "error"]).nullable(),
  error: errorDataSchema.nullable(),
  model: messageModelSchema.nullable(),
  stats: messageStatsSchema.nullable(),
  /** Of a question: what its answer is to be looked up in. Absent: nothing. */
  scope: scopeSchema.nullish(),
  /** Of an answer from documents: what stands behind it. */
  grounding: groundingSchema.nullish(),
  /** Where it comes from when no model wrote it here: a person changed an answer, or another program had it. */
  origin: z.enum(["edited", "imported"]).nullish(),
  /** The generation that writes this message right now. */
  generationId: z.string().nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
});
export type Message = z.infer<typeof messageSchema>;

export const chatSchema = z.object({
  id: z.string(),
  /** Empty until the first exchange or a rename gives one. */
  title: z.string(),
  titledBy: z.enum(["nobody", "exchange", "user"]),
  /** The model this chat was told to use; null = chosen by language and what is installed. */
  modelId: z.string().nullable(),
  /** Last message of the branch that is shown. */
  leafId: z.string().nullable(),
  running: z.boolean(),
  messageCount: z.number().int(),
  createdAt: z.number(),
  updatedAt: z.number(),
  trashedAt: z.number().nullable(),
  folderId: z.string().nullable(),
  /** Pinned chats stand above all others. */
  pinnedAt: z.number().nullable(),
  /** Archived chats are out of the list and still found. */
  archivedAt: z.number().nullable(),
  tags: z.array(z.string()),
  /** Null = as the model comes. */
  steering: steeringSchema.nullable(),
});
export type Chat = z.infer<typeof chatSchema>;

/** A chat with the whole tree; the shown branch is what leads from `leafId` to the root. */
export const chatWithMessagesSchema = chatSchema.extend({ messages: z.array(messageSchema) });
export type ChatWithMessages = z.infer<typeof chatWithMessagesSchema>;

export const folderNameSchema = z.string().trim().min(1).max(100);
export const folderSchema = z.object({ id: z.string(), name: z.string(), createdAt: z.number() });
export type Folder = z.infer<typeof folderSchema>;

/** What is absent stays as it is. */
export const chatOrganisationSchema = z.object({
  folderId: z.string().nullable().optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
  tags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
});
export type ChatOrganisation = z.infer<typeof chatOrganisationSchema>;

/** All that are given must hold. Times in milliseconds since 1970. */
export const chatFilterSchema = z.object({
  folderId: z.string().optional(),
  tag: z.string().optional(),
  archived: z.boolean().optional(),
  /** This model wrote at least one answer. */
  modelId: z.string().optional(),
  /** Used at or after, begun before. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Something was looked up in documents. */
  withDocuments: z.boolean().optional(),
});
export type ChatFilter = z.infer<typeof chatFilterSchema>;

export const chatHitSchema = z.object({
  chat: chatSchema,
  /** Text around the hit in a message; null when only the title matches. */
  snippet: z.string().nullable(),
  messageId: z.string().nullable(),
});
export type ChatHit = z.infer<typeof chatHitSchema>;

export const titleSchema = z.string().trim().min(1).max(200);
/** What is typed and not sent. `newChatDraft` is the key for a chat that does not exist yet. */
export const newChatDraft = "new";
export const draftSchema = z.string().max(1_048_576);
