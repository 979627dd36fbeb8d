import { type Clock, createId } from "@deskside/base";
import {
  deskError,
  documentFormatSchema,
  documentSchema,
  documentStateSchema,
  readWarningSchema,
} from "@deskside/contract";
import { z } from "zod";
import type {
  DocumentFilter,
  IndexedDocument,
  IndexedDocumentChange,
  Owner,
  PassageIndex,
} from "../../passage-index.ts";
import { readCollection } from "./collection-rows.ts";
import type { Database, Query, SqlValue } from "../server/database.ts";
import { jsonText, storable } from "./row-text.ts";
import { serverPrefixes } from "./server-ids.ts";

const rowSchema = z
  .object({
    ...{ seq: z.number(), collection_seq: z.number() },
    ...{ id: z.string(), collection: z.string(), path: z.string(), bytes: z.number() },
    original_path: z.string().nullable(),
    content_hash: z.string().nullable(),
    modified_at: z.number().nullable(),
    format: documentFormatSchema.nullable(),
    title: z.string().nullable(),
    pages: z.number().nullable(),
    computer: z.string(),
    state: documentStateSchema,
    failure: jsonText(documentSchema.shape.failure).nullable(),
    warnings: jsonText(z.array(readWarningSchema)),
    replaced: jsonText(z.record(z.string(), z.number())).nullable(),
    passages: z.number(),
    attempts: z.number(),
    added_at: z.number(),
    ready_at: z.number().nullable(),
  })
  .transform(({ seq, collection_seq, computer, original_path, content_hash, ...row }) => {
    const { modified_at: modifiedAt, added_at: addedAt, ready_at: readyAt, ...same } = row;
    const document = { ...same, originalPath: original_path, contentHash: content_hash, modifiedAt, addedAt, readyAt };
    return { ...{ seq, collectionSeq: collection_seq, computer }, document };
  });

type DocumentRow = z.infer<typeof rowSchema>;

/** A path on somebody else's computer says nothing here, and is nobody else's business. */
function shownOn(computer: string, { computer: of, document }: DocumentRow): IndexedDocument {
  const readHere = of === computer;
  return { ...document, originalPath: readHere ? document.originalPath : null, readHere };
}

const select = `SELECT d.seq, d.collection_seq, d.id, d.path, d.bytes, d.original_path, d.content_hash, d.modified_at,
    d.format, d.title, d.pages, d.computer, d.state, d.failure, d.warnings, d.replaced, d.passages, d.attempts,
    d.added_at, d.ready_at, c.id AS collection
  FROM deskside.documents d JOIN deskside.collections c ON c.seq = d.collection_seq
  WHERE d.owner_id = $1 AND c.kind <> 'removed'`;

/** Held: nobody else changes the document until the transaction ends. Throws DOCUMENT_NOT_FOUND. */
export async function readDocument(query: Query, owner: Owner, id: string, held = false): Promise<DocumentRow> {
  const [row] = await query(`${select} AND d.id = $2 ${held ? "FOR UPDATE OF d" : ""}`, [owner.ownerId, id]);
  if (row === undefined) throw deskError("DOCUMENT_NOT_FOUND", { documentId: id });
  return rowSchema.parse(row);
}

type DocumentCalls = "addDocument" | "getDocument" | "listDocuments" | "changeDocument" | "removeDocument";

export interface DocumentCallsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Which of the computers that share the server this is. */
  readonly computer: string;
}

export function createDocumentCalls(
  options: DocumentCallsOptions,
): Pick<PassageIndex, DocumentCalls | "saveText" | "readText"> {
  const { database, computer } = options;
  const { query } = database;
  return {
    addDocument: (owner, collectionId, document) =>
      database.transaction((held) => addDocument(held, options, owner, collectionId, document)),
    getDocument: async (owner, id) => shownOn(computer, await readDocument(query, owner, id)),
    listDocuments: async (owner, filter) => listDocuments(query, computer, owner, filter),
    changeDocument: async (owner, id, change) => changeDocument(options, owner, id, change),
    removeDocument: async (owner, id) => {
      const { seq } = await readDocument(query, owner, id);
      await query("DELETE FROM deskside.documents WHERE seq = $1 AND owner_id = $2", [seq, owner.ownerId]);
    },
    saveText: async (owner, id, content) => {
      const { seq } = await readDocument(query, owner, id);
      await query(
        `INSERT INTO deskside.document_texts (document_seq, owner_id, content) VALUES ($1, $2, $3)
         ON CONFLICT (document_seq) DO UPDATE SET content = excluded.content`,
        [seq, owner.ownerId, content],
      );
    },
    readText: async (owner, id) => {
      const { seq } = await readDocument(query, owner, id);
      const [row] = (await query(
        "SELECT content FROM deskside.document_texts WHERE document_seq = $1 AND owner_id = $2",
        [seq, owner.ownerId],
      )) as { content: Uint8Array }[];
      return row ? new Uint8Array(row.content) : null;
    },
  };
}

