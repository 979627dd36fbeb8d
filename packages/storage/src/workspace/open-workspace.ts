import { copyFileSync, existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { isWritable, prepareDataDir } from "../data-dir/data-dir-folder.ts";
import { type Connection, createEncrypted, openEncrypted } from "../driver/connection.ts";
import { isDamage, mapFailure } from "../driver/driver-errors.ts";
import { syncDirectory, syncFile } from "../driver/durable-files.ts";
import { deriveFileKey, type FileKey } from "../driver/key-derivation.ts";
import { examineStore } from "../recovery/examine.ts";
import { installRecovered, removeStore } from "../recovery/rebuild.ts";
import { keepStore, type RecoveryReport, recoverStore } from "../recovery/recover.ts";
import type { StorageLog } from "../storage-log.ts";
import { backUpBeforeMigration, isConnectionWhole } from "./backups.ts";
import { openWitness, readWitness } from "./commit-witness.ts";
import { type BeforeStep, latestVersion, migrate, schemaVersionOf } from "./migrate.ts";
import { type Migration, migrations as productMigrations } from "./migrations.ts";
import { settleKey } from "./settle-key.ts";
import { createStoreId, readIdentity, writeIdentity } from "./store-identity.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";
import { type WorkspacePaths, workspaceFileName, workspacePaths } from "./workspace-paths.ts";

export interface OpenWorkspaceOptions {
  /** Must be owned by this process (`acquireDataDir`). */
  readonly dataDir: string;
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
  readonly clock?: Clock;
  readonly log: StorageLog;
}

/**
 * Opens `workspace.db`, creating, migrating or repairing it as needed; `readOnly` and `recovery` of the result say
 * what was found. Nothing that was there is ever overwritten or deleted: damaged and foreign files are kept in
 * `quarantine/`. Throws DATABASE_UNREADABLE (another key: nothing was touched), DATA_DIR_UNUSABLE, DISK_FULL,
 * DISK_FAILED.
 */
export function openWorkspace(options: OpenWorkspaceOptions): Workspace {
  return openWorkspaceWith(options, productMigrations);
}

/** With other migrations than the product's, for tests. */
export function openWorkspaceWith(
  options: OpenWorkspaceOptions,
  migrations: readonly Migration[],
  beforeStep?: BeforeStep,
): Workspace {
  const paths = workspacePaths(options.dataDir);
  const key = deriveFileKey(options.dataKey, workspaceFileName);
  const opening: Opening = {
    paths,
    key,
    dataKey: options.dataKey,
    clock: options.clock ?? systemClock,
    log: options.log,
    migrations,
    beforeStep,
  };
  try {
    const folder = prepareDataDir(options.dataDir);
    refuseOddities(paths);
    const writable = folder.writable && (!existsSync(paths.database) || isWritable(paths.database));
    settleKey(paths, options.dataKey, key, writable);
    return writable ? openWritable(opening) : openOnReadOnlyDisk(opening);
  } catch (cause) {
    throw mapFailure(cause, paths.database).error;
  }
}

interface Opening {
  readonly paths: WorkspacePaths;
  readonly key: FileKey;
  readonly dataKey: Uint8Array;
  readonly clock: Clock;
  readonly log: StorageLog;
  readonly migrations: readonly Migration[];
  readonly beforeStep: BeforeStep | undefined;
}

function refuseOddities(paths: WorkspacePaths): void {
  const stats = lstatSync(paths.database, { throwIfNoEntry: false });
  if (!stats || stats.isFile()) return;
  const detail = "workspace.db is not an ordinary file";
  throw deskError("DATA_DIR_UNUSABLE", { path: paths.database, reason: "other", detail });
}

function openWritable(opening: Opening): Workspace {
  const { paths, key, log, migrations } = opening;
  removeStore(paths.unfinished);
  if (existsSync(paths.recovered)) installRecovered(paths);
  const witnessed = readWitness(paths.witness);
  const finding = examineStore(paths, key, witnessed);
  let recovery: RecoveryReport | null = null;
  if (finding.state === "damaged") {
    log.error({ path: paths.database, detail: finding.detail }, "the store is damaged");
    recovery = recoverStore({ paths, key, witnessed, migrations, now: opening.clock.now(), keptAt: null });
  } else if (finding.state === "new") {
    createStoreFile(opening);
  } else if (finding.schemaVersion > latestVersion(migrations)) {
    return openNewer(opening, finding.schemaVersion);
  }
  const opened = openWhole(opening, recovery);
  if (opened.recovery) log.warn({ ...opened.recovery }, "the store was repaired");
  try {
    bringUpToDate(opening, opened.connection);
    return assemble(opening, opened.connection, opened.recovery);
  } catch (error) {
    opened.connection.close();
    throw error;
  }
}

/** Opens for writing and lets SQLite check what authentication codes cannot: that the pages belong together. */
function openWhole(opening: Opening, recovery: RecoveryReport | null) {
  const { paths, key, migrations } = opening;
  const now = opening.clock.now();
  let keptAt: string | null = null;
  try {
    const connection = openEncrypted(paths.database, key, "write");
    if (closeUnlessWhole(connection, () => void (keptAt = keepStore(paths, now, "copy")))) {
      return { connection, recovery };
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  opening.log.error({ path: paths.database, detail: "integrity_check" }, "the store is damaged");
  const repaired = recoverStore({ paths, key, witnessed: readWitness(paths.witness), migrations, now, keptAt });
  return { connection: openEncrypted(paths.database, key, "write"), recovery: repaired };
}

/** `beforeClose` runs while the files are as they were found: closing moves the write-ahead log into the database. */
function closeUnlessWhole(connection: Connection, beforeClose: () => void): boolean {
  let whole = false;
  try {
    whole = isConnectionWhole(connection);
    return whole;
  } finally {
    if (!whole) {
      try {
        beforeClose();
      } finally {
        connection.close();
      }
    }
  }
}

/** A store gets its name only when it is complete: a start that is cut short leaves nothing that looks damaged. */
function createStoreFile({ paths, key, migrations, beforeStep }: Opening): void {
  const connection = createEncrypted(paths.unfinished, key);
  try {
    migrate(connection, migrations, latestVersion(migrations), beforeStep);
    writeIdentity(connection, { storeId: createStoreId(), revision: 0 });
    connection.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    connection.close();
  }
  syncFile(paths.unfinished);
  renameSync(paths.unfinished, paths.database);
  syncDirectory(paths.dataDir);
}

function bringUpToDate(opening: Opening, connection: Connection): void {
  const { paths, key, migrations, beforeStep } = opening;
  const latest = latestVersion(migrations);
  const from = schemaVersionOf(connection);
  if (from >= latest) return;
  const backup = backUpBeforeMigration(connection, key, paths, opening.clock.now());
  migrate(connection, migrations, latest, beforeStep);
  opening.log.info({ from, to: latest, backup }, "the store was migrated");
}

function assemble(opening: Opening, connection: Connection, recovery: RecoveryReport | null): Workspace {
  const { paths, key, clock, log } = opening;
  const witness = openWitness(paths.witness);
  const identity = readIdentity(connection);
  if (identity) witness.record(identity);
  return createWorkspace({ connection, paths, key, clock, log, witness, recovery, readOnly: null });
}

function openNewer(opening: Opening, fileVersion: number): Workspace {
  const { paths, key, clock, log } = opening;
  log.warn({ path: paths.database, fileVersion, appVersion: latestVersion(opening.migrations) }, "the store is newer");
  const connection = openEncrypted(paths.database, key, "read");
  return createWorkspace({
    ...{ connection, paths, key, clock, log },
    ...{ witness: null, recovery: null, readOnly: "newer-schema" },
  });
}

/**
 * SQLite cannot read a WAL database where it cannot write. The encrypted files are copied to a folder of the system's
 * temporary directory that only this user can enter, and read there; nothing is written back.
 */
function openOnReadOnlyDisk(opening: Opening): Workspace {
  const { paths, key, clock, log, migrations } = opening;
  if (!existsSync(paths.database)) {
    const reason = isWritable(paths.dataDir) ? "no-permission" : "read-only";
    throw deskError("DATA_DIR_UNUSABLE", { path: paths.dataDir, reason, detail: "there is no workspace to read" });
  }
  const witnessed = readWitness(paths.witness);
  const finding = examineStore(paths, key, witnessed);
  if (finding.state !== "sound") {
    throw deskError("DATABASE_UNREADABLE", { path: paths.database, reason: "damaged", quarantinedTo: null });
  }
  const copy = workspacePaths(mkdtempSync(join(tmpdir(), "deskside-")));
  const discard = () => rmSync(copy.dataDir, { recursive: true, force: true });
  try {
    copyFileSync(paths.database, copy.database);
    if (existsSync(paths.wal)) copyFileSync(paths.wal, copy.wal);
    const connection = openEncrypted(copy.database, key, "write");
    const newer = finding.schemaVersion > latestVersion(migrations);
    if (!newer) migrate(connection, migrations, latestVersion(migrations));
    connection.pragma("query_only=ON");
    return createWorkspace({
      ...{ connection, paths, key, clock, log, witness: null, recovery: null, onClosed: discard },
      readOnly: newer ? "newer-schema" : "read-only-disk",
    });
  } catch (error) {
    discard();
    throw error;
  }
}
