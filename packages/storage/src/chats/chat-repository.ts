import { createId, toWellFormed } from "@deskside/base";
import { type Chat, type ChatHit, type ChatWithMessages, deskError, type Steering } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import type { SqlValues } from "../workspace/store.ts";
import { type ChatOrganiser, createChatOrganiser } from "./chat-organiser.ts";
import { requireChat, selectChat, toChat } from "./chat-rows.ts";
import type { MessageTexts } from "../search/message-texts.ts";
import { type ChatQuery, searchChats } from "../search/search-chats.ts";
import { requireMessage, toMessage } from "../messages/message-rows.ts";
import { toJson } from "../repositories/json-column.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** Chats of one owner. Whatever is not that owner's is CHAT_NOT_FOUND. */
export interface ChatRepository extends ChatOrganiser {
  create(principal: Principal, chat: { modelId: string | null }): Chat;
  /** Newest first by what was last written to, not by clock; without those in the trash. */
  list(principal: Principal): Chat[];
  /** Last trashed first. */
  listTrash(principal: Principal): Chat[];
  get(principal: Principal, chatId: string): Chat;
  /** Messages in the order they were written. */
  getWithMessages(principal: Principal, chatId: string): ChatWithMessages;
  search(principal: Principal, query: ChatQuery): Promise<ChatHit[]>;
  rename(principal: Principal, chatId: string, title: string): Chat;
  /** Gives a title made from the first exchange; leaves one that is there. */
  setTitleIfUntitled(principal: Principal, chatId: string, title: string): Chat;
  setModel(principal: Principal, chatId: string, modelId: string | null): Chat;
  setSteering(principal: Principal, chatId: string, steering: Steering | null): Chat;
  /** Shows the branch that ends in this message. Throws MESSAGE_NOT_FOUND when it is not of this chat. */
  setLeaf(principal: Principal, chatId: string, messageId: string): Chat;
  /** Moves the chat to the top of the list. Messages do that by themselves. */
  touch(principal: Principal, chatId: string): Chat;
  trash(principal: Principal, chatId: string): Chat;
  restore(principal: Principal, chatId: string): Chat;
  deleteForever(principal: Principal, chatId: string): void;
  /** Deletes for good what was put into the trash before `olderThan` (milliseconds since 1970). Returns how many. */
  purgeTrash(principal: Principal, olderThan: number): number;
}

const longestTitle = 200;

export function createChatRepository(context: RepositoryContext, texts: MessageTexts): ChatRepository {
  return {
    ...createChatReader(context, texts),
    ...createChatEditor(context),
    ...createChatOrganiser(context),
    ...createChatRemover(context, texts),
  };
}

type ChatReader = Pick<ChatRepository, "list" | "listTrash" | "get" | "getWithMessages" | "search">;

function createChatReader(context: RepositoryContext, texts: MessageTexts): ChatReader {
  const { store } = context;
  const listWhere = ({ ownerId }: Principal, condition: string) =>
    store.all(`${selectChat} WHERE c.owner_id = @ownerId AND ${condition}`, { ownerId }).map(toChat);
  const messagesSql = "SELECT * FROM messages WHERE chat_id = @chatId AND owner_id = @ownerId ORDER BY seq";
  return {
    list: (principal) => listWhere(principal, "c.trashed_at IS NULL ORDER BY c.touched DESC"),
    listTrash: (principal) =>
      listWhere(principal, "c.trashed_at IS NOT NULL ORDER BY c.trashed_at DESC, c.revision DESC"),
    get: (principal, chatId) => requireChat(context, principal, chatId),
    getWithMessages: (principal, chatId) => {
      const chat = requireChat(context, principal, chatId);
      const messages = store.all(messagesSql, { chatId, ownerId: principal.ownerId }).map(toMessage);
      return { ...chat, messages };
    },
    search: (principal, query) => searchChats(store, texts, principal, { ...query, query: toWellFormed(query.query) }),
  };
}

type ChatEditor = Pick<
  ChatRepository,
  "create" | "rename" | "setTitleIfUntitled" | "setModel" | "setSteering" | "setLeaf" | "touch"
>;

