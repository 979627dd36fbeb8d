import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import Driver from "better-sqlite3-multiple-ciphers";
import { busyTimeoutMs } from "./connection.ts";

/** What a failure means for the store: nothing, no more writes, or a file that needs repair at the next start. */
export type FailureEffect = "none" | "stop-writes" | "read-only" | "damaged";

export interface Failure {
  readonly error: unknown;
  readonly effect: FailureEffect;
}

/** The codes with which SQLite says that a file is no healthy database of ours. */
export function isDamage(error: unknown): boolean {
  return error instanceof Driver.SqliteError && /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(error.code);
}

/** The one place where errors of SQLite and of the file system become Deskside's. Others come back unchanged. */
export function mapFailure(cause: unknown, path: string): Failure {
  if (cause instanceof DesksideError) return { error: cause, effect: "none" };
  if (cause instanceof Driver.SqliteError) return mapSqliteFailure(cause, path);
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
    return mapFileError(cause, cause.code, path);
  }
  return { error: cause, effect: "none" };
}

/** Like `mapFailure` for what the driver alone throws: errors of the caller's own code stay what they are. */
export function mapSqliteFailure(cause: unknown, path: string): Failure {
  if (!(cause instanceof Driver.SqliteError)) return { error: cause, effect: "none" };
  const { code } = cause;
  const full = () => deskError("DISK_FULL", { path }, { cause });
  if (code === "SQLITE_FULL") return { error: full(), effect: "none" };
  if (isDamage(cause)) {
    const error = deskError("DATABASE_UNREADABLE", { path, reason: "damaged", quarantinedTo: null }, { cause });
    return { error, effect: "damaged" };
  }
  if (code.startsWith("SQLITE_IOERR")) {
    // The shared-memory file and quotas report a full disk as a plain I/O error.
    if (!code.includes("FSYNC") && isDiskFull(path)) return { error: full(), effect: "none" };
    return { error: deskError("DISK_FAILED", { path, detail: code }, { cause }), effect: "stop-writes" };
  }
  if (code.startsWith("SQLITE_READONLY")) {
    return { error: deskError("STORE_READ_ONLY", { reason: "read-only-disk" }, { cause }), effect: "read-only" };
  }
  if (code.startsWith("SQLITE_CANTOPEN")) {
    if (isDiskFull(path)) return { error: full(), effect: "none" };
    return {
      error: deskError("DATA_DIR_UNUSABLE", { path, reason: "other", detail: code }, { cause }),
      effect: "none",
    };
  }
  if (code.startsWith("SQLITE_BUSY")) {
    const error = deskError("TIMED_OUT", { what: "database lock", ms: busyTimeoutMs }, { cause });
    return { error, effect: "none" };
  }
  return { error: cause, effect: "none" };
}

function mapFileError(cause: Error, code: string, path: string): Failure {
  const unusable = (reason: "not-a-folder" | "read-only" | "no-permission") =>
    deskError("DATA_DIR_UNUSABLE", { path, reason, detail: code }, { cause });
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return { error: deskError("DISK_FULL", { path }, { cause }), effect: "none" };
    case "EIO":
      return { error: deskError("DISK_FAILED", { path, detail: code }, { cause }), effect: "stop-writes" };
    case "EROFS":
      return { error: unusable("read-only"), effect: "read-only" };
    case "EACCES":
    case "EPERM":
      return { error: unusable("no-permission"), effect: "none" };
    case "ENOTDIR":
      return { error: unusable("not-a-folder"), effect: "none" };
    default:
      return { error: cause, effect: "none" };
  }
}

function isDiskFull(path: string): boolean {
  try {
    const disk = statfsSync(dirname(path));
    return disk.bavail * disk.bsize < 64 * 1024;
  } catch {
    // Not known: then it is reported as the failure it came as.
    return false;
  }
}
