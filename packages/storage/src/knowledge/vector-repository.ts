import type { KnowledgeContext } from "./knowledge-context.ts";
import { passageRange } from "./collection-repository.ts";

export interface QueuedPassage {
  readonly seq: number;
  readonly text: string;
  /** JSON. */
  readonly context: string;
  readonly textHash: Uint8Array;
  /** The vector of the same text, when it has one already. */
  readonly known: { readonly embeddingSeq: number; readonly vector: Uint8Array } | null;
}

export interface NewVector {
  readonly passageSeq: number;
  /** For search; see the package that makes it. */
  readonly code: Uint8Array;
  /** The vector itself, or the number of the one that the same text has already. */
  readonly vector: Uint8Array | { readonly embeddingSeq: number };
}

export interface CodedPassage {
  readonly seq: number;
  readonly code: Uint8Array;
}

export interface VectorRepository {
  /** Number of a model by its id, which also says its version and file; made when it is new. */
  modelSeq(model: { id: string; dimensions: number }): number;
  /** Null when no vector was ever wanted from it. */
  findModel(id: string): { seq: number; dimensions: number } | null;
  /** Passages of a collection are to get vectors of this model; it answers once none waits. Null: no vectors any more. */
  want(collectionSeq: number, modelSeq: number | null): void;
  /** Waiting passages of a collection, first ones first. */
  queued(collectionSeq: number, modelSeq: number, limit: number): QueuedPassage[];
  countQueued(collectionSeq: number, modelSeq: number): number;
  /** Collections with passages that wait for this model. */
  collectionsWaiting(modelSeq: number): number[];
  /** Stores vectors; documents whose passages all have one become `ready`. A passage that has gone meanwhile is left out. */
  add(collectionSeq: number, modelSeq: number, vectors: readonly NewVector[]): void;
  /** Codes after `after`, ascending. */
  codes(collectionSeq: number, modelSeq: number, after: number, limit: number): CodedPassage[];
  saveCodes(modelSeq: number, codes: readonly CodedPassage[]): void;
  /** Vectors of passages, by passage; those without are left out. */
  vectors(modelSeq: number, seqs: readonly number[]): { seq: number; vector: Uint8Array }[];
  center(collectionSeq: number, modelSeq: number): { center: Uint8Array; coded: number } | null;
  saveCenter(collectionSeq: number, modelSeq: number, center: { center: Uint8Array; coded: number }): void;
}

export function createVectorRepository(context: KnowledgeContext): VectorRepository {
  const { store } = context;
  return {
    modelSeq: (model) => modelSeq(context, model),
    findModel: (id) =>
      (store.get("SELECT seq, dimensions FROM models WHERE id = @id", { id }) as
        | { seq: number; dimensions: number }
        | undefined) ?? null,
    want: (collectionSeq, model) => wantVectors(context, collectionSeq, model),
    queued: (collectionSeq, model, limit) => readQueue(context, collectionSeq, model, limit),
    countQueued: (collectionSeq, model) =>
      (
        store.get(
          "SELECT count(*) AS count FROM vector_queue WHERE model_seq = @model AND passage_seq BETWEEN @from AND @to",
          { ...passageRange(collectionSeq), model },
        ) as { count: number }
      ).count,
    collectionsWaiting: (model) =>
      (
        store.all(
          `SELECT seq FROM collections WHERE kind <> 'removed' AND (model_seq = @model OR next_model_seq = @model)`,
          { model },
        ) as { seq: number }[]
      ).map(({ seq }) => seq),
    add: (collectionSeq, model, vectors) => addVectors(context, collectionSeq, model, vectors),
    codes: (collectionSeq, model, after, limit) =>
      store.all(
        `SELECT passage_seq AS seq, code FROM passage_vectors
         WHERE model_seq = @model AND passage_seq > @after AND passage_seq <= @to ORDER BY passage_seq LIMIT @limit`,
        { model, after: Math.max(after, passageRange(collectionSeq).from), to: passageRange(collectionSeq).to, limit },
      ) as CodedPassage[],
    saveCodes: (model, codes) =>
      store.write(() => {
        for (const { seq, code } of codes) {
          store.run("UPDATE passage_vectors SET code = @code WHERE model_seq = @model AND passage_seq = @seq", {
            ...{ model, seq, code },
          });
        }
      }),
    vectors: (model, seqs) =>
      store.all(
        `SELECT v.passage_seq AS seq, e.vector FROM json_each(@seqs) wanted
         CROSS JOIN passage_vectors v ON v.model_seq = @model AND v.passage_seq = wanted.value
         JOIN embeddings e ON e.seq = v.embedding_seq`,
        { model, seqs: JSON.stringify(seqs) },
      ) as { seq: number; vector: Uint8Array }[],
    ...createCenters(context),
  };
}

