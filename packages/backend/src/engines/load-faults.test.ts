import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDesksideError } from "@deskside/base";
import type { FitPlan, LoadCause, LoadNotice, Prediction, WhyCpu } from "@deskside/contract";
import type { ResolvedModel } from "@deskside/model-library";
import { afterAll, describe, expect, it } from "vitest";
import { createSilentLogger } from "../log/logger.ts";
import { createTestSpawner, engineEntry as engineProgram } from "../test/test-spawner.ts";
import type { EngineProcess } from "./engine-process.ts";
import type { PlannedLoad } from "./load-planner.ts";
import { loadWithFallback } from "./load-with-fallback.ts";

const starter = fileURLToPath(new URL("../../../../models/starter/starter-q8_0.gguf", import.meta.url));
const engineEntry = pathToFileURL(engineProgram).href;
const folder = mkdtempSync(join(tmpdir(), "deskside-load-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cpuPlan: FitPlan = {
  api: "none",
  gpuLayers: 0,
  totalLayers: 7,
  contextSize: 512,
  kvType: "f16",
  slots: 1,
  threads: 1,
  batchSize: 64,
  flashAttention: true,
  expertsInRam: false,
  devices: [],
};

function planned(plan: Partial<FitPlan> = {}, gpuBytes = 0, ramBytes = 100e6): PlannedLoad {
  const ram = { name: "RAM", weightsBytes: 0, kvBytes: 0, bufferBytes: 0, overheadBytes: ramBytes, bytes: ramBytes };
  const predicted: Prediction = {
    memoryBytes: ramBytes + gpuBytes,
    anonymousBytes: ramBytes,
    devices: [ram, { ...ram, name: "GPU", bytes: gpuBytes }],
    tokensPerSecond: null,
    promptTokensPerSecond: null,
  };
  return { plan: { ...cpuPlan, ...plan }, predicted, env: {} };
}

/** A file of the starter's size and shape with one thing changed; `to` must be as long as `from`. */
function broken(name: string, from: string, to: string): string {
  const bytes = readFileSync(starter);
  const at = bytes.indexOf(from, 0, "latin1");
  if (at < 0 || from.length !== to.length) throw new Error(`cannot patch ${from}`);
  bytes.write(to, at, "latin1");
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, bytes);
  return path;
}

function modelAt(path: string, fileBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 1): ResolvedModel {
  // Only what loading reads: the checks of the library would refuse most of these files before.
  return {
    id: "broken",
    path,
    description: { name: "broken" },
    manifest: null,
    header: { fileBytes },
  } as ResolvedModel;
}

interface Attempt {
  notices: readonly LoadNotice[];
  whyCpu: WhyCpu | null;
  used: FitPlan | null;
  error: unknown;
}

async function attempt(
  model: ResolvedModel,
  options: {
    loads?: PlannedLoad[];
    entry?: string;
    onProcess?: (engine: EngineProcess, nth: number) => void;
    broken?: string[];
  } = {},
): Promise<Attempt> {
  const spawner = createTestSpawner(options.entry);
  const seen: Attempt = { notices: [], whyCpu: null, used: null, error: null };
  let processes = 0;
  const watcher = {
    signal: new AbortController().signal,
    onPlan(_planned: PlannedLoad, notices: readonly LoadNotice[], whyCpu: WhyCpu | null) {
      Object.assign(seen, { notices, whyCpu });
    },
    onProcess: (engine: EngineProcess) => options.onProcess?.(engine, processes++),
    onProgress: () => undefined,
  };
  const planLoads = async () => ({ loads: options.loads ?? [planned()], whyCpu: null });
  try {
    const deps = { spawner, planLoads, log: createSilentLogger() };
    const up = await loadWithFallback(model, deps, watcher, new Set(options.broken));
    seen.used = up.planned.plan;
    up.engine.kill();
    await up.engine.ended;
  } catch (error) {
    seen.error = error;
  }
  for (const child of spawner.children) expect(child.exitCode !== null || child.signalCode !== null).toBe(true);
  return seen;
}

const causeOf = ({ error }: Attempt): unknown =>
  isDesksideError(error) ? (error.data["cause"] ?? error.code) : (error ?? "loaded");

