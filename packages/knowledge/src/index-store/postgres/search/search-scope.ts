import { deskError } from "@deskside/contract";
import { readCollections } from "../rows/collection-rows.ts";
import type { Owner, PassageQuery } from "../../passage-index.ts";
import type { Query } from "../server/database.ts";

export interface SearchedCollection {
  readonly seq: number;
  /** Whose vectors answer. */
  readonly model: string | null;
  /** In the scope. */
  readonly passages: number;
  /** Of those passages, altogether. */
  readonly words: number;
}

export interface SearchScope {
  readonly collections: readonly SearchedCollection[];
  /** Null: all of the collections. */
  readonly documents: readonly number[] | null;
}

/** Throws COLLECTION_NOT_FOUND, DOCUMENT_NOT_FOUND. */
export async function readScope(query: Query, owner: Owner, scope: PassageQuery["scope"]): Promise<SearchScope> {
  if (scope.kind === "documents") return readDocuments(query, owner, scope.ids);
  const known = await readCollections(query, owner);
  const counts = (await query(
    `SELECT collection_seq AS seq, sum(passages) AS passages, sum(words)::bigint AS words FROM deskside.documents
     WHERE owner_id = $1 GROUP BY collection_seq`,
    [owner.ownerId],
  )) as { seq: number; passages: number; words: number }[];
  const collections = scope.ids.map((id) => {
    const found = known.find(({ collection }) => collection.id === id);
    if (!found) throw deskError("COLLECTION_NOT_FOUND", { collection: id });
    const { passages, words } = counts.find(({ seq }) => seq === found.seq) ?? { passages: 0, words: 0 };
    return { seq: found.seq, model: found.collection.model, passages, words };
  });
  return { collections, documents: null };
}

interface ScopedDocument {
  readonly seq: number;
  readonly id: string;
  readonly collection: number;
  readonly model: string | null;
  readonly passages: number;
  readonly words: number;
}

async function readDocuments(query: Query, owner: Owner, ids: readonly string[]): Promise<SearchScope> {
  const found = (await query(
    `SELECT d.seq, d.id, d.passages, d.words, c.seq AS collection, m.id AS model FROM deskside.documents d
       JOIN deskside.collections c ON c.seq = d.collection_seq AND c.kind <> 'removed'
       LEFT JOIN deskside.models m ON m.seq = c.model_seq
     WHERE d.owner_id = $1 AND d.id = ANY($2::text[]) ORDER BY d.seq`,
    [owner.ownerId, ids],
  )) as ScopedDocument[];
  const missing = ids.find((id) => !found.some((document) => document.id === id));
  if (missing !== undefined) throw deskError("DOCUMENT_NOT_FOUND", { documentId: missing });
  const collections = new Map<number, SearchedCollection>();
  for (const { collection: seq, model, passages, words } of found) {
    const before = collections.get(seq) ?? { passages: 0, words: 0 };
    collections.set(seq, { seq, model, passages: before.passages + passages, words: before.words + words });
  }
  return { collections: [...collections.values()], documents: found.map(({ seq }) => seq) };
}
