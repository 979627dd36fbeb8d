import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EngineBinaryFetchEvent, EngineBinaryTrial, Gpu, GpuApi } from "@deskside/contract";
import { engineBinariesSchema } from "@deskside/contract";
import { afterEach, expect, test } from "vitest";
import { createEngineBinaries, isStillTrue } from "./engine-binaries.ts";
import { madeVersion, makePackage, pin, tableOf } from "./test/made-archive.ts";
import { type Answer, serveArchive, startRegistry } from "./test/made-registry.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const card = {
  ...{ id: "0", vendor: "nvidia", name: "NVIDIA L4", unified: false, api: "cuda", driver: "580.10", capability: "8.9" },
  ...{ vramTotalBytes: null, vramFreeBytes: null, bandwidthBytesPerSecond: null, bandwidthSource: null },
  ...{ tableId: null, migUuid: null },
} as const satisfies Gpu;

const made = makePackage("linux-x64-cuda");

async function setUp(answer: Answer = serveArchive(made.archive)) {
  const root = mkdtempSync(join(tmpdir(), "deskside-binaries-"));
  roots.push(root);
  const registry = await startRegistry(answer);
  const machine: { platform: string; arch: string; gpus: Gpu[] } = { platform: "linux", arch: "x64", gpus: [card] };
  const tries: { api: GpuApi; env: Readonly<Record<string, string>> }[] = [];
  const outcome: Partial<EngineBinaryTrial> = {};
  const doorIsShut = { value: false };
  const create = () =>
    createEngineBinaries({
      folder: root,
      // A folder without packages: nothing is installed beside it.
      libraryEntry: pathToFileURL(join(root, "library.js")).href,
      libraryVersion: madeVersion,
      registry: () => registry.registry,
      fetchTarball: registry.fetchTarball,
      openRegistry: (address) =>
        doorIsShut.value ? { [Symbol.dispose]: () => undefined } : registry.door.open(address),
      machine: async () => machine,
      table: tableOf([pin("linux-x64-cuda", made)]),
      runtimes: async () => [{ major: 13, folder: "/opt/cuda/lib64" }],
      install: { retryAfterMs: [], freeBytes: async () => 1e12 },
      tryBinary: async (api, env) => {
        tries.push({ api, env });
        const passed = { passed: true, whyCpu: null, cause: null, detail: "", devices: ["CUDA0"], ms: 1 };
        return { api, at: Date.now(), ...passed, ...outcome };
      },
    });
  return {
    ...{ root, registry, machine, tries, outcome, create, doorIsShut },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

async function collect(events: AsyncIterable<EngineBinaryFetchEvent>) {
  const all: EngineBinaryFetchEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("what helps is told with its size, fetched by wish, tried once for each driver", async () => {
  await using world = await setUp();
  const binaries = world.create();
  const cuda = async () => (await binaries.list()).binaries.find(({ api }) => api === "cuda");
  expect(engineBinariesSchema.parse(await binaries.list()).binaries.map(({ api }) => api)).toEqual([
    "none",
    "vulkan",
    "cuda",
  ]);
  expect(await cuda()).toMatchObject({
    ...{ state: "fetchable", helps: true, obstacle: null, trial: null },
    downloadBytes: made.archive.length,
  });
  expect(await binaries.tested("cuda")).toBeNull();
  await expect(binaries.test("cuda")).rejects.toMatchObject({ code: "ENGINE_BINARY_NOT_THERE" });
  expect(world.registry.server.requests).toEqual([]);

  await binaries.fetch("cuda");
  const events = await collect(binaries.watch("cuda"));
  expect(events.at(-1)).toEqual({ type: "done" });
  expect(await cuda()).toMatchObject({ state: "fetched", downloadBytes: 0, progress: null });

  expect(await binaries.tested("cuda")).toMatchObject({ passed: true });
  expect(await world.create().tested("cuda")).toMatchObject({ passed: true });
  expect(world.tries).toHaveLength(1);
  expect(world.tries[0]?.env["DESKSIDE_ENGINE_BINARIES"]).toBe(join(world.root, `node-llama-cpp-${madeVersion}`));
  expect(world.tries[0]?.env["LD_LIBRARY_PATH"]?.split(":")[0]).toBe("/opt/cuda/lib64");
  world.machine.gpus = [{ ...card, driver: "590.1" }];
  world.outcome.passed = false;
  expect(await binaries.tested("cuda")).toMatchObject({ passed: false });
  expect((await cuda())?.trial).toMatchObject({ passed: false });
  expect(world.tries).toHaveLength(2);
});

test("the best API is one that passed its trial on a real device", async () => {
  await using world = await setUp();
  const binaries = world.create();
  expect(await binaries.best()).toEqual({ api: "none", failed: [] });
  await binaries.fetch("cuda");
  await collect(binaries.watch("cuda"));
  expect(await binaries.best()).toEqual({ api: "cuda", failed: [] });
  world.outcome.passed = false;
  world.outcome.whyCpu = "driver-missing";
  world.machine.gpus = [{ ...card, driver: "595.1" }];
  expect(await binaries.best()).toMatchObject({ api: "none", failed: [{ api: "cuda", whyCpu: "driver-missing" }] });
  world.machine.gpus = [];
  expect(await binaries.best()).toEqual({ api: "none", failed: [] });
});

test("a changed library is never tried", async () => {
  await using world = await setUp();
  const binaries = world.create();
  await binaries.fetch("cuda");
  await collect(binaries.watch("cuda"));
  const library = join(
    world.root,
    `node-llama-cpp-${madeVersion}/@node-llama-cpp/linux-x64-cuda/bins/linux-x64-cuda/llama-addon.node`,
  );
  const bytes = readFileSync(library);
  bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
  writeFileSync(library, bytes);
  await expect(binaries.test("cuda")).rejects.toMatchObject({ code: "ENGINE_BINARY_NOT_THERE" });
  expect(world.tries).toEqual([]);
  await binaries.fetch("cuda");
  expect((await collect(binaries.watch("cuda"))).at(-1)).toEqual({ type: "done" });
  expect(await binaries.test("cuda")).toMatchObject({ passed: true });
});

test("a fetch is joined, watched by several, cancelled by one; its failure is told afterwards too", async () => {
  await using world = await setUp((_request, response) => {
    response.writeHead(200, { "content-length": made.archive.length });
    response.write(made.archive.subarray(0, 10_000));
  });
  const binaries = world.create();
  await Promise.all([binaries.fetch("cuda"), binaries.fetch("cuda")]);
  const leaving = new AbortController();
  const left = collect(binaries.watch("cuda", leaving.signal));
  const stayed = collect(binaries.watch("cuda"));
  await expect.poll(() => world.registry.server.requests.length).toBe(1);
  leaving.abort(new Error("window closed"));
  await expect(left).rejects.toThrow("window closed");
  binaries.cancel("cuda");
  expect((await stayed).at(-1)).toEqual({ type: "cancelled" });
  binaries.cancel("cuda");
  expect(await collect(binaries.watch("cuda"))).toEqual([{ type: "cancelled" }]);
});

test("without a registry the reason is an event, not a throw", async () => {
  await using world = await setUp();
  const binaries = world.create();
  world.doorIsShut.value = true;
  await binaries.fetch("cuda");
  expect((await collect(binaries.watch("cuda"))).at(-1)).toMatchObject({
    type: "failed",
    error: { code: "EGRESS_BLOCKED" },
  });
  await expect(binaries.fetch("metal")).rejects.toMatchObject({ code: "ENGINE_BINARY_UNAVAILABLE" });
  world.machine.gpus = [];
  await expect(binaries.fetch("cuda")).rejects.toMatchObject({ code: "ENGINE_BINARY_UNAVAILABLE" });
});

test("what is installed beside the library is bundled, and a garbled record counts as none", async () => {
  await using world = await setUp();
  const require = createRequire(import.meta.url);
  const entry = require.resolve("node-llama-cpp", { paths: [join(import.meta.dirname, "../../../engine")] });
  const binaries = createEngineBinaries({
    ...{ folder: world.root, libraryEntry: pathToFileURL(entry).href, libraryVersion: "3.22.1" },
    openRegistry: (address) => world.registry.door.open(address),
    ...{ registry: () => "https://npm.example/", fetchTarball: world.registry.fetchTarball },
    machine: async () => ({ platform: process.platform, arch: process.arch, gpus: [] }),
    tryBinary: async (api) => ({ api, at: 1, passed: true, whyCpu: null, cause: null, detail: "", devices: [], ms: 1 }),
  });
  expect((await binaries.list()).binaries.find(({ api }) => api === "none")).toMatchObject({
    state: "bundled",
    downloadBytes: 0,
  });
  writeFileSync(join(world.root, "trials.json"), '{"a": {"api": "cud');
  expect(await binaries.tested("none")).toMatchObject({ passed: true });
  expect(readdirSync(world.root)).toContain("trials.json");
  expect(JSON.parse(readFileSync(join(world.root, "trials.json"), "utf8"))).not.toHaveProperty("a");
});

test.each([
  [{ passed: true, cause: null }, 10_000, true],
  [{ passed: false, cause: "out-of-vram" }, 0.5, true],
  [{ passed: false, cause: "out-of-vram" }, 2, false],
  [{ passed: false, cause: "stalled" }, 2, true],
  [{ passed: false, cause: "stalled" }, 30, false],
  [{ passed: false, cause: "crashed" }, -1, false],
] as const)("an outcome %j is true after %d hours: %s", (change, hours, isTrue) => {
  const now = 1e12;
  const trial = { api: "cuda", at: now - hours * 3_600_000, whyCpu: null, detail: "", devices: [], ms: 1 } as const;
  expect(isStillTrue({ ...trial, devices: [], ...change }, now)).toBe(isTrue);
});
