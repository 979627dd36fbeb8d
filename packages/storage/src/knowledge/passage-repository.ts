import type { Principal } from "../principal.ts";
import type { KnowledgeContext } from "./knowledge-context.ts";
import { passageRange } from "./collection-repository.ts";

/** A passage as it is written. `words`: what full-text search sees of it. `textHash`: 16 bytes of what is embedded. */
export interface NewPassage {
  readonly text: string;
  /** JSON of title and sections. */
  readonly context: string;
  readonly kind: string;
  /** JSON. */
  readonly spans: string;
  readonly tokens: number;
  readonly textHash: Uint8Array;
  readonly words: { readonly context: string; readonly body: string };
}

export interface StoredPassage {
  readonly seq: number;
  readonly document_seq: number;
  readonly position: number;
  readonly text: string;
  readonly context: string;
  readonly kind: string;
  readonly spans: string;
  readonly tokens: number;
  readonly document: string;
  readonly path: string;
  readonly collection: string;
}

/** Closed range of passage numbers: a collection's, or a document's. */
export interface PassageRange {
  readonly from: number;
  readonly to: number;
}

export interface PassageRepository {
  /**
   * Replaces a document's passages and makes them searchable by their words, in one transaction. `models`: they wait
   * for vectors of these; none: the document is `ready`, otherwise `embedding`. Throws DOCUMENT_NOT_FOUND through `seq`.
   */
  replace(
    document: { seq: number; owner: string; collectionSeq: number },
    passages: readonly NewPassage[],
  ): PassageRange | null;
  /** Up to `limit` passages of a range are deleted with everything that hangs on them; returns how many. */
  removeSome(range: PassageRange, limit: number): number;
  /** In the order given; what is gone or of another owner is left out. */
  read(principal: Principal, seqs: readonly number[]): StoredPassage[];
  /** Passages of a range that contain `expression` (FTS5), best by BM25 first; `score` is higher for better ones. */
  match(expression: string, range: PassageRange, limit: number): { seq: number; score: number }[];
  /** How many passages of a range match, counted up to `most`. */
  countMatches(expression: string, range: PassageRange, most: number): number;
  /** Passages of a collection. */
  count(collectionSeq: number): number;
  /** Range of a document's passages; null when it has none. */
  rangeOf(documentSeq: number): PassageRange | null;
}

/** Headings and titles say what a passage is about in few words. */
const contextWeight = 2;

export function createPassageRepository(context: KnowledgeContext): PassageRepository {
  const { store } = context;
  const rangeOf = (documentSeq: number) => {
    const row = store.get("SELECT first_passage AS first, passages AS count FROM documents WHERE seq = @documentSeq", {
      documentSeq,
    }) as { first: number | null; count: number } | undefined;
    if (!row || row.first === null || row.count === 0) return null;
    return { from: row.first, to: row.first + row.count - 1 };
  };
  return {
    rangeOf,
    count: (collectionSeq) =>
      (
        store.get("SELECT coalesce(sum(passages), 0) AS count FROM documents WHERE collection_seq = @collectionSeq", {
          collectionSeq,
        }) as { count: number }
      ).count,
    replace: (document, passages) =>
      store.write((revision) => {
        const old = rangeOf(document.seq);
        if (old) removePassages(context, old, Number.MAX_SAFE_INTEGER);
        return insertPassages(context, document, passages, revision);
      }),
    removeSome: (range, limit) => store.write(() => removePassages(context, range, limit)),
    read: ({ ownerId }, seqs) => readPassages(context, ownerId, seqs),
    match: (expression, { from, to }, limit) =>
      store.all(
        // FTS5 ignores bounds that are not integers, and the driver hands over large numbers as reals.
        `SELECT rowid AS seq, -bm25(passage_words, ${contextWeight}, 1) AS score FROM passage_words
         WHERE passage_words MATCH @expression AND rowid BETWEEN CAST(@from AS INTEGER) AND CAST(@to AS INTEGER)
         ORDER BY bm25(passage_words, ${contextWeight}, 1) LIMIT @limit`,
        { expression, from, to, limit },
      ) as { seq: number; score: number }[],
    countMatches: (expression, { from, to }, most) => {
      const row = store.get(
        `SELECT count(*) AS count FROM (SELECT 1 FROM passage_words WHERE passage_words MATCH @expression
           AND rowid BETWEEN CAST(@from AS INTEGER) AND CAST(@to AS INTEGER) LIMIT @most)`,
        { expression, from, to, most },
      );
      return (row as { count: number }).count;
    },
  };
}

