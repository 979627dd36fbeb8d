import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type Clock, systemClock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { isWritable, prepareDataDir } from "../data-dir/data-dir-folder.ts";
import { type Connection, createEncrypted, openEncrypted } from "../driver/connection.ts";
import { isDamage, mapFailure } from "../driver/driver-errors.ts";
import { syncDirectory, syncFile } from "../driver/durable-files.ts";
import { deriveFileKey, type FileKey } from "../driver/key-derivation.ts";
import { installRecovered, removeStore } from "../recovery/rebuild.ts";
import { keepStore } from "../recovery/recover.ts";
import type { StorageLog } from "../storage-log.ts";
import { backUpBeforeMigration } from "../workspace/backups.ts";
import type { ReadOnlyReason } from "../workspace/failure-gate.ts";
import { latestVersion, migrate, schemaVersionOf } from "../workspace/migrate.ts";
import type { Migration } from "../workspace/migrations.ts";
import { createStoreId, readIdentity, writeIdentity } from "../workspace/store-identity.ts";
import { storePaths, type WorkspacePaths } from "../workspace/workspace-paths.ts";
import { knowledgeMigrations } from "./knowledge-migrations.ts";
import { createKnowledgeStore, type KnowledgeStore } from "./knowledge-store.ts";
import { copyCatalogue } from "./copy-catalogue.ts";

const knowledgeFileName = "knowledge.db";

export interface OpenKnowledgeOptions {
  /** Must be owned by this process (`acquireDataDir`), and its workspace opened before: that settles the key. */
  readonly dataDir: string;
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
  readonly clock?: Clock;
  readonly log: StorageLog;
}

/** What happened to an index that could not be used as it was. */
export interface KnowledgeRepair {
  /** Where the old files are kept, unchanged. */
  readonly path: string;
  /** Entries that were carried over; their files are read again. */
  readonly collections: number;
  readonly documents: number;
}

interface Opening {
  readonly paths: WorkspacePaths;
  readonly key: FileKey;
  readonly clock: Clock;
  readonly log: StorageLog;
  readonly migrations: readonly Migration[];
}

/**
 * Opens `knowledge.db`, creating or migrating it as needed. Unlike the workspace it can be made again from the
 * documents: a damaged file goes to `quarantine/` as a whole, and the list of collections and documents is carried over
 * as far as it can be read, every document waiting to be read again. Throws DATA_DIR_UNUSABLE, DISK_FULL, DISK_FAILED,
 * DATABASE_UNREADABLE (a damaged file on a disk that cannot be written).
 */
export function openKnowledge(options: OpenKnowledgeOptions): KnowledgeStore {
  return openKnowledgeWith(options, knowledgeMigrations);
}

/** With other migrations than the product's, for tests. */
export function openKnowledgeWith(options: OpenKnowledgeOptions, migrations: readonly Migration[]): KnowledgeStore {
  const paths = storePaths(options.dataDir, knowledgeFileName);
  const key = deriveFileKey(options.dataKey, knowledgeFileName);
  const opening = { paths, key, clock: options.clock ?? systemClock, log: options.log, migrations };
  try {
    const folder = prepareDataDir(options.dataDir);
    const writable = folder.writable && (!existsSync(paths.database) || isWritable(paths.database));
    return writable ? openWritable(opening) : openReadOnly(opening, "read-only-disk");
  } catch (cause) {
    throw mapFailure(cause, paths.database).error;
  }
}

function openWritable(opening: Opening): KnowledgeStore {
  const { paths } = opening;
  removeStore(paths.unfinished);
  if (!existsSync(paths.database) && existsSync(paths.recovered)) installRecovered(paths);
  let repair: KnowledgeRepair | null = null;
  if (existsSync(damageMark(paths))) repair = startAgain(opening);
  else if (!existsSync(paths.database)) createStoreFile(opening);
  let connection = openSound(opening);
  if (connection === null) {
    repair = startAgain(opening);
    connection = openSound(opening);
  }
  if (connection === null)
    throw deskError("DATABASE_UNREADABLE", { path: paths.database, reason: "damaged", quarantinedTo: null });
  try {
    if (schemaVersionOf(connection) > latestVersion(opening.migrations)) {
      connection.close();
      return openReadOnly(opening, "newer-schema");
    }
    bringUpToDate(opening, connection);
    return assemble(opening, connection, { repair, readOnly: null });
  } catch (error) {
    if (connection.open) connection.close();
    throw error;
  }
}

