// Lets only one process of this checkout install or build at a time; the others wait for it.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while holding the lock file. A holder that was killed is noticed by its process id, or because it no
 * longer touches the file.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void, staleMs?: number, limitMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withSetupLock(path, work, options = {}) {
  const { staleMs = 30_000, limitMs = 20 * 60_000 } = options;
  mkdirSync(dirname(path), { recursive: true });
  const until = Date.now() + limitMs;
  let told = false;
  while (!take(path)) {
    if (removeStale(path, staleMs)) continue;
    if (Date.now() > until) throw new Error(`another process holds ${path} for too long`);
    if (!told) options.onWait?.();
    told = true;
    await sleep(100);
  }
  const beat = setInterval(() => touch(path), staleMs / 6);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @param {number} staleMs
 */
function removeStale(path, staleMs) {
  const seen = look(path, staleMs);
  if (!seen?.stale) return false;
  // Renaming is atomic: of several waiters one gets the file, and it can check that it took what it meant to take.
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  }
  const taken = readFileSync(aside, "utf8");
  if (taken === seen.holder) rmSync(aside);
  else renameSync(aside, path);
  return true;
}

/**
 * @param {string} path
 * @param {number} staleMs
 */
function look(path, staleMs) {
  try {
    const holder = readFileSync(path, "utf8");
    const age = Date.now() - statSync(path).mtimeMs;
    // An empty file is one that is being written just now.
    return { holder, stale: age > staleMs || (holder !== "" && !isAlive(Number(holder))) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The lock was taken over while this process slept; there is nothing left to keep fresh.
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
