import type { Grounding, Message, MessageStats, Sampling, Scope } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import { requireMessage, toMessage } from "./message-rows.ts";
import { createMessageWriter } from "./message-writer.ts";
import { insertEdited } from "./message-copies.ts";
import { newestLeafSql, pathSql } from "./message-paths.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

export interface NewTurn {
  readonly chatId: string;
  /** Null starts a branch at the root. Must be of the same chat. */
  readonly parentId: string | null;
}

export interface EditedAnswer {
  /** The answer it stands beside, as another version. */
  readonly messageId: string;
  readonly text: string;
}

export interface NewAnswer extends NewTurn {
  readonly model: NonNullable<Message["model"]>;
  /** The parameters the generation runs with. */
  readonly params: Sampling;
}

export interface RunningText {
  readonly messageId: string;
  /** Everything so far, not the addition. */
  readonly text: string;
  readonly reasoning: string;
  readonly stats: MessageStats;
}

export interface FinishedAnswer {
  readonly messageId: string;
  readonly status: Exclude<Message["status"], "running">;
  readonly finish: Message["finish"];
  readonly error: Message["error"];
  readonly stats: MessageStats | null;
  /** The last text, when it is newer than what was appended. */
  readonly text?: string;
  readonly reasoning?: string;
  /** Of an answer from documents. */
  readonly grounding?: Grounding;
}

/**
 * The tree of messages. A new message becomes the shown leaf of its chat and moves it to the top of the list. An
 * answer and the record of its generation change in the same transaction. Throws CHAT_NOT_FOUND, MESSAGE_NOT_FOUND.
 */
export interface MessageRepository {
  insertUser(principal: Principal, turn: NewTurn & { text: string; scope?: Scope | null }): Message;
  /** A running, empty answer; its `generationId` is that of the generation recorded with it. */
  insertAssistant(principal: Principal, answer: NewAnswer): Message;
  /** Lets a new generation go on with an answer that ended. What it says stays. */
  resume(principal: Principal, answer: { messageId: string; model: NewAnswer["model"]; params: Sampling }): Message;
  /** To be called at most every 250 ms. Throws MESSAGE_NOT_FOUND when the message is gone or not running. */
  appendRunning(principal: Principal, running: RunningText): void;
  finish(principal: Principal, answer: FinishedAnswer): Message;
  get(principal: Principal, messageId: string): Message;
  /** From the root to this message. */
  path(principal: Principal, messageId: string): Message[];
  /** Another version beside an answer, in words of the person; it is shown. Throws NOT_EDITABLE. */
  insertEdited(principal: Principal, answer: EditedAnswer): Message;
  /** Oldest first. `parentId` null = the roots of the chat. */
  children(principal: Principal, at: { chatId: string; parentId: string | null }): Message[];
  /** The message itself or the newest leaf under it. */
  newestLeafBelow(principal: Principal, messageId: string): Message;
  /**
   * At the start of the process that owns the store: what still runs was cut off by the end of the last one and
   * becomes stopped, "interrupted", with the text it had; of every owner. Returns how many.
   */
  markInterrupted(): number;
}

export function createMessageRepository(context: RepositoryContext): MessageRepository {
  const { store } = context;
  const get = (principal: Principal, messageId: string) => requireMessage(context, principal, messageId);
  return {
    ...createMessageWriter(context),
    get,
    insertEdited: (principal, answer) => store.write((revision) => insertEdited(context, principal, revision, answer)),
    path: (principal, messageId) => {
      get(principal, messageId);
      return store.all(pathSql, { messageId, ownerId: principal.ownerId }).map(toMessage);
    },
    children: ({ ownerId }, { chatId, parentId }) =>
      store
        .all(
          `SELECT * FROM messages WHERE chat_id = @chatId AND owner_id = @ownerId AND parent_id IS @parentId ORDER BY seq`,
          { chatId, ownerId, parentId },
        )
        .map(toMessage),
    newestLeafBelow: (principal, messageId) => {
      get(principal, messageId);
      return toMessage(store.get(newestLeafSql, { messageId, ownerId: principal.ownerId }));
    },
  };
}
