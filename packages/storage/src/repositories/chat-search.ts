import type { ChatHit } from "@deskside/contract";
import type { Connection } from "../driver/connection.ts";
import type { Principal } from "../principal.ts";
import type { Store } from "../workspace/store.ts";
import { selectChat, toChat } from "./chat-rows.ts";

/** Context kept on each side of a hit, in UTF-16 units; with an ordinary query a snippet has about 120. */
const snippetLength = 120;
const minimalContext = 20;

interface HitRow {
  readonly hit_id: string | null;
  readonly hit_text: string | null;
}

/**
 * Chats whose title or messages contain the query, newest first, each with its newest message that does. Upper and
 * lower case are the same; every character of the query stands for itself. An empty query finds nothing.
 */
export function searchChats(store: Store, { ownerId }: Principal, query: string, limit: number): ChatHit[] {
  const wanted = query.trim();
  if (wanted === "") return [];
  const rows = store.all(
    `SELECT hits.*, text AS hit_text FROM (
       ${selectChat.replace(
         "c.*,",
         `c.*, (SELECT id FROM messages WHERE chat_id = c.id AND ${containsSql("text")} ORDER BY seq DESC LIMIT 1) AS hit_id,`,
       )}
       WHERE c.owner_id = @ownerId AND c.trashed_at IS NULL
         AND (hit_id IS NOT NULL OR ${containsSql("c.title")})
       ORDER BY c.touched DESC LIMIT @limit) AS hits
     LEFT JOIN messages ON messages.id = hit_id ORDER BY touched DESC`,
    { ownerId, limit, pattern: likePattern(wanted), folded: needsFolding(wanted) ? foldCase(wanted) : null },
  ) as HitRow[];
  return rows.map((row) => ({
    chat: toChat(row),
    messageId: row.hit_id,
    snippet: row.hit_text === null ? null : cutSnippet(row.hit_text, wanted),
  }));
}

/** LIKE is fast and folds A–Z only; other letters with case go through a function of ours. */
function containsSql(column: string): string {
  return `CASE WHEN @folded IS NULL THEN ${column} LIKE @pattern ESCAPE '\\' ELSE contains_folded(${column}, @folded) END`;
}

/** To be called once for each connection that searches. */
export function registerSearch(connection: Connection): void {
  connection.function("contains_folded", { deterministic: true }, (text, folded) =>
    foldCase(String(text)).includes(String(folded)) ? 1 : 0,
  );
}

function foldCase(text: string): string {
  return text.toLowerCase();
}

function needsFolding(query: string): boolean {
  const rest = query.replaceAll(/[ -~]/g, "");
  return rest.toLowerCase() !== rest.toUpperCase();
}

function likePattern(query: string): string {
  return `%${query.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** The hit as it stands in the text, with what is around it on one line. */
export function cutSnippet(text: string, query: string): string {
  const [start, end] = findHit(text, query);
  const context = Math.max(minimalContext, snippetLength - (end - start));
  const before = Math.min(start, Math.floor(context / 3));
  const after = context - before;
  const from = boundary(text, start - before);
  const to = boundary(text, Math.min(text.length, end + after));
  const left = from > 0 ? "…" : "";
  const right = to < text.length ? "…" : "";
  return `${left}${oneLine(text.slice(from, start))}${text.slice(start, end)}${oneLine(text.slice(end, to))}${right}`;
}

function findHit(text: string, query: string): [number, number] {
  const match = new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu").exec(text);
  if (match) return [match.index, match.index + match[0].length];
  // Letters that change their length with their case: look where the folded text has it, which is near enough.
  const folded = foldCase(text).indexOf(foldCase(query));
  const start = boundary(text, Math.max(0, Math.min(folded, text.length)));
  return [start, boundary(text, Math.min(text.length, start + query.length))];
}

/** Never between the halves of a surrogate pair. */
function boundary(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 && at > 0 ? at - 1 : at;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