function insertPassages(
  { store }: KnowledgeContext,
  document: { seq: number; owner: string; collectionSeq: number },
  passages: readonly NewPassage[],
  revision: number,
): PassageRange | null {
  const { seq: documentSeq, owner, collectionSeq } = document;
  const collection = store.get(
    "SELECT last_passage, model_seq, next_model_seq FROM collections WHERE seq = @collectionSeq",
    { collectionSeq },
  ) as { last_passage: number; model_seq: number | null; next_model_seq: number | null };
  const models = [collection.model_seq, collection.next_model_seq].filter((model) => model !== null);
  const from = passageRange(collectionSeq).from + collection.last_passage + 1;
  for (const [position, passage] of passages.entries()) {
    const { words, ...columns } = passage;
    const seq = from + position;
    store.run(
      `INSERT INTO passages (seq, owner_id, document_seq, position, text, context, kind, spans, tokens, text_hash)
       VALUES (CAST(@seq AS INTEGER), @owner, @documentSeq, @position, @text, @context, @kind, @spans, @tokens, @textHash)`,
      { ...columns, seq, owner, documentSeq, position },
    );
    store.run("INSERT INTO passage_words (rowid, context, body) VALUES (CAST(@seq AS INTEGER), @context, @body)", {
      ...{ seq, context: words.context, body: words.body },
    });
    for (const modelSeq of models) {
      store.run("INSERT INTO vector_queue (model_seq, passage_seq) VALUES (@modelSeq, @seq)", { modelSeq, seq });
    }
  }
  const state = models.length > 0 && passages.length > 0 ? "embedding" : "ready";
  store.run(
    "UPDATE collections SET last_passage = last_passage + @count, revision = @revision WHERE seq = @collectionSeq",
    {
      ...{ count: passages.length, collectionSeq, revision },
    },
  );
  store.run(
    `UPDATE documents SET first_passage = @from, passages = @count, state = @state, failure = NULL, revision = @revision
     WHERE seq = @documentSeq`,
    { from, count: passages.length, state, revision, documentSeq },
  );
  return passages.length === 0 ? null : { from, to: from + passages.length - 1 };
}

/** Vectors, places in the queue and words go too, and what no other passage has embedded. */
function removePassages({ store }: KnowledgeContext, { from, to }: PassageRange, limit: number): number {
  const rows = store.all("SELECT seq FROM passages WHERE seq BETWEEN @from AND @to ORDER BY seq LIMIT @limit", {
    from,
    to,
    limit,
  }) as { seq: number }[];
  const last = rows.at(-1);
  if (!last) return 0;
  const range = { from, to: last.seq };
  const embeddings = store.all(
    `SELECT DISTINCT embedding_seq AS seq FROM passage_vectors WHERE passage_seq BETWEEN @from AND @to`,
    range,
  ) as { seq: number }[];
  store.run(
    "DELETE FROM passage_words WHERE rowid IN (SELECT seq FROM passages WHERE seq BETWEEN @from AND @to)",
    range,
  );
  store.run("DELETE FROM passages WHERE seq BETWEEN @from AND @to", range);
  for (const { seq } of embeddings) {
    store.run(
      `DELETE FROM embeddings WHERE seq = @seq
         AND NOT EXISTS (SELECT 1 FROM passage_vectors WHERE embedding_seq = @seq)`,
      { seq },
    );
  }
  return rows.length;
}

function readPassages({ store }: KnowledgeContext, ownerId: string, seqs: readonly number[]): StoredPassage[] {
  const rows = store.all(
    `SELECT p.seq, p.document_seq, p.position, p.text, p.context, p.kind, p.spans, p.tokens,
       d.id AS document, d.path, c.id AS collection
     FROM json_each(@seqs) wanted CROSS JOIN passages p ON p.seq = wanted.value
       JOIN documents d ON d.seq = p.document_seq JOIN collections c ON c.seq = d.collection_seq
     WHERE p.owner_id = @ownerId AND c.kind <> 'removed' ORDER BY wanted.key`,
    { ownerId, seqs: JSON.stringify(seqs) },
  );
  return rows as StoredPassage[];
}
