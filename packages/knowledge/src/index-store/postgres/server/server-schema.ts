import { deskError } from "@deskside/contract";
import type { Database, Query } from "./database.ts";

/** Any number, the same in every Deskside: one at a time sets up or changes tables. */
const setUpLock = 4_283_015_917;

const catalogue = [
  `CREATE TABLE deskside.models (
     seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     dimensions integer NOT NULL
   )`,
  `CREATE TABLE deskside.collections (
     seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     owner_id text NOT NULL,
     name text NOT NULL,
     kind text NOT NULL,
     settings text NOT NULL,
     watched text NOT NULL,
     model_seq bigint REFERENCES deskside.models (seq),
     next_model_seq bigint REFERENCES deskside.models (seq),
     created_at bigint NOT NULL
   )`,
  `CREATE UNIQUE INDEX collections_by_name ON deskside.collections (owner_id, name) WHERE kind = 'collection'`,
  `CREATE TABLE deskside.documents (
     seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     owner_id text NOT NULL,
     collection_seq bigint NOT NULL REFERENCES deskside.collections (seq) ON DELETE CASCADE,
     computer text NOT NULL,
     path text NOT NULL,
     original_path text,
     content_hash text,
     bytes bigint NOT NULL,
     modified_at bigint,
     format text,
     title text,
     pages integer,
     state text NOT NULL,
     failure text,
     warnings text NOT NULL,
     replaced text,
     passages integer NOT NULL,
     words bigint NOT NULL DEFAULT 0,
     attempts integer NOT NULL,
     added_at bigint NOT NULL,
     ready_at bigint,
     changed_at timestamptz NOT NULL DEFAULT now()
   )`,
  // Paths can be longer than an index entry may be. One at a time adds to a collection, so that a path is there once for
  // each computer. Only the one that added a document can read its original.
  `CREATE INDEX documents_by_path ON deskside.documents (collection_seq, hashtextextended(path, 0))`,
  `CREATE INDEX documents_by_state ON deskside.documents (state, collection_seq)`,
  `CREATE INDEX documents_by_content ON deskside.documents (collection_seq, content_hash)`,
  `CREATE TABLE deskside.document_texts (
     document_seq bigint PRIMARY KEY REFERENCES deskside.documents (seq) ON DELETE CASCADE,
     owner_id text NOT NULL,
     content bytea NOT NULL
   )`,
];

const passages = [
  // `length`: how many words `words` was made of.
  `CREATE TABLE deskside.passages (
     seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     owner_id text NOT NULL,
     collection_seq bigint NOT NULL REFERENCES deskside.collections (seq) ON DELETE CASCADE,
     document_seq bigint NOT NULL REFERENCES deskside.documents (seq) ON DELETE CASCADE,
     position integer NOT NULL,
     text text NOT NULL,
     context text NOT NULL,
     kind text NOT NULL,
     spans text NOT NULL,
     tokens integer NOT NULL,
     text_hash bytea NOT NULL,
     words tsvector NOT NULL,
     length integer NOT NULL,
     UNIQUE (document_seq, position)
   )`,
  `CREATE INDEX passages_by_collection ON deskside.passages (collection_seq, seq)`,
  `CREATE INDEX passages_by_words ON deskside.passages USING gin (words)`,
  // A passage wants a vector while its row is here without one. Each model's vectors get an index of their own.
  `CREATE TABLE deskside.vectors (
     model_seq bigint NOT NULL REFERENCES deskside.models (seq) ON DELETE CASCADE,
     passage_seq bigint NOT NULL REFERENCES deskside.passages (seq) ON DELETE CASCADE,
     owner_id text NOT NULL,
     collection_seq bigint NOT NULL,
     text_hash bytea NOT NULL,
     vector vector,
     PRIMARY KEY (model_seq, passage_seq)
   )`,
  `CREATE INDEX vectors_by_passage ON deskside.vectors (passage_seq)`,
  `CREATE INDEX vectors_by_collection ON deskside.vectors (collection_seq, model_seq, passage_seq)`,
  `CREATE INDEX vectors_by_text ON deskside.vectors (model_seq, owner_id, text_hash) WHERE vector IS NOT NULL`,
  `CREATE INDEX vectors_waiting ON deskside.vectors (model_seq, collection_seq, passage_seq) WHERE vector IS NULL`,
];

const versions: readonly (readonly string[])[] = [[...catalogue, ...passages]];

/**
 * Brings the tables to this version, whoever else starts at the same time. Throws KNOWLEDGE_SERVER_UNFIT: no-pgvector,
 * newer-schema, no-rights (the last by way of the connection); nothing has changed then.
 */
export async function setUpSchema(database: Database, host: string): Promise<void> {
  await database.transaction((query) => bringForward(query, host));
}

export interface ServerFacts {
  /** Of PostgreSQL and of pgvector, as they call themselves. */
  readonly server: string;
  readonly vectors: string;
}

/** Sets up and undoes it: whether the rest will work is known, and nothing has changed. Throws what `setUpSchema` throws. */
export async function trySchema(database: Database, host: string): Promise<ServerFacts> {
  const tried: { facts: ServerFacts | null } = { facts: null };
  const undone = new Error("undone");
  try {
    await database.transaction(async (query) => {
      await bringForward(query, host);
      const [facts] = (await query(
        `SELECT current_setting('server_version') AS server,
           (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vectors`,
      )) as ServerFacts[];
      tried.facts = facts ?? null;
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  if (tried.facts === null) throw new Error("the server told nothing about itself");
  return tried.facts;
}

async function bringForward(query: Query, host: string): Promise<void> {
  await query("SELECT pg_advisory_xact_lock($1)", [setUpLock]);
  const found = await readVersion(query);
  if (found > versions.length) throw deskError("KNOWLEDGE_SERVER_UNFIT", { host, reason: "newer-schema" });
  await addExtension(query, host);
  if (found === versions.length) return;
  if (found === 0) {
    await query("CREATE SCHEMA IF NOT EXISTS deskside");
    await query("CREATE TABLE deskside.meta (version integer NOT NULL)");
    await query("INSERT INTO deskside.meta (version) VALUES (0)");
  }
  for (const statement of versions.slice(found).flat()) await query(statement);
  await query("UPDATE deskside.meta SET version = $1", [versions.length]);
}

async function readVersion(query: Query): Promise<number> {
  const [there] = (await query("SELECT to_regclass('deskside.meta') IS NOT NULL AS there")) as { there: boolean }[];
  if (!there?.there) return 0;
  const [row] = (await query("SELECT version FROM deskside.meta")) as { version: number }[];
  return row?.version ?? 0;
}

/** Older ones cannot go on looking when the nearest vectors are of other collections. */
const oldestExtension = [0, 8] as const;

async function addExtension(query: Query, host: string): Promise<void> {
  const [row] = (await query(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS installed,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available`,
  )) as { installed: string | null; available: string | null }[];
  const [major = 0, minor = 0] = (row?.installed ?? row?.available ?? "0").split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestExtension;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw deskError("KNOWLEDGE_SERVER_UNFIT", { host, reason: "no-pgvector" });
  }
  if (row?.installed === null) await query("CREATE EXTENSION vector");
}
