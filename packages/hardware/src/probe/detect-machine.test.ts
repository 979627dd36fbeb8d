import { machineProfileSchema } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import type { Machine } from "../machine/machine.ts";
import { detectMachine } from "./detect-machine.ts";
import { unknownGpu } from "./found-gpu.ts";
import { mergeGpus } from "./merge-gpus.ts";
import type { CommandResult, ProbeSource } from "./source/probe-source.ts";

const gpuTable = { gpus: [] };
const GiB = 1024 ** 3;
const machine: Machine = {
  cpu: "Test CPU",
  physicalCores: 4,
  logicalCores: 8,
  memoryBytes: 16 * GiB,
  platform: "linux",
  arch: "x64",
};

function sourceOf(change: Partial<ProbeSource>): ProbeSource {
  return {
    platform: "linux",
    arch: "x64",
    run: async () => ({ status: "missing" }),
    follow: () => ({ ended: Promise.resolve(), stop: () => undefined }),
    readText: async () => null,
    listFolder: async () => [],
    systemInformation: async () => {
      throw new Error("not here");
    },
    machine: async () => machine,
    memory: async () => ({ totalBytes: 16 * GiB, usedBytes: 4 * GiB }),
    ...change,
  };
}

describe("detection", () => {
  test("this machine, for real", async () => {
    const profile = await detectMachine({ gpuTable });
    expect(machineProfileSchema.parse(profile)).toEqual(profile);
    expect(profile.memory.totalBytes).toBeGreaterThan(profile.memory.freeBytes);
    expect(profile.cpu.physicalCores).toBeGreaterThan(0);
    if (process.arch === "x64" && process.platform === "linux") expect(profile.cpu.instructionSets).toContain("sse42");
  }, 20_000);

  test("no tool, no library: what is known is given, the rest is noted", async () => {
    const profile = await detectMachine({ source: sourceOf({}), gpuTable });
    expect(profile).toMatchObject({ gpus: [], disks: [], battery: null, system: null });
    expect(profile.memory).toMatchObject({ totalBytes: 16 * GiB, freeBytes: 12 * GiB, bandwidthBytesPerSecond: null });
    expect(profile.notes.map((one) => one.subject).sort()).toEqual([
      "systeminformation.fsSize",
      "systeminformation.graphics",
      "systeminformation.osInfo",
    ]);
  });

  test("every command times out: notes, no error", async () => {
    const source = sourceOf({ run: async () => ({ status: "timed-out" }) });
    const profile = await detectMachine({ source, gpuTable });
    const late = profile.notes.filter((one) => one.code === "tool-timed-out").map((one) => one.subject);
    expect(late.sort()).toEqual(["amd-smi", "nvidia-smi", "rocm-smi", "xpu-smi"]);
  });

  test("a signal ends it with its own reason, whatever still hangs", async () => {
    const reason = new Error("the window closed");
    const abort = new AbortController();
    const source = sourceOf({ run: () => new Promise<CommandResult>(() => undefined) });
    const running = detectMachine({ source, gpuTable, signal: abort.signal });
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test.each([
    [null],
    [[]],
    ["text"],
    [{ controllers: "x", total: "y" }],
    [[null, 7, { mount: 3, size: -1 }]],
    [{ controllers: [{}, { model: "\u0000", vendor: 5 }, { vendor: "AMD", model: "x".repeat(10_000), vram: -7 }] }],
  ])("odd answers of the library: %j", async (answer) => {
    for (const platform of ["linux", "win32", "darwin", "freebsd"] as const) {
      const source = sourceOf({ platform, systemInformation: async () => answer });
      const profile = await detectMachine({ source, gpuTable });
      expect(machineProfileSchema.parse(profile)).toEqual(profile);
    }
  });
});

describe("joining lists of devices", () => {
  const nvidia = { ...unknownGpu, vendor: "nvidia" as const, name: "NVIDIA A" };

  test("two cards of one name stay two, each with its own size", () => {
    const tools = [
      { ...nvidia, busId: "00000000:01:00.0", vramTotalBytes: 1 },
      { ...nvidia, busId: "00000000:02:00.0", vramTotalBytes: 2 },
    ];
    const base = [
      { ...nvidia, busId: "02:00.0", driver: "two" },
      { ...nvidia, busId: "01:00.0", driver: "one" },
    ];
    expect(mergeGpus(tools, base).map((gpu) => [gpu.vramTotalBytes, gpu.driver])).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
    const unnumbered = base.map((gpu) => ({ ...gpu, busId: null }));
    expect(mergeGpus(tools, unnumbered)).toHaveLength(2);
  });

  test("two cards that the base cannot name are not counted twice", () => {
    const tools = [
      { ...nvidia, index: 0 },
      { ...nvidia, index: 1 },
    ];
    expect(
      mergeGpus(tools, [
        { ...nvidia, name: "NVIDIA Device 2684" },
        { ...nvidia, name: "NVIDIA Device 2684" },
      ]),
    ).toEqual(tools);
  });

  test("slices use up their board; a board that a tool hides does not come back", () => {
    const slice = { ...nvidia, busId: "01:00.0", migUuid: "MIG-1" };
    const base = [{ ...nvidia, busId: "0000:01:00.0", name: "NVIDIA GH100" }];
    expect(mergeGpus([slice, { ...slice, migUuid: "MIG-2" }], base)).toHaveLength(2);
    expect(mergeGpus([], base, [slice])).toEqual([]);
  });

  test("a second card that the tool does not know stays", () => {
    const old = { ...nvidia, name: "NVIDIA GeForce 210", busId: "0000:05:00.0" };
    expect(mergeGpus([{ ...nvidia, busId: "01:00.0" }], [{ ...nvidia, busId: "01:00.0" }, old])).toHaveLength(2);
    expect(
      mergeGpus([{ ...nvidia, busId: "01:00.0" }], [{ ...unknownGpu, vendor: "amd", name: "NVIDIA A" }]),
    ).toHaveLength(2);
  });
});
