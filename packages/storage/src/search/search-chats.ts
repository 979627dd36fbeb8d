import { type Chat, type ChatFilter, type ChatHit, foldCase, queryTerms } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { selectChat, toChat } from "../chats/chat-rows.ts";
import type { Store } from "../workspace/store.ts";
import { cutSnippet } from "./cut-snippet.ts";
import type { MessageTexts } from "./message-texts.ts";

export interface ChatQuery {
  readonly query: string;
  readonly filter: ChatFilter;
  readonly limit: number;
}

/**
 * Chats whose title or one of whose messages contains every word of the query, last used first, each with its newest
 * message that does. Upper and lower case are the same. Without words, the chats that the filter lets through; without
 * either, none.
 */
export async function searchChats(
  store: Store,
  texts: MessageTexts,
  principal: Principal,
  { query, filter, limit }: ChatQuery,
): Promise<ChatHit[]> {
  const terms = queryTerms(query);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (terms.length === 0 && !isFiltered) return [];
  const chats = filteredChats(store, principal, filter);
  const wholeChat = (id: string) => toChat(store.get(`${selectChat} WHERE c.id = @id`, { id }));
  if (terms.length === 0)
    return chats.slice(0, limit).map(({ id }) => ({ chat: wholeChat(id), snippet: null, messageId: null }));
  await texts.refresh(principal);
  const matches = new Map(
    texts
      .find(principal, terms, new Set(chats.map(({ id }) => id)))
      .map(({ chatId, messageId }) => [chatId, messageId]),
  );
  return chats
    .filter(({ id, title }) => matches.has(id) || containsAll(foldCase(title), terms))
    .slice(0, limit)
    .map(({ id }) => describeHit(store, principal, wholeChat(id), matches.get(id) ?? null, terms));
}

function containsAll(folded: string, terms: readonly string[]): boolean {
  return terms.every((term) => folded.includes(term));
}

function describeHit(
  store: Store,
  { ownerId }: Principal,
  chat: Chat,
  messageId: string | null,
  terms: readonly string[],
): ChatHit {
  const sql = "SELECT text FROM messages WHERE id = @messageId AND owner_id = @ownerId";
  const row = messageId && (store.get(sql, { messageId, ownerId }) as { text: string } | undefined);
  return row
    ? { chat, messageId, snippet: cutSnippet(row.text, terms[0] ?? "") }
    : { chat, messageId: null, snippet: null };
}

const titledSchema = z.object({ id: z.string(), title: z.string() });

/** Without those in the trash, last used first; archived ones where the filter asks for them or does not say. */
function filteredChats(store: Store, { ownerId }: Principal, filter: ChatFilter) {
  const conditions: [applies: boolean, condition: string][] = [
    [filter.folderId !== undefined, "c.folder_id = @folderId"],
    [filter.tag !== undefined, "EXISTS (SELECT 1 FROM json_each(c.tags) WHERE value = @tag)"],
    [filter.archived === true, "c.archived_at IS NOT NULL"],
    [filter.archived === false, "c.archived_at IS NULL"],
    [filter.from !== undefined, "c.updated_at >= @from"],
    [filter.to !== undefined, "c.created_at < @to"],
    [filter.modelId !== undefined, "EXISTS (SELECT 1 FROM messages WHERE chat_id = c.id AND model_id = @modelId)"],
    [filter.withDocuments === true, "EXISTS (SELECT 1 FROM messages WHERE chat_id = c.id AND scope IS NOT NULL)"],
  ];
  const wanted = conditions.filter(([applies]) => applies).map(([, condition]) => ` AND ${condition}`);
  const { folderId = null, tag = null, from = null, to = null, modelId = null } = filter;
  return store
    .all(
      `SELECT id, title FROM chats AS c
       WHERE c.owner_id = @ownerId AND c.trashed_at IS NULL${wanted.join("")} ORDER BY c.touched DESC`,
      { ownerId, folderId, tag, from, to, modelId },
    )
    .map((row) => titledSchema.parse(row));
}
