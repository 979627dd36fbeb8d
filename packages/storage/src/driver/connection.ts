import { closeSync, openSync } from "node:fs";
import Driver from "better-sqlite3-multiple-ciphers";
import type { FileKey } from "./key-derivation.ts";

export type Connection = Driver.Database;

export const busyTimeoutMs = 5000;
/** The write-ahead log is cut back to this size, in bytes. */
export const walLimitBytes = 64 * 1024 * 1024;

const applicationId = 0x4465736b; // "Desk"
const synchronousFull = 2;

/** Opens an existing encrypted file; `write` shuts every other process out of it. */
export function openEncrypted(path: string, key: FileKey, access: "read" | "write"): Connection {
  const connection = new Driver(path, { readonly: access === "read", fileMustExist: true, timeout: busyTimeoutMs });
  try {
    unlock(connection, key);
    if (access === "write") configureDurability(connection);
    connection.pragma("foreign_keys=ON");
    connection.pragma("temp_store=MEMORY");
    connection.pragma("cell_size_check=ON");
    connection.pragma("trusted_schema=OFF");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Creates the file for its owner only and opens it; fails when it exists. */
export function createEncrypted(path: string, key: FileKey): Connection {
  closeSync(openSync(path, "wx", 0o600));
  const connection = openEncrypted(path, key, "write");
  connection.pragma(`application_id=${applicationId}`);
  return connection;
}

function unlock(connection: Connection, key: FileKey): void {
  connection.pragma("cipher='sqlcipher'");
  connection.pragma("legacy=4");
  connection.pragma(`key="x'${key.cipherKey.toString("hex")}${key.salt.toString("hex")}'"`);
}

/** SQLite falls back to synchronous=NORMAL whenever a WAL database is reopened: set it, and look. */
function configureDurability(connection: Connection): void {
  // One process owns the store: without a shared index there is no third file, and a full disk does not stop opening.
  connection.pragma("locking_mode=EXCLUSIVE");
  expectPragma(connection, "journal_mode=WAL", "journal_mode", "wal");
  expectPragma(connection, "synchronous=FULL", "synchronous", synchronousFull);
  expectPragma(connection, "secure_delete=ON", "secure_delete", 1);
  connection.pragma(`journal_size_limit=${walLimitBytes}`);
}

function expectPragma(connection: Connection, assignment: string, name: string, expected: string | number): void {
  connection.pragma(assignment);
  const actual = connection.pragma(name, { simple: true });
  if (actual !== expected) throw new Error(`PRAGMA ${name} is ${String(actual)}, wanted ${expected}`);
}