/** An engine process that says `stderr` and ends as told, before it answers. */
function dyingEngine(name: string, script: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, script);
  return path;
}

describe("a load that fails says why", () => {
  it("the starter itself loads", async () => {
    expect(await attempt(modelAt(starter))).toMatchObject({ error: null, notices: [] });
  });

  const cut = join(folder, "cut.gguf");
  writeFileSync(cut, readFileSync(starter).subarray(0, 3_000_000));
  const nonsense = join(folder, "nonsense.gguf");
  writeFileSync(nonsense, Buffer.alloc(100_000, "x"));
  it.each<[string, () => string, LoadCause]>([
    ["no file", () => join(folder, "none.gguf"), "file-missing"],
    ["a folder", () => folder, "file-read-failed"],
    ["a cut file", () => cut, "file-truncated"],
    ["not a GGUF file", () => nonsense, "file-damaged"],
    ["an unknown architecture", () => broken("arch", "\0llama\f", "\0llamz\f"), "architecture-unknown"],
    ["a missing tensor", () => broken("tensor", "blk.0.attn_q.weight", "blk.0.attn_z.weight"), "tensor-missing"],
    [
      "a tensor of another shape",
      () => broken("shape", "feed_forward_length\x04\0\0\0\0\x03", "feed_forward_length\x04\0\0\0\0\x06"),
      "tensor-shape-wrong",
    ],
    [
      "an unknown tokenizer",
      () => broken("tok", "ggml.model\b\0\0\0\x05\0\0\0\0\0\0\0llama", "ggml.model\b\0\0\0\x05\0\0\0\0\0\0\0llamz"),
      "tokenizer-unsupported",
    ],
  ])("%s", async (_name, path, cause) => {
    const model = modelAt(path());
    const seen = await attempt(model);
    // What was checked before is loaded as it is: only the file's own size is compared.
    expect(causeOf(seen)).toBe(cause);
  });

  it("a file that changed since it was checked", async () => {
    expect(causeOf(await attempt(modelAt(starter, 17)))).toBe("file-changed");
  });

  it.skipIf(process.getuid?.() !== 0)("a file that may not be read", async () => {
    const path = join(folder, "private.gguf");
    copyFileSync(starter, path);
    chmodSync(path, 0o000);
    chmodSync(folder, 0o755);
    const entry = dyingEngine(
      "nobody",
      `process.setgid(65534); process.setuid(65534); await import(${JSON.stringify(engineEntry)});`,
    );
    expect(causeOf(await attempt(modelAt(path), { entry }))).toBe("file-no-permission");
  });

  it("a quantized cache without flash attention", async () => {
    const loads = [planned({ kvType: "q8_0", flashAttention: false })];
    expect(causeOf(await attempt(modelAt(starter), { loads }))).toBe("kv-type-needs-flash-attention");
  });

  it("an API without an engine binary, and one without a device", async () => {
    const cuda = await attempt(modelAt(starter), { loads: [planned({ api: "cuda", gpuLayers: 7 }, 50e6)] });
    expect(causeOf(cuda)).toBe("engine-binary-missing");
    const noDevice = { ...planned({ api: "vulkan", gpuLayers: 7 }, 50e6), env: { GGML_VK_VISIBLE_DEVICES: "99" } };
    expect(["gpu-no-device", "engine-binary-missing", "gpu-driver-missing", "gpu-not-supported"]).toContain(
      causeOf(await attempt(modelAt(starter), { loads: [noDevice] })),
    );
  });

  it.skipIf(process.platform !== "linux")("an address space that is too small", async () => {
    const entry = dyingEngine(
      "limited",
      `import { execFileSync } from "node:child_process";
       import { readFileSync } from "node:fs";
       await import(${JSON.stringify(engineEntry)});
       const kilobytes = /VmSize:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
       execFileSync("prlimit", ["--pid", String(process.pid), "--as=" + (Number(kilobytes) * 1024 + 14e9)]);`,
    );
    execFileSync("prlimit", ["--version"]);
    const loads = [planned({ contextSize: 12_000_000 })];
    expect(causeOf(await attempt(modelAt(starter), { entry, loads }))).toBe("address-space-limit");
  });

  it.each<[string, string, string]>([
    ["killed from outside", "process.kill(process.pid, 'SIGKILL')", "killed-by-system"],
    ["an instruction the processor does not have", "process.kill(process.pid, 'SIGILL')", "engine-binary-wrong-cpu"],
    ["a crash", "process.kill(process.pid, 'SIGSEGV')", "ENGINE_CRASHED"],
    ["a lost device", "say('ggml_vulkan: vk::Queue::submit: ErrorDeviceLost')", "gpu-device-lost"],
    [
      "an old driver",
      "say('CUDA error: CUDA driver version is insufficient for CUDA runtime version')",
      "gpu-driver-too-old",
    ],
    [
      "no kernel for the card",
      "say('CUDA error: no kernel image is available for execution on the device')",
      "gpu-not-supported",
    ],
    [
      "no driver",
      "say('libcuda.so.1: cannot open shared object file: No such file or directory')",
      "gpu-driver-missing",
    ],
    [
      "a missing library",
      "say('libcublas.so.12: cannot open shared object file: No such file or directory')",
      "engine-library-missing",
    ],
    [
      "full video memory",
      "say('ggml_backend_cuda_buffer_type_alloc_buffer: allocating 4096.00 MiB on device 0: cudaMalloc failed: out of memory')",
      "out-of-vram",
    ],
    ["full memory", "say('ggml_aligned_malloc: insufficient memory (attempted to allocate 1406.25 MB)')", "out-of-ram"],
    [
      "a cache that is too large",
      "say('llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache')",
      "context-too-large",
    ],
    [
      "a part of a split model that is missing",
      "say('error loading model: invalid split file idx: 0')",
      "split-part-missing",
    ],
    [
      "a tensor type of the future",
      "say('gguf_init_from_file_impl: tensor has invalid ggml type 99')",
      "tensor-type-unknown",
    ],
    [
      "an adapter of another model",
      'say("llama_adapter_lora_init: failed to apply lora adapter: tensor has incorrect shape (hint: maybe wrong base model?)")',
      "adapter-does-not-fit",
    ],
  ])("%s, told by how the process ended", async (name, script, cause) => {
    const entry = dyingEngine(
      name.replaceAll(" ", "-"),
      `const say = (text) => process.stderr.write(text + "\\n", () => process.abort());
       process.once("message", () => { ${script} });`,
    );
    expect(causeOf(await attempt(modelAt(starter), { entry }))).toBe(cause);
  });
});

