import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { deskError } from "@deskside/contract";
import type { FileKey } from "../driver/key-derivation.ts";
import { hasPageOfKey } from "../recovery/page-image.ts";
import { compareKeyCheck, writeKeyCheck } from "./key-check.ts";
import { listBackups, type WorkspacePaths } from "./workspace-paths.ts";

/**
 * Tells a wrong key from a damaged file before anything is touched. Throws DATABASE_UNREADABLE `other-key`.
 * The key is right when the key check says so, or when anything here was written under it (then the check itself was
 * damaged or lost, and is written again). Without either, a file that looks encrypted is taken for someone else's.
 */
export function settleKey(paths: WorkspacePaths, dataKey: Uint8Array, key: FileKey, writable: boolean): void {
  const check = compareKeyCheck(paths, dataKey);
  if (check === "match") return;
  const backups = listBackups(paths);
  if (!isKeyOfFiles(paths, backups, key)) {
    const present = existsSync(paths.database) || existsSync(paths.wal) || backups.length > 0;
    if (present && (check === "mismatch" || looksEncrypted(paths.database))) {
      throw deskError("DATABASE_UNREADABLE", { path: paths.database, reason: "other-key", quarantinedTo: null });
    }
  }
  if (writable) writeKeyCheck(paths, dataKey);
}

function isKeyOfFiles(paths: WorkspacePaths, backups: readonly string[], key: FileKey): boolean {
  const none = "";
  return (
    hasPageOfKey({ database: paths.database, wal: paths.wal }, key) ||
    hasPageOfKey({ database: paths.recovered, wal: none }, key) ||
    backups.some((backup) => hasPageOfKey({ database: backup, wal: none }, key))
  );
}

/** Encrypted bytes use all values about equally often; other files do not. */
function looksEncrypted(path: string): boolean {
  const sample = Buffer.alloc(4096);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < sample.length) return false;
  const handle = openSync(path, "r");
  try {
    readSync(handle, sample, 0, sample.length, 0);
  } finally {
    closeSync(handle);
  }
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts) {
    const share = count / sample.length;
    if (count > 0) entropy -= share * Math.log2(share);
  }
  return entropy > 7.8;
}
