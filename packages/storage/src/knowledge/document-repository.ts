import { createId } from "@deskside/base";
import {
  deskError,
  documentFormatSchema,
  type DocumentState,
  documentStateSchema,
  documentSchema,
  type ReadFailure,
  readWarningSchema,
} from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { jsonColumn, toJson } from "../repositories/json-column.ts";
import type { SqlValues } from "../workspace/store.ts";
import type { KnowledgeContext } from "./knowledge-context.ts";

const rowSchema = z
  .object({
    ...{ seq: z.number(), id: z.string(), collection: z.string(), path: z.string(), bytes: z.number() },
    original_path: z.string().nullable(),
    content_hash: z.string().nullable(),
    modified_at: z.number().nullable(),
    format: documentFormatSchema.nullable(),
    title: z.string().nullable(),
    pages: z.number().nullable(),
    state: documentStateSchema,
    failure: jsonColumn(documentSchema.shape.failure),
    warnings: jsonColumn(z.array(readWarningSchema)).transform((warnings) => warnings ?? []),
    /** How often each kind of personal data was replaced; null: scrubbing was off. */
    replaced: jsonColumn(z.record(z.string(), z.number())),
    passages: z.number(),
    attempts: z.number(),
    added_at: z.number(),
    ready_at: z.number().nullable(),
  })
  .transform(({ original_path, content_hash, modified_at, added_at, ready_at, ...row }) => ({
    ...row,
    ...{ originalPath: original_path, contentHash: content_hash, modifiedAt: modified_at },
    ...{ addedAt: added_at, readyAt: ready_at },
  }));

export type StoredDocument = z.infer<typeof rowSchema>;

export interface NewDocument {
  readonly path: string;
  readonly originalPath: string | null;
  readonly bytes: number;
  /** Of the file, milliseconds since 1970; null when it came as bytes. */
  readonly modifiedAt: number | null;
}

/** What may change beside the passages. `failure` null clears it. */
export type DocumentChange = Partial<
  Pick<
    StoredDocument,
    "state" | "bytes" | "modifiedAt" | "contentHash" | "format" | "title" | "pages" | "originalPath"
  > & {
    failure: { code: ReadFailure; detail: string } | null;
    warnings: StoredDocument["warnings"];
    replaced: StoredDocument["replaced"];
    attempts: number;
  }
>;

export interface DocumentFilter {
  readonly collectionId?: string;
  readonly states?: readonly DocumentState[];
  readonly contentHash?: string;
  readonly path?: string;
  /** In the order they were added. */
  readonly limit: number;
  readonly offset?: number;
}

export interface DocumentRepository {
  /** A path that is there already gets the new size and date and waits again; its passages stay until it is read. */
  add(principal: Principal, collectionId: string, document: NewDocument): StoredDocument;
  /** Throws DOCUMENT_NOT_FOUND. */
  get(principal: Principal, id: string): StoredDocument;
  list(principal: Principal, filter: DocumentFilter): StoredDocument[];
  /** By state and collection id. */
  counts(
    principal: Principal,
  ): { collection: string; state: DocumentState; files: number; pages: number; passages: number }[];
  change(principal: Principal, id: string, change: DocumentChange): void;
  /** What a process that ended left half done waits again; `attempts` grew when its reading began. */
  resumeInterrupted(): number;
  saveText(principal: Principal, id: string, content: Uint8Array): void;
  readText(principal: Principal, id: string): Uint8Array | null;
}

const select = `SELECT d.*, c.id AS collection FROM documents d JOIN collections c ON c.seq = d.collection_seq
  WHERE d.owner_id = @ownerId AND c.kind <> 'removed'`;

const columnOf: Readonly<Record<keyof DocumentChange, string>> = {
  ...{ state: "state", bytes: "bytes", modifiedAt: "modified_at", contentHash: "content_hash", format: "format" },
  ...{ title: "title", pages: "pages", originalPath: "original_path", failure: "failure", warnings: "warnings" },
  ...{ replaced: "replaced", attempts: "attempts" },
};

