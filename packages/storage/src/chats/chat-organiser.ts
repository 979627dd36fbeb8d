import { createId, toWellFormed } from "@deskside/base";
import type { Chat, ChatOrganisation } from "@deskside/contract";
import { requireFolder } from "./folder-repository.ts";
import type { Principal } from "../principal.ts";
import { requireChat } from "./chat-rows.ts";
import { insertCopies } from "../messages/message-copies.ts";
import { requireMessage, toMessage } from "../messages/message-rows.ts";
import { pathSql } from "../messages/message-paths.ts";
import { toJson } from "../repositories/json-column.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

export interface ChatOrganiser {
  /** Folder, pin, archive, tags; what is absent stays. All of them or, on an error, none. Throws FOLDER_NOT_FOUND. */
  organise(principal: Principal, chatIds: readonly string[], changes: ChatOrganisation): void;
  /**
   * A new chat that goes on from this message: a copy of the branch that ends in it, with folder, tags and model. An
   * answer that is still being written is left out. Throws MESSAGE_NOT_FOUND.
   */
  fork(principal: Principal, messageId: string, title: string): Chat;
}

export function createChatOrganiser(context: RepositoryContext): ChatOrganiser {
  const { store } = context;
  return {
    organise: (principal, chatIds, changes) =>
      store.write((revision) => {
        if (changes.folderId) requireFolder(context, principal, changes.folderId);
        for (const chatId of chatIds) organise(context, principal, revision, chatId, changes);
      }),
    fork: (principal, messageId, title) =>
      store.write((revision) => fork(context, principal, revision, messageId, toWellFormed(title))),
  };
}

/** The moment of pinning and archiving stays the first one: doing it again moves nothing. */
function organise(
  { store, clock, ...context }: RepositoryContext,
  principal: Principal,
  revision: number,
  chatId: string,
  changes: ChatOrganisation,
): void {
  const chat = requireChat({ store, clock, ...context }, principal, chatId);
  const now = clock.now();
  const moment = (wanted: boolean | undefined, since: number | null) =>
    wanted === undefined ? since : wanted ? (since ?? now) : null;
  store.run(
    `UPDATE chats SET folder_id = @folderId, pinned_at = @pinnedAt, archived_at = @archivedAt, tags = @tags,
       revision = @revision
     WHERE id = @chatId AND owner_id = @ownerId`,
    {
      ...{ chatId, ownerId: principal.ownerId, revision },
      folderId: changes.folderId === undefined ? chat.folderId : changes.folderId,
      pinnedAt: moment(changes.pinned, chat.pinnedAt),
      archivedAt: moment(changes.archived, chat.archivedAt),
      tags: JSON.stringify(changes.tags === undefined ? chat.tags : cleanTags(changes.tags)),
    },
  );
}

function cleanTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag) => toWellFormed(tag.trim())).filter((tag) => tag !== ""))];
}

function fork(
  context: RepositoryContext,
  principal: Principal,
  revision: number,
  messageId: string,
  title: string,
): Chat {
  const { store, clock } = context;
  const { ownerId } = principal;
  const source = requireChat(context, principal, requireMessage(context, principal, messageId).chatId);
  const path = store.all(pathSql, { messageId, ownerId }).map(toMessage);
  const now = clock.now();
  const chatId = createId("chat", now);
  store.run(
    `INSERT INTO chats (id, owner_id, title, titled_by, model_id, folder_id, tags, steering, created_at, updated_at, touched, revision)
     VALUES (@chatId, @ownerId, @title, 'user', @modelId, @folderId, @tags, @steering, @now, @now, @revision, @revision)`,
    {
      ...{ chatId, ownerId, title, now, revision, modelId: source.modelId, folderId: source.folderId },
      ...{ tags: JSON.stringify(source.tags), steering: toJson(source.steering) },
    },
  );
  const ids = insertCopies(
    context,
    principal,
    revision,
    chatId,
    path
      .filter(({ status }) => status !== "running")
      .map((message) => ({ ...message, key: message.id, parentKey: message.parentId })),
  );
  store.run("UPDATE chats SET leaf_id = @leafId WHERE id = @chatId AND owner_id = @ownerId", {
    ...{ chatId, ownerId, leafId: [...ids.values()].at(-1) ?? null },
  });
  return requireChat(context, principal, chatId);
}
