import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs";
import { dirname, join } from "node:path";
import { deskError } from "@deskside/contract";
import type { KeyProvider } from "@deskside/contract/shell";
import { mapFailure } from "../driver/driver-errors.ts";
import { syncDirectory, writeBeside } from "../driver/durable-files.ts";
import { dataKeyLength } from "../driver/key-derivation.ts";
import { hasEncryptedData } from "../workspace/workspace-paths.ts";

const hasModes = process.platform !== "win32";

/**
 * The data key in a file for this user only, for machines without a key store of their own: `keys/data.key`.
 * Made on first use; never made while there is data under another key, and never overwritten.
 */
export function createKeyFileProvider(dataDir: string): KeyProvider {
  const path = join(dataDir, "keys", "data.key");
  return {
    getDataKey: async () => readKey(path) ?? createKey(path, dataDir),
  };
}

function keyUnavailable(reason: "missing" | "damaged" | "no-permission", path: string, cause?: unknown): Error {
  return deskError("KEY_UNAVAILABLE", { reason, path }, { cause });
}

/** Null when there is no key file. */
function readKey(path: string): Uint8Array | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return null;
    if (!stats.isFile()) throw keyUnavailable("damaged", path);
    restrict(path, stats, 0o600);
    restrict(dirname(path), lstatSync(dirname(path)), 0o700);
    const key = readFileSync(path);
    if (key.length !== dataKeyLength) throw keyUnavailable("damaged", path);
    return new Uint8Array(key);
  } catch (cause) {
    throw asKeyError(cause, path);
  }
}

/** Takes away what others may do with it, or refuses. */
function restrict(path: string, stats: Stats, mode: number): void {
  if (!hasModes || (stats.mode & 0o077) === 0) return;
  try {
    chmodSync(path, mode);
  } catch (cause) {
    throw keyUnavailable("no-permission", path, cause);
  }
  if ((lstatSync(path).mode & 0o077) !== 0) throw keyUnavailable("no-permission", path);
}

function createKey(path: string, dataDir: string): Uint8Array {
  try {
    if (hasEncryptedData(dataDir)) return existingKey(path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    restrict(dirname(path), lstatSync(dirname(path)), 0o700);
    const temporary = writeBeside(path, randomBytes(dataKeyLength), 0o600);
    try {
      publishOnce(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    syncDirectory(dirname(path));
    syncDirectory(dataDir);
  } catch (cause) {
    throw asKeyError(cause, path);
  }
  // Whoever won the race: the key is what the file says.
  return existingKey(path);
}

function existingKey(path: string): Uint8Array {
  const key = readKey(path);
  if (!key) throw keyUnavailable("missing", path);
  return key;
}

/** Gives the file its name unless another process was first. */
function publishOnce(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") return;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS" && code !== "EMLINK") throw error;
    // A file system without hard links: the lease on the data directory keeps a second writer away.
    if (!existsSync(path)) renameSync(temporary, path);
  }
}

function asKeyError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return keyUnavailable("no-permission", path, cause);
  if (code === "ENOTDIR" || code === "ELOOP") return keyUnavailable("damaged", path, cause);
  return mapFailure(cause, path).error;
}
