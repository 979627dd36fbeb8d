import { deskError } from "@deskside/contract";

/** What the file system said → ours. Anything else is returned as it is. */
export function mapDiskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return deskError("DISK_FULL", { path }, { cause: error });
  const refused = ["EACCES", "EPERM", "EROFS", "EIO", "ENOTDIR", "EBUSY", "ENOTEMPTY", "EISDIR", "ELOOP"];
  if (typeof code === "string" && refused.includes(code))
    return deskError("DISK_FAILED", { path, detail: code }, { cause: error });
  return error;
}
