import type { StoredPassage } from "@deskside/storage";
import type { Passage } from "../../../chunk/passage.ts";
import { toRow } from "../../embedded/stored-passages.ts";
import type { Owner, PassageIndex } from "../../passage-index.ts";
import { passageWords, vectorText } from "../search/passage-words.ts";
import type { Database, Query } from "../server/database.ts";
import { readCollection } from "./collection-rows.ts";
import { readDocument } from "./document-rows.ts";
import { storable } from "./row-text.ts";
import { serverPassageSeq, toServerPassage } from "./server-ids.ts";
import { awaitVectors, settleModel } from "./vector-rows.ts";

/** Rows in one statement. */
const insertedAtOnce = 200;

export const passageColumns = `p.seq, p.document_seq, p.position, p.text, p.context, p.kind, p.spans, p.tokens,
  d.id AS document, d.path, c.id AS collection`;
export const passageTables = `deskside.passages p JOIN deskside.documents d ON d.seq = p.document_seq
  JOIN deskside.collections c ON c.seq = d.collection_seq AND c.kind <> 'removed'`;

/** In the order given; what is gone or of another owner is left out. */
export async function readPassages(query: Query, owner: Owner, seqs: readonly number[]): Promise<StoredPassage[]> {
  if (seqs.length === 0) return [];
  const rows = await query(
    `SELECT ${passageColumns} FROM unnest($2::bigint[]) WITH ORDINALITY wanted (seq, at)
       JOIN (${passageTables}) ON p.seq = wanted.seq
     WHERE p.owner_id = $1 ORDER BY wanted.at`,
    [owner.ownerId, seqs],
  );
  return rows as StoredPassage[];
}

export function createPassageCalls(
  database: Database,
): Pick<PassageIndex, "setPassages" | "readPassages" | "documentPassages"> {
  const { query } = database;
  return {
    setPassages: (owner, id, passages) => database.transaction((held) => replacePassages(held, owner, id, passages)),
    readPassages: async (owner, ids) => {
      const seqs = ids.map(serverPassageSeq).filter((seq) => seq !== null);
      return (await readPassages(query, owner, seqs)).map(toServerPassage);
    },
    documentPassages: async (owner, id, { every }) => {
      const { seq } = await readDocument(query, owner, id);
      const rows = await query(
        `SELECT ${passageColumns} FROM ${passageTables}
         WHERE p.owner_id = $1 AND p.document_seq = $2 AND p.position % $3 = 0 ORDER BY p.position`,
        [owner.ownerId, seq, every],
      );
      return (rows as StoredPassage[]).map(toServerPassage);
    },
  };
}

async function replacePassages(
  query: Query,
  owner: Owner,
  documentId: string,
  passages: readonly Passage[],
): Promise<void> {
  const { document } = await readDocument(query, owner, documentId);
  // Collections are held before documents, everywhere: two who wait for each other would both fail.
  const collection = await readCollection(query, owner, document.collection, true);
  const { seq } = await readDocument(query, owner, documentId, true);
  await query("DELETE FROM deskside.passages WHERE document_seq = $1", [seq]);
  for (let from = 0; from < passages.length; from += insertedAtOnce) {
    const part = passages.slice(from, from + insertedAtOnce);
    await insertPassages(query, { owner, seq, collectionSeq: collection.seq, from }, part);
  }
  const models = [collection.modelSeq, collection.nextModelSeq].filter((model) => model !== null);
  for (const model of models) await awaitVectors(query, model, { document: seq });
  await query(
    `UPDATE deskside.documents SET passages = $2, state = $3,
       words = (SELECT coalesce(sum(length), 0) FROM deskside.passages WHERE document_seq = $1), failure = NULL, changed_at = now() WHERE seq = $1`,
    [seq, passages.length, models.length > 0 && passages.length > 0 ? "embedding" : "ready"],
  );
  if (collection.nextModelSeq !== null) await settleModel(query, collection.seq, collection.nextModelSeq);
}

interface Place {
  readonly owner: Owner;
  /** Of the document. */
  readonly seq: number;
  readonly collectionSeq: number;
  /** Position of the first one. */
  readonly from: number;
}

async function insertPassages(
  query: Query,
  { owner, seq, collectionSeq, from }: Place,
  passages: readonly Passage[],
): Promise<void> {
  const rows = passages.map((passage) => {
    const words = passageWords([passage.context.title, ...passage.context.sections].join("\n"), passage.text);
    const { text, context, kind, spans, tokens, textHash } = toRow(passage);
    return {
      ...{ text: storable(text), context, kind, spans, tokens, hash: Buffer.from(textHash).toString("hex") },
      ...{ words: vectorText(words), length: words.context.length + words.body.length },
    };
  });
  await query(
    `INSERT INTO deskside.passages
       (owner_id, collection_seq, document_seq, position, text, context, kind, spans, tokens, text_hash, words, length)
     SELECT $1, $2, $3, $4 + at - 1, text, context, kind, spans, tokens, decode(hash, 'hex'), words::tsvector, length
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[], $11::text[], $12::integer[])
       WITH ORDINALITY new (text, context, kind, spans, tokens, hash, words, length, at) ORDER BY at`,
    [
      ...[owner.ownerId, collectionSeq, seq, from],
      ...[rows.map((row) => row.text), rows.map((row) => row.context), rows.map((row) => row.kind)],
      ...[rows.map((row) => row.spans), rows.map((row) => row.tokens), rows.map((row) => row.hash)],
      ...[rows.map((row) => row.words), rows.map((row) => row.length)],
    ],
  );
}
