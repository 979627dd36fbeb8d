import type { Owner, PassageQuery } from "../../passage-index.ts";
import { poolMoments } from "../../embedded/search-passages.ts";
import { mostIndexedDimensions, vectorLiteral } from "../rows/vector-rows.ts";
import type { Database, Query, SqlValue } from "../server/database.ts";
import type { SearchedCollection, SearchScope } from "./search-scope.ts";

export interface VectorHits {
  /** By cosine, best first. */
  readonly hits: readonly { readonly seq: number; readonly cosine: number }[];
  readonly moments: { readonly mean: number; readonly deviation: number } | null;
  /** Cosines of further passages, and all their vectors where they are wanted. */
  of(
    seqs: readonly number[],
    withValues: boolean,
  ): Promise<ReadonlyMap<number, { readonly cosine: number; readonly vector: Float32Array | null }>>;
}

/** Neighbours the index keeps in sight while it looks for the nearest. */
const inSight = 200;
const sampled = 512;

export const noVectors: VectorHits = { hits: [], moments: null, of: async () => new Map() };

/** The nearest passages of the collections whose vectors are of the question's model. */
export async function searchVectors(
  { database, comparedUpTo }: { readonly database: Database; readonly comparedUpTo: number },
  owner: Owner,
  scope: SearchScope,
  vector: PassageQuery["vector"],
  limit: number,
): Promise<VectorHits> {
  const collections = scope.collections.filter(({ model }) => vector !== null && model === vector.model);
  if (vector === null || collections.length === 0) return noVectors;
  const [model] = (await database.query("SELECT seq FROM deskside.models WHERE id = $1 AND dimensions = $2", [
    ...[vector.model, vector.values.length],
  ])) as { seq: number }[];
  if (!model) return noVectors;
  const search: Search = {
    ...{ owner, collections, documents: scope.documents, model: model.seq, limit, comparedUpTo },
    ...{ question: vectorLiteral(vector.values), dimensions: vector.values.length },
  };
  const hits = await findNearest(database, search);
  const moments = [];
  for (const collection of collections) {
    const own = await measureCosines(database.query, search, collection);
    if (own) moments.push({ ...own, count: collection.passages });
  }
  return {
    hits,
    moments: poolMoments(moments),
    of: (seqs, values) => readCosines(database.query, search, seqs, values),
  };
}

interface Search {
  readonly owner: Owner;
  readonly collections: readonly SearchedCollection[];
  readonly documents: readonly number[] | null;
  readonly model: number;
  /** As text. */
  readonly question: string;
  readonly dimensions: number;
  readonly limit: number;
  readonly comparedUpTo: number;
}

/** Of the question's model, the owner and the collections: values $1 and $2; the question is $3. */
function scoped({ owner, collections, model, question }: Search) {
  return {
    // The number stands in the text because the index of this model's vectors is found by it.
    condition: `v.model_seq = ${model} AND v.vector IS NOT NULL AND v.owner_id = $1 AND v.collection_seq = ANY($2::bigint[])`,
    values: [owner.ownerId, collections.map(({ seq }) => seq), question] satisfies SqlValue[],
  };
}

async function findNearest({ query, transaction }: Database, search: Search): Promise<VectorHits["hits"]> {
  const { collections, documents, dimensions, limit, comparedUpTo } = search;
  const { condition, values } = scoped(search);
  const all = collections.reduce((sum, { passages }) => sum + passages, 0);
  if (documents !== null || all <= comparedUpTo || dimensions > mostIndexedDimensions) {
    const only =
      documents === null ? "" : "JOIN deskside.passages p ON p.seq = v.passage_seq AND p.document_seq = ANY($5)";
    const rows = await query(
      `SELECT v.passage_seq AS seq, 1 - (v.vector <=> $3::vector) AS cosine FROM deskside.vectors v ${only}
       WHERE ${condition} ORDER BY cosine DESC, seq LIMIT $4`,
      [...values, limit, ...(documents === null ? [] : [documents])],
    );
    return rows as { seq: number; cosine: number }[];
  }
  return transaction(async (own) => {
    await own(
      "SELECT set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'relaxed_order', true)",
      [String(Math.max(inSight, limit))],
    );
    const type = `vector(${dimensions})`;
    const rows = (await own(
      `SELECT seq, 1 - distance AS cosine FROM (
         SELECT v.passage_seq AS seq, v.vector::${type} <=> $3::${type} AS distance FROM deskside.vectors v
         WHERE ${condition} ORDER BY v.vector::${type} <=> $3::${type} LIMIT $4) near ORDER BY distance, seq`,
      [...values, limit],
    )) as { seq: number; cosine: number }[];
    return rows;
  });
}

/** Mean and deviation of the cosines with a collection: of all of it, or of passages spread evenly over it. */
async function measureCosines(query: Query, search: Search, collection: SearchedCollection) {
  const { condition, values } = scoped({ ...search, collections: [collection] });
  const cosine = "1 - (v.vector <=> $3::vector) AS cosine";
  const all = `SELECT ${cosine} FROM deskside.vectors v WHERE ${condition}`;
  const spread = `SELECT DISTINCT near.seq, near.cosine
    FROM (SELECT min(v.passage_seq) AS first, max(v.passage_seq) AS last FROM deskside.vectors v WHERE ${condition}) bounds
    CROSS JOIN generate_series(0, ${sampled - 1}) step
    CROSS JOIN LATERAL (SELECT v.passage_seq AS seq, ${cosine} FROM deskside.vectors v
      WHERE ${condition} AND v.passage_seq >= first + (last - first) * step / ${sampled - 1}
      ORDER BY v.passage_seq LIMIT 1) near`;
  const [row] = (await query(
    `SELECT avg(cosine) AS mean, stddev_pop(cosine) AS deviation
     FROM (${collection.passages <= sampled ? all : spread}) sample`,
    values,
  )) as { mean: number | null; deviation: number | null }[];
  return row && row.mean !== null && row.deviation !== null ? { mean: row.mean, deviation: row.deviation } : null;
}

async function readCosines(query: Query, search: Search, seqs: readonly number[], withValues: boolean) {
  const { condition, values } = scoped(search);
  const rows = (await query(
    `SELECT v.passage_seq AS seq, 1 - (v.vector <=> $3::vector) AS cosine,
       CASE WHEN $5 THEN v.vector::text END AS vector
     FROM deskside.vectors v WHERE ${condition} AND v.passage_seq = ANY($4::bigint[])`,
    [...values, seqs, withValues],
  )) as { seq: number; cosine: number; vector: string | null }[];
  return new Map(
    rows.map(({ seq, cosine, vector }) => [seq, { cosine, vector: vector === null ? null : readLiteral(vector) }]),
  );
}

function readLiteral(text: string): Float32Array {
  return Float32Array.from(text.slice(1, -1).split(","), Number);
}