export function createDocumentRepository(context: KnowledgeContext): DocumentRepository {
  const { store } = context;
  const get = ({ ownerId }: Principal, id: string) => {
    const row = store.get(`${select} AND d.id = @id`, { ownerId, id });
    if (row === undefined) throw deskError("DOCUMENT_NOT_FOUND", { documentId: id });
    return rowSchema.parse(row);
  };
  return {
    get,
    add: (principal, collectionId, document) => addDocument(context, principal, collectionId, document, get),
    list: (principal, filter) => listDocuments(context, principal, filter),
    counts: ({ ownerId }) =>
      store.all(
        `SELECT c.id AS collection, d.state, count(*) AS files, coalesce(sum(d.pages), 0) AS pages,
           sum(d.passages) AS passages
         FROM documents d JOIN collections c ON c.seq = d.collection_seq
         WHERE d.owner_id = @ownerId AND c.kind <> 'removed' GROUP BY c.seq, d.state`,
        { ownerId },
      ) as ReturnType<DocumentRepository["counts"]>,
    change: (principal, id, change) => changeDocument(context, get(principal, id).seq, change),
    resumeInterrupted: () =>
      store.write((revision) =>
        store.run(
          "UPDATE documents SET state = 'waiting', revision = @revision WHERE state IN ('reading', 'splitting')",
          { revision },
        ),
      ),
    saveText: (principal, id, content) =>
      store.write((revision) => {
        store.run(
          `INSERT INTO document_texts (document_seq, owner_id, content, revision)
           VALUES (@seq, @ownerId, @content, @revision)
           ON CONFLICT DO UPDATE SET content = excluded.content, revision = excluded.revision`,
          { seq: get(principal, id).seq, ownerId: principal.ownerId, content, revision },
        );
      }),
    readText: (principal, id) => {
      const { seq } = get(principal, id);
      const row = store.get("SELECT content FROM document_texts WHERE document_seq = @seq", { seq });
      return (row as { content: Uint8Array } | undefined)?.content ?? null;
    },
  };
}

function addDocument(
  { store, clock }: KnowledgeContext,
  principal: Principal,
  collectionId: string,
  document: NewDocument,
  get: DocumentRepository["get"],
): StoredDocument {
  const { ownerId } = principal;
  return store.write((revision) => {
    const collection = store.get(
      "SELECT seq FROM collections WHERE owner_id = @ownerId AND id = @collectionId AND kind <> 'removed'",
      { ownerId, collectionId },
    ) as { seq: number } | undefined;
    if (!collection) throw deskError("COLLECTION_NOT_FOUND", { collection: collectionId });
    const now = clock.now();
    const row = store.get(`SELECT id FROM documents WHERE collection_seq = @seq AND path = @path`, {
      seq: collection.seq,
      path: document.path,
    }) as { id: string } | undefined;
    const id = row?.id ?? createId("doc", now);
    const values = { ...document, id, ownerId, seq: collection.seq, now, revision };
    store.run(
      `INSERT INTO documents (id, owner_id, collection_seq, path, original_path, bytes, modified_at, state, warnings,
         passages, attempts, added_at, revision)
       VALUES (@id, @ownerId, @seq, @path, @originalPath, @bytes, @modifiedAt, 'waiting', '[]', 0, 0, @now, @revision)
       ON CONFLICT (collection_seq, path) DO UPDATE SET original_path = excluded.original_path,
         bytes = excluded.bytes, modified_at = excluded.modified_at, state = 'waiting', failure = NULL, attempts = 0,
         revision = excluded.revision`,
      values,
    );
    return get(principal, id);
  });
}

function listDocuments({ store }: KnowledgeContext, { ownerId }: Principal, filter: DocumentFilter): StoredDocument[] {
  const { collectionId, contentHash, path, states, limit, offset = 0 } = filter;
  const conditions = [
    ...(collectionId === undefined ? [] : ["AND c.id = @collectionId"]),
    ...(contentHash === undefined ? [] : ["AND d.content_hash = @contentHash"]),
    ...(path === undefined ? [] : ["AND d.path = @path"]),
    ...(states === undefined ? [] : ["AND d.state IN (SELECT value FROM json_each(@states))"]),
  ];
  const values: SqlValues = {
    ...{ ownerId, limit, offset },
    ...(collectionId === undefined ? {} : { collectionId }),
    ...(contentHash === undefined ? {} : { contentHash }),
    ...(path === undefined ? {} : { path }),
    ...(states === undefined ? {} : { states: JSON.stringify(states) }),
  };
  return store
    .all(`${select} ${conditions.join(" ")} ORDER BY d.seq LIMIT @limit OFFSET @offset`, values)
    .map((row) => rowSchema.parse(row));
}

function changeDocument({ store, clock }: KnowledgeContext, seq: number, change: DocumentChange): void {
  const asJson = new Set(["failure", "warnings", "replaced"]);
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return;
  const sets = entries.map(([name]) => `${columnOf[name as keyof DocumentChange]} = @${name}`);
  const values = entries.map(([name, value]) => [name, asJson.has(name) ? toJson(value) : value] as const);
  const ready = change.state === "ready" ? ", ready_at = @now" : "";
  store.write((revision) =>
    store.run(`UPDATE documents SET ${sets.join(", ")}, revision = @revision${ready} WHERE seq = @seq`, {
      ...(Object.fromEntries(values) as SqlValues),
      ...{ seq, revision },
      ...(change.state === "ready" ? { now: clock.now() } : {}),
    }),
  );
}
