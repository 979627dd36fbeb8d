import { closeSync, existsSync, openSync, truncateSync } from "node:fs";
import { join } from "node:path";
import Driver from "better-sqlite3-multiple-ciphers";
import { isDamage } from "../driver/driver-errors.ts";

const lockPath = (dataDir: string) => join(dataDir, "owner.lock");

/** Longer than a look of `isLockHeld` takes, so that a mere look never makes a starting owner give up. */
const patienceMs = 200;

/**
 * Takes the lock of the data directory: an exclusive transaction on a file of its own. The system releases it when
 * the process ends, however it ends. Null when another process holds it.
 */
export function takeLock(dataDir: string): Disposable | null {
  const path = lockPath(dataDir);
  closeSync(openSync(path, "a", 0o600));
  try {
    return beginExclusive(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Foreign bytes in a file that holds nothing. A holder would have answered "busy" before SQLite read them.
    truncateSync(path, 0);
    return beginExclusive(path);
  }
}

/** Whether some process, this one included, holds the lock right now. */
export function isLockHeld(dataDir: string): boolean {
  const path = lockPath(dataDir);
  if (!existsSync(path)) return false;
  const connection = new Driver(path, { timeout: 0 });
  try {
    connection.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    if (isDamage(error)) return false;
    throw error;
  } finally {
    connection.close();
  }
}

function beginExclusive(path: string): Disposable | null {
  const connection = new Driver(path, { timeout: patienceMs });
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { [Symbol.dispose]: () => void connection.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Driver.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
