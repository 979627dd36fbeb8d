import { createId, toWellFormed } from "@deskside/base";
import { type Chat, type ChatHit, type ChatWithMessages, deskError } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import type { SqlValues } from "../workspace/store.ts";
import { selectChat, toChat } from "./chat-rows.ts";
import { requireChat } from "./row-lookup.ts";
import { searchChats } from "./chat-search.ts";
import { toMessage } from "./message-rows.ts";
import type { RepositoryContext } from "./repository-context.ts";

/** Chats of one owner. Whatever is not that owner's is CHAT_NOT_FOUND. */
export interface ChatRepository {
  create(principal: Principal, chat: { modelId: string | null }): Chat;
  /** Newest first by what was last written to, not by clock; without those in the trash. */
  list(principal: Principal): Chat[];
  /** Last trashed first. */
  listTrash(principal: Principal): Chat[];
  get(principal: Principal, chatId: string): Chat;
  /** Messages in the order they were written. */
  getWithMessages(principal: Principal, chatId: string): ChatWithMessages;
  search(principal: Principal, query: string, limit: number): ChatHit[];
  rename(principal: Principal, chatId: string, title: string): Chat;
  /** Gives a title made from the first exchange; leaves one that is there. */
  setTitleIfUntitled(principal: Principal, chatId: string, title: string): Chat;
  setModel(principal: Principal, chatId: string, modelId: string | null): Chat;
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

export function createChatRepository(context: RepositoryContext): ChatRepository {
  const { store, clock, emptyLog } = context;
  const get = (principal: Principal, chatId: string) => requireChat(context, principal, chatId);
  const update = (principal: Principal, chatId: string, assignments: string, values: SqlValues = {}) =>
    store.write((revision) => {
      const sql = `UPDATE chats SET ${assignments}, revision = @revision WHERE id = @chatId AND owner_id = @ownerId`;
      store.run(sql, { ...values, chatId, revision, ownerId: principal.ownerId });
      return get(principal, chatId);
    });
  return {
    create: (principal, { modelId }) => createChat(context, principal, modelId),
    list: ({ ownerId }) =>
      store
        .all(`${selectChat} WHERE c.owner_id = @ownerId AND c.trashed_at IS NULL ORDER BY c.touched DESC`, { ownerId })
        .map(toChat),
    listTrash: ({ ownerId }) =>
      store
        .all(
          `${selectChat} WHERE c.owner_id = @ownerId AND c.trashed_at IS NOT NULL ORDER BY c.trashed_at DESC, c.revision DESC`,
          { ownerId },
        )
        .map(toChat),
    get,
    getWithMessages: (principal, chatId) => ({
      ...get(principal, chatId),
      messages: store
        .all("SELECT * FROM messages WHERE chat_id = @chatId AND owner_id = @ownerId ORDER BY seq", {
          chatId,
          ownerId: principal.ownerId,
        })
        .map(toMessage),
    }),
    search: (principal, query, limit) => searchChats(store, principal, toWellFormed(query), limit),
    rename: (principal, chatId, title) =>
      update(principal, chatId, "title = @title, titled_by = 'user'", { title: cleanTitle(title) }),
    setTitleIfUntitled: (principal, chatId, title) => {
      const values = { title: cleanTitle(title) };
      const whenNobody = (value: string, column: string) =>
        `CASE titled_by WHEN 'nobody' THEN ${value} ELSE ${column} END`;
      const assignments = `title = ${whenNobody("@title", "title")}, titled_by = ${whenNobody("'exchange'", "titled_by")}`;
      return update(principal, chatId, assignments, values);
    },
    setModel: (principal, chatId, modelId) => update(principal, chatId, "model_id = @modelId", { modelId }),
    setLeaf: (principal, chatId, messageId) => {
      const { ownerId } = principal;
      const sql = "SELECT 1 FROM messages WHERE id = @messageId AND chat_id = @chatId AND owner_id = @ownerId";
      get(principal, chatId);
      if (!store.get(sql, { messageId, chatId, ownerId })) throw deskError("MESSAGE_NOT_FOUND", { messageId });
      return update(principal, chatId, "leaf_id = @messageId", { messageId });
    },
    touch: (principal, chatId) =>
      update(principal, chatId, "updated_at = @now, touched = @revision", { now: clock.now() }),
    trash: (principal, chatId) =>
      update(principal, chatId, "trashed_at = coalesce(trashed_at, @now)", { now: clock.now() }),
    restore: (principal, chatId) => update(principal, chatId, "trashed_at = NULL"),
    deleteForever: (principal, chatId) => {
      store.write(() => {
        get(principal, chatId);
        deleteChat(context, principal, chatId);
      });
      emptyLog();
    },
    purgeTrash: (principal, olderThan) => purgeTrash(context, principal, olderThan),
  };
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

function purgeTrash(context: RepositoryContext, principal: Principal, olderThan: number): number {
  const { store, emptyLog } = context;
  const sql = "SELECT id FROM chats WHERE owner_id = @ownerId AND trashed_at < @olderThan";
  const old = store.all(sql, { ownerId: principal.ownerId, olderThan }) as { id: string }[];
  if (old.length === 0) return 0;
  store.write(() => {
    for (const { id } of old) deleteChat(context, principal, id);
  });
  emptyLog();
  return old.length;
}

function cleanTitle(title: string): string {
  return toWellFormed(title.trim().slice(0, longestTitle));
}
