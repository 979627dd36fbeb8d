import type { Clock } from "@deskside/base";
import type { StoredPassage } from "@deskside/storage";
import { embeddedTextOf } from "../../embedded/stored-passages.ts";
import type { PassageIndex, PendingPassage, VectorModel } from "../../passage-index.ts";
import type { Database, Query } from "../server/database.ts";
import { readCollection } from "./collection-rows.ts";
import { serverPassageId, serverPassageSeq } from "./server-ids.ts";

/** pgvector's index takes no more dimensions; longer vectors are compared one by one. */
export const mostIndexedDimensions = 2000;
/** Looked at for texts that have a vector already, at a time. */
const lookedAtOnce = 256;

type VectorCalls = "useModel" | "pendingPassages" | "setVectors";

export function createVectorCalls(database: Database, clock: Clock): Pick<PassageIndex, VectorCalls> {
  return {
    useModel: async (owner, id, model) => {
      const modelSeq = model && (await modelNumber(database, model));
      await database.transaction(async (query) => {
        const collection = await readCollection(query, owner, id, true);
        await wantVectors(query, collection, modelSeq);
      });
    },
    pendingPassages: async (model, limit) => {
      const modelSeq = await modelNumber(database, model);
      await settleWaiting(database, modelSeq);
      while (await linkKnown(database, clock, modelSeq));
      return readPending(database.query, modelSeq, limit);
    },
    setVectors: async (model, vectors) => {
      const rows = vectors.map(({ id, values }) => {
        const seq = serverPassageSeq(id);
        if (seq === null || values.length !== model.dimensions) throw new Error(`no vector of ${model.id} for ${id}`);
        return { seq, text: vectorLiteral(values) };
      });
      const modelSeq = await modelNumber(database, model);
      await database.transaction((query) => storeVectors(query, clock, modelSeq, rows));
    },
  };
}

export function vectorLiteral(values: Float32Array): string {
  return `[${values.join(",")}]`;
}

/** Number of a model, made when it is new, with an index for its vectors. */
async function modelNumber(database: Database, { id, dimensions }: VectorModel): Promise<number> {
  const find = async (query: Query) =>
    (await query("SELECT seq FROM deskside.models WHERE id = $1", [id])) as { seq: number }[];
  const [known] = await find(database.query);
  if (known) return known.seq;
  return database.transaction(async (query) => {
    const [made] = (await query(
      "INSERT INTO deskside.models (id, dimensions) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING seq",
      [id, dimensions],
    )) as { seq: number }[];
    if (!made) return ((await find(query))[0] as { seq: number }).seq;
    if (dimensions <= mostIndexedDimensions) {
      // Both are whole numbers from the statement above; names and sizes cannot be handed over as values.
      await query(
        `CREATE INDEX vectors_of_model_${made.seq} ON deskside.vectors
         USING hnsw ((vector::vector(${Math.trunc(dimensions)})) vector_cosine_ops)
         WHERE model_seq = ${made.seq} AND vector IS NOT NULL`,
      );
    }
    return made.seq;
  });
}

/** Passages of a collection or of a document are to get vectors. */
export async function awaitVectors(
  query: Query,
  model: number,
  of: { collection: number } | { document: number },
): Promise<void> {
  const [column, seq] = "document" in of ? ["document_seq", of.document] : ["collection_seq", of.collection];
  await query(
    `INSERT INTO deskside.vectors (model_seq, passage_seq, owner_id, collection_seq, text_hash)
     SELECT $1, seq, owner_id, collection_seq, text_hash FROM deskside.passages WHERE ${column} = $2
     ON CONFLICT DO NOTHING`,
    [model, seq],
  );
}

async function wantVectors(
  query: Query,
  { seq, modelSeq: active, nextModelSeq: next }: { seq: number; modelSeq: number | null; nextModelSeq: number | null },
  model: number | null,
): Promise<void> {
  if ((model === active && next === null) || (model !== null && model === next)) return;
  // What was half filled and is no longer wanted goes now; the model that answers stays until the new one can.
  if (next !== null) await dropVectors(query, seq, next);
  if (model === null && active !== null) await dropVectors(query, seq, active);
  const waits = model !== null && model !== active && active !== null;
  await query("UPDATE deskside.collections SET model_seq = $2, next_model_seq = $3 WHERE seq = $1", [
    ...[seq, waits ? active : model, waits ? model : null],
  ]);
  if (model === null) {
    await query("UPDATE deskside.documents SET state = 'ready' WHERE collection_seq = $1 AND state = 'embedding'", [
      seq,
    ]);
  }
  if (model === null || model === active) return;
  await awaitVectors(query, model, { collection: seq });
  if (!waits) {
    await query(
      `UPDATE deskside.documents SET state = 'embedding' WHERE collection_seq = $1 AND state = 'ready' AND passages > 0`,
      [seq],
    );
  }
  await settleModel(query, seq, model);
}

async function dropVectors(query: Query, collection: number, model: number): Promise<void> {
  await query("DELETE FROM deskside.vectors WHERE collection_seq = $1 AND model_seq = $2", [collection, model]);
}