async function addDocument(
  query: Query,
  { clock, computer }: DocumentCallsOptions,
  owner: Owner,
  collectionId: string,
  { path, originalPath, bytes, modifiedAt }: Parameters<PassageIndex["addDocument"]>[2],
): Promise<IndexedDocument> {
  // The collection is held: it cannot be removed meanwhile, and the same path is added by one at a time.
  const { seq } = await readCollection(query, owner, collectionId, true);
  const [old] = (await query(
    `UPDATE deskside.documents SET original_path = $3, bytes = $4, modified_at = $5, state = 'waiting', failure = NULL,
       attempts = 0, changed_at = now()
     WHERE collection_seq = $1 AND hashtextextended(path, 0) = hashtextextended($2, 0) AND path = $2 AND computer = $6
     RETURNING id`,
    [seq, path, originalPath, bytes, modifiedAt, computer],
  )) as { id: string }[];
  const now = clock.now();
  const id = old?.id ?? createId(serverPrefixes.document, now);
  if (!old) {
    await query(
      `INSERT INTO deskside.documents (id, owner_id, collection_seq, path, original_path, bytes, modified_at, state,
         warnings, passages, attempts, added_at, computer)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', '[]', 0, 0, $8, $9)`,
      [id, owner.ownerId, seq, path, originalPath, bytes, modifiedAt, now, computer],
    );
  }
  return shownOn(computer, await readDocument(query, owner, id));
}

function onPath(value: string): string {
  return `AND d.path = ${value} AND hashtextextended(d.path, 0) = hashtextextended(${value}, 0)`;
}

async function listDocuments(
  query: Query,
  computer: string,
  owner: Owner,
  filter: DocumentFilter,
): Promise<IndexedDocument[]> {
  const values: SqlValue[] = [owner.ownerId];
  const put = (value: SqlValue) => `$${values.push(value)}`;
  const { collectionId, contentHash, path, states, readHere = false, limit, offset = 0 } = filter;
  const conditions = [
    ...(collectionId === undefined ? [] : [`AND c.id = ${put(collectionId)}`]),
    ...(contentHash === undefined ? [] : [`AND d.content_hash = ${put(contentHash)}`]),
    ...(path === undefined ? [] : [onPath(put(path))]),
    ...(readHere ? [`AND d.computer = ${put(computer)}`] : []),
    ...(states === undefined ? [] : [`AND d.state = ANY(${put(states)}::text[])`]),
  ];
  const end = `ORDER BY d.seq LIMIT ${put(limit)} OFFSET ${put(offset)}`;
  const rows = await query(`${select} ${conditions.join(" ")} ${end}`, values);
  return rows.map((row) => shownOn(computer, rowSchema.parse(row)));
}

const columnOf: Readonly<Record<keyof IndexedDocumentChange, string>> = {
  ...{ state: "state", bytes: "bytes", modifiedAt: "modified_at", contentHash: "content_hash", format: "format" },
  ...{ title: "title", pages: "pages", originalPath: "original_path", failure: "failure", warnings: "warnings" },
  ...{ replaced: "replaced", attempts: "attempts" },
};

async function changeDocument(
  { database: { query }, clock, computer }: DocumentCallsOptions,
  owner: Owner,
  id: string,
  change: IndexedDocumentChange,
): Promise<void> {
  const { seq } = await readDocument(query, owner, id);
  const values: SqlValue[] = [seq, owner.ownerId];
  const sets = Object.entries(columnOf).flatMap(([name, column]) => {
    const value = change[name as keyof IndexedDocumentChange];
    return value === undefined ? [] : [`${column} = $${values.push(toColumn(value))}`];
  });
  if (sets.length === 0) return;
  // Who says where the original lies is the one that can read it.
  if (change.originalPath !== undefined) sets.push(`computer = $${values.push(computer)}`);
  if (change.state === "ready") sets.push(`ready_at = $${values.push(clock.now())}`);
  await query(
    `UPDATE deskside.documents SET ${sets.join(", ")}, changed_at = now() WHERE seq = $1 AND owner_id = $2`,
    values,
  );
}

function toColumn(value: string | number | object | null): string | number | null {
  if (typeof value === "string") return storable(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
