import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withSetupLock } from "./setup-lock.mjs";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deskside-lock-"));
  lock = join(folder, "cache", "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the lock around installing and building", () => {
  test("lets one in at a time and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    const enter = () =>
      withSetupLock(lock, async () => {
        most = Math.max(most, ++inside);
        await sleep(5);
        inside--;
      });
    await Promise.all(Array.from({ length: 8 }, enter));
    expect(most).toBe(1);
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });

  test("is given back when the work fails", async () => {
    await expect(withSetupLock(lock, () => Promise.reject(new Error("build failed")))).rejects.toThrow("build failed");
    expect(existsSync(lock)).toBe(false);
  });

  test("of a holder that was killed is taken over at once", async () => {
    await withSetupLock(lock, async () => {});
    // No process has this id: Linux ends at 2^22, macOS at 99998, Windows uses multiples of four.
    writeFileSync(lock, "4194305");
    expect(await withSetupLock(lock, () => Promise.resolve("mine"))).toBe("mine");
  });

  test("whose holder's id was given to another process is taken over when nobody touches it any more", async () => {
    await withSetupLock(lock, async () => {});
    writeFileSync(lock, String(process.pid));
    utimesSync(lock, 1, 1);
    expect(await withSetupLock(lock, () => Promise.resolve("mine"))).toBe("mine");
  });

  test("of a living holder is respected, and the one who waits is told so once", async () => {
    await withSetupLock(lock, async () => {});
    writeFileSync(lock, String(process.pid));
    const onWait = vi.fn();
    const work = vi.fn(() => Promise.resolve());
    await expect(withSetupLock(lock, work, { onWait, limitMs: 250 })).rejects.toThrow("too long");
    expect(work).not.toHaveBeenCalled();
    expect(onWait).toHaveBeenCalledOnce();
  });
});
