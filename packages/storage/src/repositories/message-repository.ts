import type { Grounding, Message, MessageStats, Sampling, Scope } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import { requireMessage, toMessage } from "./message-rows.ts";
import { createMessageWriter } from "./message-writer.ts";
import type { RepositoryContext } from "./repository-context.ts";

export interface NewTurn {
  readonly chatId: string;
  /** Null starts a branch at the root. Must be of the same chat. */
  readonly parentId: string | null;
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

// A child is always younger than its parent: the condition on seq keeps even a damaged tree from going in circles.
const pathSql = `
  WITH RECURSIVE branch AS (
    SELECT * FROM messages WHERE id = @messageId AND owner_id = @ownerId
    UNION ALL
    SELECT parent.* FROM messages AS parent JOIN branch ON parent.id = branch.parent_id
    WHERE parent.owner_id = @ownerId AND parent.seq < branch.seq)
  SELECT * FROM branch ORDER BY seq`;

const newestLeafSql = `
  WITH RECURSIVE below AS (
    SELECT id, seq FROM messages WHERE id = @messageId AND owner_id = @ownerId
    UNION ALL
    SELECT child.id, child.seq FROM messages AS child JOIN below ON child.parent_id = below.id
    WHERE child.owner_id = @ownerId AND child.seq > below.seq)
  SELECT messages.* FROM below JOIN messages ON messages.id = below.id
  WHERE NOT EXISTS (SELECT 1 FROM messages AS child WHERE child.parent_id = below.id)
  ORDER BY below.seq DESC LIMIT 1`;