describe("the next plan", () => {
  it("is tried with less of what was missing, and the notice names the cause", async () => {
    const loads = [
      planned({ api: "cuda", gpuLayers: 7 }, 60e6),
      planned({ api: "vulkan", gpuLayers: 7 }, 60e6, 200e6),
      planned(),
    ];
    let processes = 0;
    const seen = await attempt(modelAt(starter), {
      loads,
      onProcess: (engine, nth) => {
        processes++;
        if (nth === 1) engine.kill();
      },
    });
    expect(seen).toMatchObject({ error: null, used: { api: "none" } });
    expect(processes).toBe(3);
    expect(seen.notices.map(({ cause, failed, next }) => [cause, failed.api, next.api])).toEqual([
      ["engine-binary-missing", "cuda", "vulkan"],
      ["killed-by-system", "vulkan", "none"],
    ]);
    expect(seen.whyCpu).toBe("gpu-test-failed");
  });

  it("is not tried for a file that is broken everywhere", async () => {
    const path = broken("everywhere", "blk.1.attn_q.weight", "blk.1.attn_z.weight");
    let processes = 0;
    const loads = [planned(), planned({ contextSize: 256 })];
    const seen = await attempt(modelAt(path), { loads, onProcess: () => processes++ });
    expect([causeOf(seen), processes]).toEqual(["tensor-missing", 1]);
  });

  it("passes over an API that crashed while it answered", async () => {
    const loads = [planned({ api: "vulkan", gpuLayers: 7 }, 60e6), planned()];
    const seen = await attempt(modelAt(starter), { loads, broken: ["vulkan"] });
    expect(seen).toMatchObject({ used: { api: "none" }, notices: [{ cause: "crashed", failed: { api: "vulkan" } }] });
  });
});