/** What codes are relative to. */
function createCenters({ store }: KnowledgeContext): Pick<VectorRepository, "center" | "saveCenter"> {
  return {
    center: (collectionSeq, model) =>
      (store.get(
        "SELECT center, coded FROM vector_centers WHERE collection_seq = @collectionSeq AND model_seq = @model",
        {
          ...{ collectionSeq, model },
        },
      ) as { center: Uint8Array; coded: number } | undefined) ?? null,
    saveCenter: (collectionSeq, model, { center, coded }) =>
      store.write(() => {
        store.run(
          `INSERT INTO vector_centers (collection_seq, model_seq, center, coded)
           VALUES (@collectionSeq, @model, @center, @coded)
           ON CONFLICT DO UPDATE SET center = excluded.center, coded = excluded.coded`,
          { collectionSeq, model, center, coded },
        );
      }),
  };
}

function modelSeq({ store }: KnowledgeContext, { id, dimensions }: { id: string; dimensions: number }): number {
  const find = () => store.get("SELECT seq FROM models WHERE id = @id", { id }) as { seq: number } | undefined;
  const known = find();
  if (known) return known.seq;
  return store.write((revision) => {
    store.run("INSERT INTO models (id, dimensions, revision) VALUES (@id, @dimensions, @revision)", {
      ...{ id, dimensions, revision },
    });
    return (find() as { seq: number }).seq;
  });
}

function wantVectors({ store }: KnowledgeContext, collectionSeq: number, model: number | null): void {
  const range = passageRange(collectionSeq);
  const { model_seq: active, next_model_seq: next } = store.get(
    "SELECT model_seq, next_model_seq FROM collections WHERE seq = @collectionSeq",
    { collectionSeq },
  ) as { model_seq: number | null; next_model_seq: number | null };
  if (model === active && next === null) return;
  if (model !== null && model === next) return;
  store.write((revision) => {
    // What was half filled and is no longer wanted goes now; the model that answers stays until the new one can.
    if (next !== null) dropVectors(store, range, next);
    const waits = model !== null && model !== active && active !== null;
    if (model === null && active !== null) dropVectors(store, range, active);
    store.run(
      "UPDATE collections SET model_seq = @first, next_model_seq = @next, revision = @revision WHERE seq = @collectionSeq",
      { first: waits ? active : model, next: waits ? model : null, revision, collectionSeq },
    );
    if (model === null) {
      store.run(
        "UPDATE documents SET state = 'ready', revision = @revision WHERE collection_seq = @collectionSeq AND state = 'embedding'",
        { revision, collectionSeq },
      );
    }
    if (model === null || model === active) return;
    store.run(
      `INSERT OR IGNORE INTO vector_queue (model_seq, passage_seq)
       SELECT @model, seq FROM passages WHERE seq BETWEEN @from AND @to`,
      { ...range, model },
    );
    if (!waits) markEmbedding(store, range, collectionSeq, model, revision);
    settle(store, collectionSeq, model, revision);
  });
}

type Store = KnowledgeContext["store"];

function markEmbedding(
  store: Store,
  { from, to }: { from: number; to: number },
  seq: number,
  model: number,
  revision: number,
): void {
  store.run(
    `UPDATE documents SET state = 'embedding', revision = @revision WHERE collection_seq = @seq AND state = 'ready'
       AND EXISTS (SELECT 1 FROM vector_queue WHERE model_seq = @model AND passage_seq BETWEEN @from AND @to)
       AND passages > 0`,
    { from, to, seq, model, revision },
  );
}

function dropVectors(store: Store, range: { from: number; to: number }, model: number): void {
  const values = { ...range, model };
  store.run("DELETE FROM vector_queue WHERE model_seq = @model AND passage_seq BETWEEN @from AND @to", values);
  store.run("DELETE FROM passage_vectors WHERE model_seq = @model AND passage_seq BETWEEN @from AND @to", values);
  store.run(
    `DELETE FROM embeddings WHERE model_seq = @model
       AND NOT EXISTS (SELECT 1 FROM passage_vectors WHERE embedding_seq = embeddings.seq)`,
    { model },
  );
}

