import { statSync } from "node:fs";
import type { Clock } from "@deskside/base";
import type { Connection } from "../driver/connection.ts";
import { mapFailure } from "../driver/driver-errors.ts";
import type { FileKey } from "../driver/key-derivation.ts";
import type { Principal } from "../principal.ts";
import type { StorageLog } from "../storage-log.ts";
import { writeBackup } from "../workspace/backups.ts";
import type { ReadOnlyReason } from "../workspace/failure-gate.ts";
import { createStore, type Store } from "../workspace/store.ts";
import type { WorkspacePaths } from "../workspace/workspace-paths.ts";
import { type CollectionRepository, createCollectionRepository, passageRange } from "./collection-repository.ts";
import { createDocumentRepository, type DocumentRepository } from "./document-repository.ts";
import type { KnowledgeRepair } from "./open-knowledge.ts";
import { createPassageRepository, type PassageRepository } from "./passage-repository.ts";
import { createVectorRepository, type VectorRepository } from "./vector-repository.ts";

/** The open index of documents. All of it is synchronous; an acknowledged change is on disk when the call returns. */
export interface KnowledgeStore extends Disposable {
  readonly path: string;
  readonly readOnly: ReadOnlyReason | null;
  readonly repair: KnowledgeRepair | null;
  readonly collections: CollectionRepository;
  readonly documents: DocumentRepository;
  readonly passages: PassageRepository;
  readonly vectors: VectorRepository;
  /** All changes made by `work` (synchronous) or none. */
  transaction<T>(work: () => T): T;
  /** Deletes a document and what hangs on it. Throws DOCUMENT_NOT_FOUND. */
  removeDocument(principal: Principal, id: string): void;
  /** Deletes up to `limit` passages of removed collections, then the collections; false when nothing is left to delete. */
  sweep(limit: number): boolean;
  /** Writes a verified, encrypted copy to a path that does not exist yet. Throws DISK_FULL, DISK_FAILED. */
  backup(path: string): void;
  /** Of the database and its log. */
  bytes(): number;
  close(): void;
}

export interface KnowledgeStoreOptions {
  readonly connection: Connection;
  readonly paths: WorkspacePaths;
  readonly key: FileKey;
  readonly clock: Clock;
  readonly log: StorageLog;
  readonly onDamage: () => void;
  readonly repair: KnowledgeRepair | null;
  readonly readOnly: ReadOnlyReason | null;
}

/** Pages kept decrypted, in KiB: searching reads the same ones again and again. */
const cacheKib = 64 * 1024;

export function createKnowledgeStore(options: KnowledgeStoreOptions): KnowledgeStore {
  const { connection, paths, key, clock } = options;
  connection.pragma(`cache_size=-${cacheKib}`);
  const store = createStore({ ...options, path: paths.database, witness: null });
  const context = { store, clock };
  const documents = createDocumentRepository(context);
  const passages = createPassageRepository(context);
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const close = () => closeStore(options, store);
  return {
    path: paths.database,
    get readOnly() {
      return store.readOnly;
    },
    repair: options.repair,
    ...{ documents, passages },
    collections: createCollectionRepository(context),
    vectors: createVectorRepository(context),
    transaction: (work) => store.write(() => work()),
    removeDocument: (principal, id) =>
      store.write(() => {
        const { seq } = documents.get(principal, id);
        const range = passages.rangeOf(seq);
        if (range) passages.removeSome(range, Number.MAX_SAFE_INTEGER);
        store.run("DELETE FROM documents WHERE seq = @seq", { seq });
      }),
    sweep: (limit) => sweep(store, passages, limit),
    backup: (target) => {
      try {
        writeBackup(connection, key, target);
      } catch (cause) {
        throw mapFailure(cause, paths.database).error;
      }
    },
    bytes: () => sizeOf(paths.database) + sizeOf(paths.wal),
    close,
    [Symbol.dispose]: close,
  };
}

function sweep(store: Store, passages: PassageRepository, limit: number): boolean {
  const removed = store.get("SELECT seq FROM collections WHERE kind = 'removed' ORDER BY seq LIMIT 1") as
    | { seq: number }
    | undefined;
  if (!removed) return false;
  if (passages.removeSome(passageRange(removed.seq), limit) === 0) {
    store.write(() => store.run("DELETE FROM collections WHERE seq = @seq", { seq: removed.seq }));
  }
  return true;
}

function closeStore({ connection, log, paths }: KnowledgeStoreOptions, store: Store): void {
  if (!connection.open) return;
  try {
    if (store.readOnly === null) connection.pragma("wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // Nothing is lost: the log stays beside the database and is read at the next start.
    log.warn({ err: mapFailure(error, paths.database).error }, "the write-ahead log could not be emptied");
  }
  connection.close();
}