/**
 * Reads what every later statement needs; a page that is bad elsewhere is noticed when it is read. Null when the file is
 * damaged or no index: an empty one opens, but there is nothing in it.
 */
function openSound({ paths, key, log }: Opening): Connection | null {
  let connection: Connection | null = null;
  try {
    connection = openEncrypted(paths.database, key, "write");
    if (readIdentity(connection) !== null) return connection;
    log.error({ path: paths.database }, "the index of documents has no identity");
  } catch (error) {
    if (!isDamage(error) && !isEmptyStore(connection)) {
      connection?.close();
      throw error;
    }
    log.error({ err: error, path: paths.database }, "the index of documents is damaged");
  }
  connection?.close();
  return null;
}

function isEmptyStore(connection: Connection | null): boolean {
  return connection !== null && schemaVersionOf(connection) === 0;
}

/** A store gets its name only when it is complete: a start that is cut short leaves nothing that looks damaged. */
function createStoreFile(
  { paths, key, migrations }: Opening,
  as = paths.database,
  fill?: (to: Connection) => void,
): void {
  const connection = createEncrypted(paths.unfinished, key);
  try {
    migrate(connection, migrations, latestVersion(migrations));
    writeIdentity(connection, { storeId: createStoreId(), revision: 0 });
    fill?.(connection);
    connection.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    connection.close();
  }
  syncFile(paths.unfinished);
  renameSync(paths.unfinished, as);
  syncDirectory(paths.dataDir);
}

/** The old files as they are to the quarantine, a new index with the entries that can still be read in their place. */
function startAgain(opening: Opening): KnowledgeRepair {
  const { paths, key, log } = opening;
  const kept = keepStore(paths, opening.clock.now(), "link");
  let counts = { collections: 0, documents: 0 };
  createStoreFile(opening, paths.recovered, (to) => {
    counts = copyCatalogue({ from: paths.database, key, to, log });
  });
  removeStore(paths.database);
  installRecovered(paths);
  rmSync(damageMark(paths), { force: true });
  log.warn({ path: kept, ...counts }, "the index of documents was started again");
  return { path: kept, ...counts };
}

/** Left by a process that met damage while it worked. */
function damageMark(paths: WorkspacePaths): string {
  return `${paths.database}.damaged`;
}

function bringUpToDate({ paths, key, clock, log, migrations }: Opening, connection: Connection): void {
  const from = schemaVersionOf(connection);
  const to = latestVersion(migrations);
  if (from >= to) return;
  const backup = backUpBeforeMigration(connection, key, paths, clock.now(), { keep: 1 });
  migrate(connection, migrations, to);
  log.info({ from, to, backup }, "the index of documents was migrated");
}

function openReadOnly(opening: Opening, readOnly: ReadOnlyReason): KnowledgeStore {
  const { paths, key } = opening;
  if (!existsSync(paths.database)) {
    const detail = "there is no index of documents to read";
    throw deskError("DATA_DIR_UNUSABLE", { path: paths.dataDir, reason: "read-only", detail });
  }
  // SQLite cannot read a write-ahead log where it cannot write. Without one, the file alone is everything.
  if (readOnly === "read-only-disk" && (statSync(paths.wal, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    const detail = "the index was not closed and its log cannot be read here";
    throw deskError("DATA_DIR_UNUSABLE", { path: paths.dataDir, reason: "read-only", detail });
  }
  const connection = openEncrypted(paths.database, key, "read");
  return assemble(opening, connection, { repair: null, readOnly });
}

interface Found {
  readonly repair: KnowledgeRepair | null;
  readonly readOnly: ReadOnlyReason | null;
}

function assemble({ paths, key, clock, log }: Opening, connection: Connection, found: Found): KnowledgeStore {
  const onDamage = () => {
    log.error({ path: paths.database }, "the index of documents proved damaged; it is made again at the next start");
    writeFileSync(damageMark(paths), "", { mode: 0o600 });
  };
  return createKnowledgeStore({ connection, paths, key, clock, log, onDamage, ...found });
}
