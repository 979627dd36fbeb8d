import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { sleep } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { hasCode } from "./store-disk.ts";

/** Longer than any step that is done under the lock; copies and hashing are done outside. */
const mostWaitMs = 30_000;
/** A lock this old belongs to a process that died and whose number another has now. */
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * Runs `work` while no other process, and nobody else in this one, changes the store. The lock is a file with the
 * number of its process; one whose process is gone is taken over. Throws MODEL_FOLDER_UNUSABLE when it stays held.
 */
export function createStoreLock(path: string): { run<T>(work: () => Promise<T>): Promise<T> } {
  let last: Promise<unknown> = Promise.resolve();
  async function locked<T>(work: () => Promise<T>): Promise<T> {
    const token = await acquire(path);
    try {
      return await work();
    } finally {
      await release(path, token);
    }
  }
  return {
    run(work) {
      const next = last.then(
        () => locked(work),
        () => locked(work),
      );
      last = next.catch(() => undefined);
      return next;
    },
  };
}

async function acquire(path: string): Promise<string> {
  const token = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}`;
  const started = performance.now();
  for (;;) {
    if (await tryAcquire(path, token)) return token;
    await takeOverIfDead(path);
    if (performance.now() - started > mostWaitMs) {
      throw deskError("MODEL_FOLDER_UNUSABLE", { path, detail: "another process holds the lock" });
    }
    await sleep(5 + Math.random() * 20);
  }
}

/** The file is written first and then given its name, so that nobody ever reads half a number. */
async function tryAcquire(path: string, token: string): Promise<boolean> {
  const own = `${path}.${token.split(" ").at(-1)}`;
  const handle = await open(own, "wx", 0o600);
  try {
    await handle.writeFile(token);
  } finally {
    await handle.close();
  }
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) throw error;
    return await createPlain(path, token);
  } finally {
    await rm(own, { force: true });
  }
}

/** For file systems without second names. */
async function createPlain(path: string, token: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function takeOverIfDead(path: string): Promise<void> {
  const held = await readFile(path, "utf8").catch(() => null);
  const info = await stat(path).catch(() => null);
  if (held === null || info === null) return;
  const isAbandoned = (text: string): boolean => isDead(text) || (text === held && isOld(info.mtimeMs));
  if (!isAbandoned(held)) return;
  // Two may see the same dead holder. Each moves the file away under a name of its own and looks at what it got; a
  // living holder's file that was caught in between is given back.
  const aside = `${path}.dead-${randomBytes(6).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const caught = await readFile(aside, "utf8");
  if (!isAbandoned(caught)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function isOld(mtimeMs: number): boolean {
  return Date.now() - mtimeMs > abandonedAfterMs;
}

function isDead(held: string): boolean {
  const [pid, host] = held.split(" ");
  const number = Number(pid);
  if (host !== hostname() || !Number.isSafeInteger(number) || number <= 0) return false;
  return !isAlive(number);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

async function release(path: string, token: string): Promise<void> {
  const held = await readFile(path, "utf8").catch(() => null);
  if (held === token) await rm(path, { force: true });
}