function createChatEditor(context: RepositoryContext): ChatEditor {
  const { store, clock } = context;
  const update = createChatUpdate(context);
  return {
    create: (principal, { modelId }) => createChat(context, principal, modelId),
    rename: (principal, chatId, title) =>
      update(principal, chatId, "title = @title, titled_by = 'user'", { title: cleanTitle(title) }),
    setTitleIfUntitled: (principal, chatId, title) =>
      store.write(() => {
        const chat = requireChat(context, principal, chatId);
        if (chat.titledBy !== "nobody") return chat;
        const values = { title: cleanTitle(title) };
        return update(principal, chatId, "title = @title, titled_by = 'exchange'", values);
      }),
    setModel: (principal, chatId, modelId) => update(principal, chatId, "model_id = @modelId", { modelId }),
    setSteering: (principal, chatId, steering) =>
      update(principal, chatId, "steering = @steering", { steering: toJson(steering) }),
    setLeaf: (principal, chatId, messageId) =>
      store.write(() => {
        requireChat(context, principal, chatId);
        if (requireMessage(context, principal, messageId).chatId !== chatId) {
          throw deskError("MESSAGE_NOT_FOUND", { messageId });
        }
        return update(principal, chatId, "leaf_id = @messageId", { messageId });
      }),
    touch: (principal, chatId) =>
      update(principal, chatId, "updated_at = @now, touched = @revision", { now: clock.now() }),
  };
}

type ChatRemover = Pick<ChatRepository, "trash" | "restore" | "deleteForever" | "purgeTrash">;

function createChatRemover(context: RepositoryContext, texts: MessageTexts): ChatRemover {
  const { store, clock, emptyLog } = context;
  const update = createChatUpdate(context);
  return {
    trash: (principal, chatId) =>
      update(principal, chatId, "trashed_at = coalesce(trashed_at, @now)", { now: clock.now() }),
    restore: (principal, chatId) => update(principal, chatId, "trashed_at = NULL"),
    deleteForever: (principal, chatId) => {
      store.write(() => {
        requireChat(context, principal, chatId);
        deleteChat(context, principal, chatId);
      });
      texts.forget(principal, chatId);
      emptyLog();
    },
    purgeTrash: (principal, olderThan) => purgeTrash(context, texts, principal, olderThan),
  };
}

function createChatUpdate(context: RepositoryContext) {
  const { store } = context;
  return (principal: Principal, chatId: string, assignments: string, values: SqlValues = {}): Chat =>
    store.write((revision) => {
      const sql = `UPDATE chats SET ${assignments}, revision = @revision WHERE id = @chatId AND owner_id = @ownerId`;
      store.run(sql, { ...values, chatId, revision, ownerId: principal.ownerId });
      return requireChat(context, principal, chatId);
    });
}

function createChat(context: RepositoryContext, principal: Principal, modelId: string | null): Chat {
  const { store, clock } = context;
  const now = clock.now();
  const id = createId("chat", now);
  return store.write((revision) => {
    store.run(
      `INSERT INTO chats (id, owner_id, title, titled_by, model_id, created_at, updated_at, touched, revision)
       VALUES (@id, @ownerId, '', 'nobody', @modelId, @now, @now, @revision, @revision)`,
      { id, ownerId: principal.ownerId, modelId, now, revision },
    );
    return requireChat(context, principal, id);
  });
}

function deleteChat({ store }: RepositoryContext, { ownerId }: Principal, chatId: string): void {
  store.run("DELETE FROM chats WHERE id = @chatId AND owner_id = @ownerId", { chatId, ownerId });
  store.run("DELETE FROM drafts WHERE key = @chatId AND owner_id = @ownerId", { chatId, ownerId });
}

function purgeTrash(context: RepositoryContext, texts: MessageTexts, principal: Principal, olderThan: number): number {
  const { store, emptyLog } = context;
  const sql = "SELECT id FROM chats WHERE owner_id = @ownerId AND trashed_at < @olderThan";
  const old = store.all(sql, { ownerId: principal.ownerId, olderThan }) as { id: string }[];
  if (old.length === 0) return 0;
  store.write(() => {
    for (const { id } of old) deleteChat(context, principal, id);
  });
  for (const { id } of old) texts.forget(principal, id);
  emptyLog();
  return old.length;
}

function cleanTitle(title: string): string {
  return toWellFormed(title.trim().slice(0, longestTitle));
}
