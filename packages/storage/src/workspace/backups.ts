import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Connection, openEncrypted } from "../driver/connection.ts";
import { isDamage } from "../driver/driver-errors.ts";
import { syncDirectory, syncFile } from "../driver/durable-files.ts";
import type { FileKey } from "../driver/key-derivation.ts";
import { schemaVersionOf } from "./migrate.ts";
import { readIdentity } from "./store-identity.ts";
import { listBackups, type WorkspacePaths } from "./workspace-paths.ts";

const keptBackups = 3;

/** Copies the store as it is now into a new encrypted file and opens that file to see that it is whole. */
export function writeBackup(connection: Connection, key: FileKey, path: string): void {
  const unfinished = `${path}.partial`;
  rmSync(unfinished, { force: true });
  try {
    // SQLite fills an empty file that is there; made here, nobody else can read it.
    closeSync(openSync(unfinished, "wx", 0o600));
    connection.prepare("VACUUM INTO ?").run(unfinished);
    if (process.platform !== "win32") chmodSync(unfinished, 0o600);
    syncFile(unfinished);
    verifyBackup(connection, key, unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** The backup before a migration. Only the newest `keep` are kept. Returns its path. */
export function backUpBeforeMigration(
  connection: Connection,
  key: FileKey,
  paths: WorkspacePaths,
  now: number,
  { keep } = { keep: keptBackups },
): string {
  mkdirSync(paths.backups, { recursive: true, mode: 0o700 });
  // The number of the last commit leads the name: the order of backups survives a clock that jumps.
  const revision = String(readIdentity(connection)?.revision ?? 0).padStart(12, "0");
  const time = new Date(now).toISOString().replaceAll(":", "-");
  const path = join(paths.backups, `${paths.name}-${revision}-v${schemaVersionOf(connection)}-${time}.db`);
  if (existsSync(path)) return path;
  writeBackup(connection, key, path);
  for (const old of listBackups(paths).slice(keep)) rmSync(old);
  return path;
}

/** Newest backup that opens under this key and is whole; null when there is none. */
export function newestVerifiedBackup(paths: WorkspacePaths, key: FileKey): string | null {
  return listBackups(paths).find((path) => isWhole(path, key)) ?? null;
}

/** Complete check of a database file; changes nothing. */
export function isWhole(path: string, key: FileKey): boolean {
  try {
    const connection = openEncrypted(path, key, "read");
    try {
      return isConnectionWhole(connection);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

export function isConnectionWhole(connection: Connection): boolean {
  return connection.pragma("integrity_check", { simple: true }) === "ok";
}

function verifyBackup(source: Connection, key: FileKey, path: string): void {
  if (!isWhole(path, key)) throw new Error("the backup does not read back whole");
  const copy = openEncrypted(path, key, "read");
  try {
    const tables = source.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    for (const table of tables) {
      const count = `SELECT count(*) FROM "${table}"`;
      if (source.prepare(count).pluck().get() !== copy.prepare(count).pluck().get()) {
        throw new Error(`the backup of table ${table} is incomplete`);
      }
    }
    if (schemaVersionOf(copy) !== schemaVersionOf(source)) throw new Error("the backup has another schema version");
  } finally {
    copy.close();
  }
}
