import type { Migration } from "../workspace/migrations.ts";

/**
 * Passages of one collection are numbered from 1; a passage's `seq` is the collection's number times this, plus its own.
 * All passages of a collection, and of a document, are thus one range of row ids, which full-text search can be held to.
 */
export const passagesPerCollection = 2 ** 32;

const catalogue = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE models (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     dimensions INTEGER NOT NULL,
     revision INTEGER NOT NULL
   ) STRICT`,
  `CREATE TABLE collections (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     owner_id TEXT NOT NULL,
     name TEXT NOT NULL,
     kind TEXT NOT NULL,
     settings TEXT NOT NULL,
     watched TEXT NOT NULL,
     last_passage INTEGER NOT NULL,
     model_seq INTEGER REFERENCES models (seq),
     next_model_seq INTEGER REFERENCES models (seq),
     created_at INTEGER NOT NULL,
     revision INTEGER NOT NULL
   ) STRICT`,
  `CREATE UNIQUE INDEX collections_by_name ON collections (owner_id, name) WHERE kind = 'collection'`,
  `CREATE TABLE documents (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     owner_id TEXT NOT NULL,
     collection_seq INTEGER NOT NULL REFERENCES collections (seq) ON DELETE CASCADE,
     path TEXT NOT NULL,
     original_path TEXT,
     content_hash TEXT,
     bytes INTEGER NOT NULL,
     modified_at INTEGER,
     format TEXT,
     title TEXT,
     pages INTEGER,
     state TEXT NOT NULL,
     failure TEXT,
     warnings TEXT NOT NULL,
     replaced TEXT,
     first_passage INTEGER,
     passages INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     added_at INTEGER NOT NULL,
     ready_at INTEGER,
     revision INTEGER NOT NULL,
     UNIQUE (collection_seq, path)
   ) STRICT`,
  `CREATE INDEX documents_by_state ON documents (state, collection_seq)`,
  `CREATE INDEX documents_by_content ON documents (collection_seq, content_hash)`,
  `CREATE INDEX documents_by_size ON documents (collection_seq, passages)`,
  `CREATE TABLE document_texts (
     document_seq INTEGER PRIMARY KEY REFERENCES documents (seq) ON DELETE CASCADE,
     owner_id TEXT NOT NULL,
     content BLOB NOT NULL,
     revision INTEGER NOT NULL
   ) STRICT`,
];

const passages = [
  `CREATE TABLE passages (
     seq INTEGER PRIMARY KEY,
     owner_id TEXT NOT NULL,
     document_seq INTEGER NOT NULL REFERENCES documents (seq) ON DELETE CASCADE,
     position INTEGER NOT NULL,
     text TEXT NOT NULL,
     context TEXT NOT NULL,
     kind TEXT NOT NULL,
     spans TEXT NOT NULL,
     tokens INTEGER NOT NULL,
     text_hash BLOB NOT NULL
   ) STRICT`,
  `CREATE INDEX passages_by_document ON passages (document_seq)`,
  // Its text would be there twice: it keeps the words alone, and rows can still be deleted from it.
  `CREATE VIRTUAL TABLE passage_words USING fts5 (
     context, body, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
   )`,
];

const vectors = [
  // Nothing is embedded twice: the same text under the same model has one row, whatever collections it is in.
  `CREATE TABLE embeddings (
     seq INTEGER PRIMARY KEY,
     model_seq INTEGER NOT NULL REFERENCES models (seq) ON DELETE CASCADE,
     text_hash BLOB NOT NULL,
     vector BLOB NOT NULL,
     UNIQUE (model_seq, text_hash)
   ) STRICT`,
  `CREATE TABLE passage_vectors (
     model_seq INTEGER NOT NULL REFERENCES models (seq) ON DELETE CASCADE,
     passage_seq INTEGER NOT NULL REFERENCES passages (seq) ON DELETE CASCADE,
     embedding_seq INTEGER NOT NULL REFERENCES embeddings (seq),
     code BLOB NOT NULL,
     PRIMARY KEY (model_seq, passage_seq)
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX passage_vectors_by_embedding ON passage_vectors (embedding_seq)`,
  `CREATE INDEX passage_vectors_by_passage ON passage_vectors (passage_seq)`,
  // Passages that wait for a vector.
  `CREATE TABLE vector_queue (
     model_seq INTEGER NOT NULL REFERENCES models (seq) ON DELETE CASCADE,
     passage_seq INTEGER NOT NULL REFERENCES passages (seq) ON DELETE CASCADE,
     PRIMARY KEY (model_seq, passage_seq)
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX vector_queue_by_passage ON vector_queue (passage_seq)`,
  // What codes of a collection are relative to; `coded` vectors were there when it was computed.
  `CREATE TABLE vector_centers (
     collection_seq INTEGER NOT NULL REFERENCES collections (seq) ON DELETE CASCADE,
     model_seq INTEGER NOT NULL REFERENCES models (seq) ON DELETE CASCADE,
     center BLOB NOT NULL,
     coded INTEGER NOT NULL,
     PRIMARY KEY (collection_seq, model_seq)
   ) STRICT, WITHOUT ROWID`,
];

export const knowledgeMigrations: readonly Migration[] = [
  { version: 1, statements: [...catalogue, ...passages, ...vectors] },
];
