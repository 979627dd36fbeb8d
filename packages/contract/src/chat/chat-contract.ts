import { oc } from "@orpc/contract";
import { z } from "zod";
import { maxMessageBytes, steeringSchema } from "../generation/generation-schemas.ts";
import {
  chatFilterSchema,
  chatHitSchema,
  chatOrganisationSchema,
  chatSchema,
  chatWithMessagesSchema,
  draftSchema,
  folderNameSchema,
  folderSchema,
  messageSchema,
  titleSchema,
} from "./chat-schemas.ts";

const chatId = z.object({ chatId: z.string() });

export const chatContract = {
  /** Newest first, without those in the trash. */
  list: oc.output(z.array(chatSchema)),
  listTrash: oc.output(z.array(chatSchema)),
  get: oc.input(chatId).output(chatWithMessagesSchema),
  /**
   * Chats with all words of the query in their title or in one message, as parts of words too, English and Chinese;
   * "words in quotation marks" belong together. Last used first. Without words, what the filter lets through.
   */
  search: oc
    .input(
      z.object({
        query: z.string().max(500),
        filter: chatFilterSchema.default({}),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(z.array(chatHitSchema)),
  rename: oc.input(z.object({ chatId: z.string(), title: titleSchema })).output(chatSchema),
  setModel: oc.input(z.object({ chatId: z.string(), modelId: z.string().nullable() })).output(chatSchema),
  /** Instructions and sampling of this chat; null = as the model comes. From the next answer on. */
  steer: oc.input(z.object({ chatId: z.string(), steering: steeringSchema.nullable() })).output(chatSchema),
  /** Shows the branch that ends in this message (or below it, its newest leaf). */
  selectBranch: oc.input(z.object({ chatId: z.string(), messageId: z.string() })).output(chatSchema),
  /** Folder, pin, archive and tags of several chats at once. */
  organise: oc
    .input(z.object({ chatIds: z.array(z.string()).min(1).max(10_000), changes: chatOrganisationSchema }))
    .output(z.void()),
  /** A new chat that goes on from this message, with a copy of what leads to it. */
  fork: oc.input(z.object({ messageId: z.string(), title: titleSchema })).output(chatSchema),
  /** An answer with words of the person, as another version beside the one a model wrote; it is shown at once. */
  editAnswer: oc
    .input(z.object({ messageId: z.string(), text: z.string().trim().min(1).max(maxMessageBytes) }))
    .output(messageSchema),
  folders: {
    /** By name. */
    list: oc.output(z.array(folderSchema)),
    create: oc.input(z.object({ name: folderNameSchema })).output(folderSchema),
    rename: oc.input(z.object({ folderId: z.string(), name: folderNameSchema })).output(folderSchema),
    /** Its chats stay, outside of any folder. */
    remove: oc.input(z.object({ folderId: z.string() })).output(z.void()),
  },
  /** A running answer is cancelled first. Undo with `restore`; final after 30 days or by `deleteForever`. */
  trash: oc.input(chatId).output(z.void()),
  restore: oc.input(chatId).output(chatSchema),
  deleteForever: oc.input(chatId).output(z.void()),
  /** Unsent text of a chat, or of `newChatDraft`. */
  getDraft: oc.input(z.object({ key: z.string() })).output(z.string()),
  saveDraft: oc.input(z.object({ key: z.string(), text: draftSchema })).output(z.void()),
};