/** The new model takes over when nothing waits for it any more. The collection has to be held. */
export async function settleModel(query: Query, collection: number, model: number): Promise<void> {
  const [settled] = (await query(
    `WITH old AS (SELECT model_seq FROM deskside.collections WHERE seq = $1)
     UPDATE deskside.collections SET model_seq = next_model_seq, next_model_seq = NULL
     WHERE seq = $1 AND next_model_seq = $2 AND NOT EXISTS (
       SELECT 1 FROM deskside.vectors WHERE model_seq = $2 AND collection_seq = $1 AND vector IS NULL)
     RETURNING (SELECT model_seq FROM old) AS old`,
    [collection, model],
  )) as { old: number | null }[];
  if (settled && settled.old !== null) await dropVectors(query, collection, settled.old);
}

/** Collections whose last waiting passages were removed. */
async function settleWaiting(database: Database, model: number): Promise<void> {
  const done = (await database.query(
    `SELECT seq FROM deskside.collections c WHERE next_model_seq = $1 AND kind <> 'removed' AND NOT EXISTS (
       SELECT 1 FROM deskside.vectors v WHERE v.model_seq = $1 AND v.collection_seq = c.seq AND v.vector IS NULL)`,
    [model],
  )) as { seq: number }[];
  for (const { seq } of done) {
    await database.transaction(async (query) => {
      await query("SELECT seq FROM deskside.collections WHERE seq = $1 FOR UPDATE", [seq]);
      await settleModel(query, seq, model);
    });
  }
}

const firstWaiting = `SELECT v.passage_seq, v.owner_id, v.text_hash FROM deskside.vectors v
  JOIN deskside.collections c ON c.seq = v.collection_seq AND c.kind <> 'removed'
  WHERE v.model_seq = $1 AND v.vector IS NULL ORDER BY v.collection_seq, v.passage_seq LIMIT $2`;

/** Texts of the same owner that have a vector already get it without being embedded again; true while there are some. */
async function linkKnown(database: Database, clock: Clock, model: number): Promise<boolean> {
  const known = (await database.query(
    `SELECT w.passage_seq AS seq, k.vector::text AS text FROM (${firstWaiting}) w CROSS JOIN LATERAL (
       SELECT vector FROM deskside.vectors k WHERE k.model_seq = $1 AND k.owner_id = w.owner_id
         AND k.text_hash = w.text_hash AND k.vector IS NOT NULL LIMIT 1) k`,
    [model, lookedAtOnce],
  )) as { seq: number; text: string }[];
  if (known.length > 0) await database.transaction((query) => storeVectors(query, clock, model, known));
  return known.length > 0;
}

async function readPending(query: Query, model: number, limit: number): Promise<PendingPassage[]> {
  // The same text twice in a batch is embedded once; its double is linked the next time.
  const rows = (await query(
    `SELECT DISTINCT ON (w.owner_id, w.text_hash) p.seq, p.text, p.context FROM (${firstWaiting}) w
     JOIN deskside.passages p ON p.seq = w.passage_seq ORDER BY w.owner_id, w.text_hash, p.seq`,
    [model, limit],
  )) as Pick<StoredPassage, "seq" | "text" | "context">[];
  return rows.sort((a, b) => a.seq - b.seq).map((row) => ({ id: serverPassageId(row.seq), text: embeddedTextOf(row) }));
}

/** Documents whose passages all have a vector become `ready`. A passage that has gone meanwhile is left out. */
async function storeVectors(
  query: Query,
  clock: Clock,
  model: number,
  rows: readonly { readonly seq: number; readonly text: string }[],
): Promise<void> {
  const seqs = rows.map(({ seq }) => seq);
  const collections = (await query(
    `SELECT seq FROM deskside.collections WHERE seq IN (
       SELECT collection_seq FROM deskside.vectors WHERE model_seq = $1 AND passage_seq = ANY($2::bigint[]))
     ORDER BY seq FOR UPDATE`,
    [model, seqs],
  )) as { seq: number }[];
  await query(
    `UPDATE deskside.vectors v SET vector = new.vector::vector
     FROM unnest($2::bigint[], $3::text[]) new (seq, vector) WHERE v.model_seq = $1 AND v.passage_seq = new.seq AND v.vector IS NULL`,
    [model, seqs, rows.map(({ text }) => text)],
  );
  await query(
    `UPDATE deskside.documents d SET state = 'ready', ready_at = $3, changed_at = now()
     WHERE d.state = 'embedding' AND d.seq IN (
       SELECT document_seq FROM deskside.passages WHERE seq = ANY($2::bigint[]))
     AND NOT EXISTS (SELECT 1 FROM deskside.passages p JOIN deskside.vectors v ON v.passage_seq = p.seq
       WHERE p.document_seq = d.seq AND v.model_seq = $1 AND v.vector IS NULL)`,
    [model, seqs, clock.now()],
  );
  for (const { seq } of collections) await settleModel(query, seq, model);
}
