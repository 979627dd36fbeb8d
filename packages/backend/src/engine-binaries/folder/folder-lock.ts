import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { deskError } from "@deskside/contract";

const freshMs = 60_000;
const touchEveryMs = 10_000;

/**
 * One process at a time fetches a package. The file is touched while it is held: one that was not for a minute, or
 * whose process is gone, is left over. Throws ENGINE_BINARY_BUSY.
 */
export async function lockPackage(path: string, packageName: string): Promise<AsyncDisposable> {
  if (!(await tryCreate(path))) {
    const pid = await readHolder(path);
    if (await isHeld(path, pid)) throw deskError("ENGINE_BINARY_BUSY", { package: packageName, pid });
    await rm(path, { force: true });
    if (!(await tryCreate(path))) throw deskError("ENGINE_BINARY_BUSY", { package: packageName, pid: null });
  }
  const touch = setInterval(() => {
    const now = new Date();
    // A lock that somebody removed shows when the package is put in its place; here there is nothing to do.
    utimes(path, now, now).catch(() => undefined);
  }, touchEveryMs);
  touch.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(touch);
      await rm(path, { force: true });
    },
  };
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx");
    await file.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<number | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}

async function isHeld(path: string, pid: number | null): Promise<boolean> {
  const touched = await stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
  if (Date.now() - touched > freshMs) return false;
  // Between creating the file and writing into it there is no number yet.
  return pid === null || isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
