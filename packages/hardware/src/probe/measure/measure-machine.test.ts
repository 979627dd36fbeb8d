import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineProfile } from "@deskside/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { measureDiskRead } from "./disk-read-speed.ts";
import { measureMachine, withSpeed } from "./measure-machine.ts";
import { measureMemoryRead } from "./memory-read-speed.ts";

const GiB = 1024 ** 3;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deskside-measure-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

test("this machine: figures of a computer, nothing left behind, and others get their turn meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  const speed = await measureMachine({ dir: folder, budgetMs: 400 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
  for (const figure of [speed.memoryBytesPerSecond, speed.diskReadBytesPerSecond]) {
    if (figure === null) continue;
    // Between a memory card and ten times the fastest memory there is.
    expect(figure).toBeGreaterThan(1e6);
    expect(figure).toBeLessThan(1e14);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("memory is read faster than a loop in JavaScript could", async () => {
  expect(await measureMemoryRead({ cores: 1, freeBytes: GiB, budgetMs: 100 })).toBeGreaterThan(2e8);
});

test("with little free memory nothing is measured, rather than the cache", async () => {
  for (const freeBytes of [0, 1024 ** 2, 500 * 1024 ** 2, -5, Number.NaN]) {
    expect(await measureMemoryRead({ cores: 2, freeBytes, budgetMs: 100 })).toBeNull();
  }
});

test("a folder that is not there, or not writable, has no figure and fails nothing", async () => {
  const missing = join(folder, "missing");
  expect(await measureDiskRead({ folder: missing, budgetMs: 100 })).toBeNull();
  expect((await measureMachine({ dir: missing, budgetMs: 100 })).diskReadBytesPerSecond).toBeNull();
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  expect(await measureDiskRead({ folder, budgetMs: 100 })).toBeNull();
});

test("given up before, while memory and while the disk is measured: the reason, and no file", async () => {
  const reason = new Error("given up");
  await expect(measureMachine({ dir: folder, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  for (const measure of [
    (signal: AbortSignal) => measureMachine({ dir: folder, budgetMs: 60_000, signal }),
    (signal: AbortSignal) => measureDiskRead({ folder, budgetMs: 60_000, signal }),
  ]) {
    const abort = new AbortController();
    const measuring = measure(abort.signal);
    setTimeout(() => abort.abort(reason), 20);
    await expect(measuring).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test("what was measured goes into the profile, what was not stays", () => {
  const disk = { totalBytes: 9, freeBytes: 8, kind: "ssd" as const, readBytesPerSecond: null };
  const memory = { totalBytes: 8, freeBytes: 4, bandwidthBytesPerSecond: 5e10, bandwidthSource: "table" as const };
  const profile = {
    memory,
    disks: ["/", "/home", "/homework"].map((mount) => ({ ...disk, mount })),
  } as unknown as MachineProfile;
  const measured = withSpeed(profile, { memoryBytesPerSecond: 3e10, diskReadBytesPerSecond: 2e9 }, "/home/ann/data");
  expect(measured.memory).toEqual({ ...memory, bandwidthBytesPerSecond: 3e10, bandwidthSource: "measured" });
  expect(measured.disks.map(({ readBytesPerSecond }) => readBytesPerSecond)).toEqual([null, 2e9, null]);
  const nothing = withSpeed(profile, { memoryBytesPerSecond: null, diskReadBytesPerSecond: null }, "/home");
  expect(nothing).toEqual(profile);
  const root = withSpeed(profile, { memoryBytesPerSecond: null, diskReadBytesPerSecond: 1e9 }, "/var");
  expect(root.disks.map(({ readBytesPerSecond }) => readBytesPerSecond)).toEqual([1e9, null, null]);
});
