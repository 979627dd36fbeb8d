import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../driver/durable-files.ts";

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  /** Where the owner answers; null while it starts. */
  address: z.string().nullable(),
  /** What a command shows there; null while it starts. */
  token: z.string().nullable(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
});
export type DataDirOwner = z.infer<typeof ownerSchema>;

const ownerPath = (dataDir: string) => join(dataDir, "owner.json");

/** Null when there is none or it cannot be read as one. */
export function readOwnerFile(dataDir: string): DataDirOwner | null {
  let text: string;
  try {
    text = readFileSync(ownerPath(dataDir), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES")) return null;
    throw error;
  }
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: left by something else.
    return null;
  }
}

/** Atomic; readable for this user only, because the token opens everything. */
export function writeOwnerFile(dataDir: string, owner: DataDirOwner): void {
  replaceFile(ownerPath(dataDir), Buffer.from(`${JSON.stringify(owner)}\n`), 0o600);
}

/** Removes the file if it is still that of `pid`. */
export function removeOwnerFile(dataDir: string, pid: number): void {
  if (readOwnerFile(dataDir)?.pid === pid) rmSync(ownerPath(dataDir), { force: true });
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
