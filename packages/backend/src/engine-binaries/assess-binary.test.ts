import type { Gpu } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import { assessBinary } from "./assess-binary.ts";
import { findCudaRuntimes } from "./cuda-runtime.ts";
import { packageTable } from "./package-table.ts";

const gpu = (change: Partial<Gpu> = {}): Gpu => ({
  ...{ id: "0", vendor: "nvidia", name: "NVIDIA GeForce RTX 4090", unified: false, api: "cuda", driver: "580.65.06" },
  ...{ vramTotalBytes: null, vramFreeBytes: null, bandwidthBytesPerSecond: null, bandwidthSource: null },
  ...{ tableId: null, capability: "8.9", migUuid: null },
  ...change,
});
const linux = (...gpus: Gpu[]) => ({ platform: "linux", arch: "x64", gpus });
const both = [
  { major: 13, folder: null },
  { major: 12, folder: "/opt/cuda/lib64" },
] as const;
const only12 = both.slice(1);

describe("CUDA", () => {
  test.each([
    ["everything there", linux(gpu()), both, ["linux-x64-cuda"]],
    ["only CUDA 12", linux(gpu()), only12, ["linux-x64-cuda", "linux-x64-cuda-ext"]],
    ["a driver for CUDA 12", linux(gpu({ driver: "550.54.15" })), both, ["linux-x64-cuda", "linux-x64-cuda-ext"]],
    [
      "a device that CUDA 13 dropped",
      linux(gpu({ capability: "6.1" })),
      both,
      ["linux-x64-cuda", "linux-x64-cuda-ext"],
    ],
    ["a driver that tells no number", linux(gpu({ driver: "unknown" })), both, ["linux-x64-cuda"]],
    ["a second device that is good", linux(gpu({ driver: null }), gpu()), both, ["linux-x64-cuda"]],
  ])("helps with %s", (_what, machine, runtimes, names) => {
    const found = assessBinary("cuda", machine, packageTable, runtimes);
    expect(found).toMatchObject({ helps: true, obstacle: null, names });
    expect(found.packages.map(({ name }) => name)).toEqual(names);
    expect(found.libraryFolder).toBe(names.length === 2 ? "/opt/cuda/lib64" : null);
  });

  test.each([
    ["no GPU", linux(), both, "no-device"],
    ["an AMD GPU", linux(gpu({ vendor: "amd" })), both, "no-device"],
    ["no driver", linux(gpu({ driver: null })), both, "driver-missing"],
    ["an old driver", linux(gpu({ driver: "470.82.01" })), both, "driver-too-old"],
    ["a driver too old for the only runtime", linux(gpu({ driver: "550.1" })), both.slice(0, 1), "driver-too-old"],
    ["a device too old", linux(gpu({ capability: "3.5" })), both, "device-not-supported"],
    ["no runtime", linux(gpu()), [], "cuda-runtime-missing"],
    ["a Mac", { ...linux(gpu()), platform: "darwin" }, both, "no-package"],
    ["Windows, whose packages are not pinned", { ...linux(gpu()), platform: "win32" }, both, "no-package"],
    ["another processor", { ...linux(gpu()), arch: "arm64" }, both, "no-package"],
  ])("does not with %s, and fetches nothing", (_what, machine, runtimes, obstacle) => {
    const found = assessBinary("cuda", machine, packageTable, runtimes);
    expect(found).toMatchObject({ helps: false, obstacle, packages: [] });
  });
});

test("Vulkan helps every real device but not one that computes on the processor", () => {
  const vulkan = (...gpus: Gpu[]) => assessBinary("vulkan", linux(...gpus), packageTable, []);
  expect(vulkan(gpu({ vendor: "intel", driver: null }))).toMatchObject({ helps: true, obstacle: null });
  expect(vulkan(gpu({ vendor: "software", name: "llvmpipe" }))).toMatchObject({
    ...{ helps: false, obstacle: "no-device", detail: "llvmpipe" },
  });
  expect(vulkan()).toMatchObject({ helps: false, obstacle: "no-device" });
  expect(assessBinary("none", linux(), packageTable, [])).toMatchObject({ helps: true, obstacle: null });
});

describe("CUDA's runtime", () => {
  const files: Record<string, string[]> = {
    "/usr/local": ["bin", "cuda", "cuda-12.4", "cudaless"],
    "/usr/local/cuda-12.4/lib64": ["libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12"],
    "/mine": ["libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13"],
  };
  const search = (env: Record<string, string>, cache = "") => ({
    env,
    listFolder: async (path: string) => files[path] ?? [],
    linkerCache: async () => cache,
  });
  // Synthetic, in the shape of `ldconfig -p` of glibc 2.36.
  const cache = ["libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12"]
    .map((name) => `\t${name} (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/${name}`)
    .join("\n");

  test.each([
    ["in a toolkit's folder", {}, "", [{ major: 12, folder: "/usr/local/cuda-12.4/lib64" }]],
    ["known to the linker", {}, cache, [{ major: 12, folder: null }]],
    [
      "in the search path",
      { LD_LIBRARY_PATH: "/none:/mine" },
      cache,
      [
        { major: 13, folder: null },
        { major: 12, folder: null },
      ],
    ],
    ["a cache of something else", {}, "garbage\n\0", [{ major: 12, folder: "/usr/local/cuda-12.4/lib64" }]],
  ])("%s", async (_where, env, linker, found) => {
    expect(await findCudaRuntimes(search(env as Record<string, string>, linker))).toEqual(found);
  });

  test("is not there when one of its libraries is missing", async () => {
    const part = {
      ...search({}),
      listFolder: async (path: string) =>
        path === "/usr/local/cuda/lib64" ? ["libcudart.so.12"] : path === "/usr/local" ? ["cuda"] : [],
    };
    expect(await findCudaRuntimes(part)).toEqual([]);
  });
});
