import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { deskError } from "@deskside/contract";
import type { FileKey } from "../driver/key-derivation.ts";
import { newestVerifiedBackup } from "../workspace/backups.ts";
import type { Witnessed } from "../workspace/commit-witness.ts";
import { latestVersion } from "../workspace/migrate.ts";
import type { Migration } from "../workspace/migrations.ts";
import { createStoreId } from "../workspace/store-identity.ts";
import type { WorkspacePaths } from "../workspace/workspace-paths.ts";
import { keepAside } from "./quarantine.ts";
import { installRecovered, readBackupRows, rebuildStore } from "./rebuild.ts";
import { keepNewest, type MutableRows, type Salvage, salvageRows } from "./salvage.ts";
import { salvageTables } from "./salvage-tables.ts";

/** What happened to a store that could not be opened as it was. Counts are rows, pages and commits. */
export interface RecoveryReport {
  /** Where the files are kept, unchanged. The database's own path when there was no file left to keep. */
  readonly path: string;
  readonly reason: "damaged" | "foreign";
  /** The backup that filled gaps; null when there was none or no gap. */
  readonly restoredFrom: string | null;
  /** Rows read from the damaged files, by table. */
  readonly keptRows: Readonly<Record<string, number>>;
  /** Rows that only the backup still had. */
  readonly restoredRows: number;
  /** Rows found in part and given up. */
  readonly brokenRows: number;
  readonly damagedPages: number;
  /** Acknowledged commits of which there is no trace; null when not known. */
  readonly missingCommits: number | null;
}

export interface RecoveryOptions {
  readonly paths: WorkspacePaths;
  readonly key: FileKey;
  readonly witnessed: Witnessed | null;
  readonly migrations: readonly Migration[];
  readonly now: number;
  /** Where the files are kept already; null to keep them now. */
  readonly keptAt: string | null;
}

/** The files as they were, kept under another name, and everything that can still be read from them in a new store. */
export function recoverStore(options: RecoveryOptions): RecoveryReport {
  const { paths, key, witnessed, migrations } = options;
  const latest = latestVersion(migrations);
  const source = options.keptAt === null ? paths : filesIn(options.keptAt, paths);
  const salvage = salvageRows(source, key);
  if ((salvage.schemaVersion ?? 0) > latest) {
    // Columns this version does not know would be lost without a word.
    throw deskError("DATABASE_UNREADABLE", { path: paths.database, reason: "damaged", quarantinedTo: null });
  }
  const size = statSync(source.database, { throwIfNoEntry: false })?.size ?? 0;
  const path = options.keptAt ?? keepStore(paths, options.now, "link");
  const missingCommits = witnessed && Math.max(0, witnessed.revision - salvage.revision);
  const backup = hasGaps(salvage, missingCommits) ? newestVerifiedBackup(paths, key) : null;
  const merged = mergeRows(salvage, backup, key);
  rebuildStore(
    paths,
    key,
    {
      rows: merged.rows,
      schemaVersion: salvage.schemaVersion || latest,
      identity: {
        storeId: salvage.storeId ?? witnessed?.storeId ?? createStoreId(),
        revision: Math.max(salvage.revision, witnessed?.revision ?? 0, merged.revision) + 1,
      },
    },
    migrations,
  );
  installRecovered(paths);
  return {
    path,
    reason: salvage.readablePages === 0 && size > 0 ? "foreign" : "damaged",
    restoredFrom: backup,
    keptRows: Object.fromEntries([...salvage.rows].map(([table, rows]) => [table, rows.size])),
    restoredRows: merged.restoredRows,
    brokenRows: salvage.brokenRows,
    damagedPages: salvage.damagedPages,
    missingCommits,
  };
}

/**
 * Keeps the files of the store as they are and returns where; the path of the database when there are none. `copy`
 * when a connection has them open, which would go on writing to a mere link.
 */
export function keepStore(paths: WorkspacePaths, now: number, how: "link" | "copy"): string {
  const files = [paths.database, paths.wal, paths.sharedMemory].filter((file) => existsSync(file));
  return files.length > 0 ? keepAside(paths, files, now, how) : paths.database;
}

function filesIn(folder: string, paths: WorkspacePaths): { database: string; wal: string } {
  return { database: join(folder, basename(paths.database)), wal: join(folder, basename(paths.wal)) };
}

function hasGaps(salvage: Salvage, missingCommits: number | null): boolean {
  const { readablePages, damagedPages, brokenRows } = salvage;
  return readablePages === 0 || damagedPages > 0 || brokenRows > 0 || (missingCommits ?? 0) > 0;
}

function mergeRows(salvage: Salvage, backup: string | null, key: FileKey) {
  const rows: MutableRows = new Map([...salvage.rows].map(([table, kept]) => [table, new Map(kept)]));
  const before = countRows(rows);
  let revision = 0;
  if (backup) {
    const saved = readBackupRows(backup, key);
    for (const table of salvageTables) {
      for (const row of saved.rows.get(table.name)?.values() ?? []) {
        revision = Math.max(revision, Number(row["revision"]));
        keepNewest(rows, table, row);
      }
    }
  }
  return { rows, revision, restoredRows: countRows(rows) - before };
}

function countRows(rows: MutableRows): number {
  return [...rows.values()].reduce((sum, table) => sum + table.size, 0);
}