/** The new model takes over when nothing waits for it any more. */
function settle(store: Store, collectionSeq: number, model: number, revision: number): void {
  const range = passageRange(collectionSeq);
  const waiting = store.get(
    "SELECT 1 AS one FROM vector_queue WHERE model_seq = @model AND passage_seq BETWEEN @from AND @to LIMIT 1",
    { ...range, model },
  );
  if (waiting !== undefined) return;
  const row = store.get("SELECT model_seq, next_model_seq FROM collections WHERE seq = @collectionSeq", {
    collectionSeq,
  }) as { model_seq: number | null; next_model_seq: number | null };
  if (row.next_model_seq !== model) return;
  store.run(
    "UPDATE collections SET model_seq = @model, next_model_seq = NULL, revision = @revision WHERE seq = @collectionSeq",
    { model, revision, collectionSeq },
  );
  if (row.model_seq !== null) dropVectors(store, range, row.model_seq);
}

interface QueueRow {
  readonly seq: number;
  readonly text: string;
  readonly context: string;
  readonly text_hash: Uint8Array;
  readonly embedding_seq: number | null;
  readonly vector: Uint8Array | null;
}

function readQueue({ store }: KnowledgeContext, collectionSeq: number, model: number, limit: number): QueuedPassage[] {
  const rows = store.all(
    `SELECT p.seq, p.text, p.context, p.text_hash, e.seq AS embedding_seq, e.vector
     FROM vector_queue q JOIN passages p ON p.seq = q.passage_seq
     LEFT JOIN embeddings e ON e.model_seq = q.model_seq AND e.text_hash = p.text_hash
     WHERE q.model_seq = @model AND q.passage_seq BETWEEN @from AND @to ORDER BY q.passage_seq LIMIT @limit`,
    { ...passageRange(collectionSeq), model, limit },
  ) as QueueRow[];
  return rows.map(({ text_hash: textHash, embedding_seq: embeddingSeq, vector, ...passage }) => ({
    ...passage,
    textHash,
    known: embeddingSeq === null || vector === null ? null : { embeddingSeq, vector },
  }));
}

function addVectors(
  { store, clock }: KnowledgeContext,
  collectionSeq: number,
  model: number,
  vectors: readonly NewVector[],
): void {
  store.write((revision) => {
    const documents = new Set<number>();
    for (const { passageSeq, code, vector } of vectors) {
      const passage = store.get("SELECT document_seq, text_hash FROM passages WHERE seq = @passageSeq", {
        passageSeq,
      }) as { document_seq: number; text_hash: Uint8Array } | undefined;
      if (!passage) continue;
      const embeddingSeq =
        vector instanceof Uint8Array ? saveEmbedding(store, model, passage.text_hash, vector) : vector.embeddingSeq;
      store.run(
        `INSERT OR REPLACE INTO passage_vectors (model_seq, passage_seq, embedding_seq, code)
         VALUES (@model, CAST(@passageSeq AS INTEGER), @embeddingSeq, @code)`,
        { model, passageSeq, embeddingSeq, code },
      );
      store.run("DELETE FROM vector_queue WHERE model_seq = @model AND passage_seq = @passageSeq", {
        model,
        passageSeq,
      });
      documents.add(passage.document_seq);
    }
    for (const seq of documents) {
      store.run(
        `UPDATE documents SET state = 'ready', ready_at = @now, revision = @revision
         WHERE seq = @seq AND state = 'embedding' AND NOT EXISTS (SELECT 1 FROM vector_queue
           WHERE model_seq = @model AND passage_seq BETWEEN documents.first_passage
             AND documents.first_passage + documents.passages - 1)`,
        { seq, model, now: clock.now(), revision },
      );
    }
    settle(store, collectionSeq, model, revision);
  });
}

function saveEmbedding(store: Store, model: number, textHash: Uint8Array, vector: Uint8Array): number {
  store.run("INSERT OR IGNORE INTO embeddings (model_seq, text_hash, vector) VALUES (@model, @textHash, @vector)", {
    ...{ model, textHash, vector },
  });
  const row = store.get("SELECT seq FROM embeddings WHERE model_seq = @model AND text_hash = @textHash", {
    ...{ model, textHash },
  });
  return (row as { seq: number }).seq;
}
