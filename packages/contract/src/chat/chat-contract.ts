import { oc } from "@orpc/contract";
import { z } from "zod";
import { chatHitSchema, chatSchema, chatWithMessagesSchema, draftSchema, titleSchema } from "./chat-schemas.ts";

const chatId = z.object({ chatId: z.string() });

export const chatContract = {
  /** Newest first, without those in the trash. */
  list: oc.output(z.array(chatSchema)),
  listTrash: oc.output(z.array(chatSchema)),
  get: oc.input(chatId).output(chatWithMessagesSchema),
  /** Substring over titles and messages, English and Chinese; at most `limit` chats, newest first. */
  search: oc
    .input(z.object({ query: z.string().max(500), limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(chatHitSchema)),
  rename: oc.input(z.object({ chatId: z.string(), title: titleSchema })).output(chatSchema),
  setModel: oc.input(z.object({ chatId: z.string(), modelId: z.string().nullable() })).output(chatSchema),
  /** Shows the branch that ends in this message (or below it, its newest leaf). */
  selectBranch: oc.input(z.object({ chatId: z.string(), messageId: z.string() })).output(chatSchema),
  /** A running answer is cancelled first. Undo with `restore`; final after 30 days or by `deleteForever`. */
  trash: oc.input(chatId).output(z.void()),
  restore: oc.input(chatId).output(chatSchema),
  deleteForever: oc.input(chatId).output(z.void()),
  /** Unsent text of a chat, or of `newChatDraft`. */
  getDraft: oc.input(z.object({ key: z.string() })).output(z.string()),
  saveDraft: oc.input(z.object({ key: z.string(), text: draftSchema })).output(z.void()),
};
