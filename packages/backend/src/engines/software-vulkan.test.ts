import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deskError } from "@deskside/contract";
import type { Loaded, LoadPlanInput } from "@deskside/contract/engine";
import { afterAll, describe, expect, it } from "vitest";
import { createTestSpawner } from "../test/test-spawner.ts";
import { startEngineProcess } from "./engine-process.ts";

// llvmpipe: a Vulkan device made of software. It runs the whole GPU path without a GPU.
const icdFolder = "/usr/share/vulkan/icd.d";
const software = existsSync(icdFolder) && readdirSync(icdFolder).some((name) => name.startsWith("lvp_icd"));
const env = { GGML_VK_VISIBLE_DEVICES: "0" };

const models = new URL("../../../../models/", import.meta.url);
const starter = fileURLToPath(new URL("starter/starter-q8_0.gguf", models));
const header = fileURLToPath(
  new URL("../../../../../shared/fixtures/gguf/deepseek-r1-distill-qwen-7b-q4_k_m.header.gguf", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "deskside-vulkan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function planOf(modelPath: string, plan: Partial<LoadPlanInput>): LoadPlanInput {
  const base = { modelPath, modelName: "model", gpu: "vulkan", gpuLayers: 0, contextSize: 512 } as const;
  return { ...base, batchSize: 64, threads: 1, ...plan };
}

interface Seen {
  loaded: Loaded;
  text: string;
}

async function loadAndAsk(plan: LoadPlanInput, given: Record<string, string> = env): Promise<Seen> {
  const engine = await startEngineProcess(createTestSpawner(), given);
  try {
    const signal = new AbortController().signal;
    const loaded = await engine.load(plan, { signal, onProgress: () => undefined });
    let text = "";
    const prompt = { messages: [{ role: "user" as const, text: "法国的首都是哪里?" }] };
    const sampling = { temperature: 0, maxTokens: 12 };
    for await (const event of await engine.client.generate({ prompt, sampling })) {
      if (event.type === "text") text += event.text;
    }
    return { loaded, text };
  } finally {
    engine.kill();
    await engine.ended;
  }
}

const layersOnGpu = ({ loaded }: Seen) => loaded.buffers.find(({ name }) => name !== "RAM");

describe.skipIf(!software)("a Vulkan device", () => {
  it("takes all layers, cache and buffers, and answers as the processor does", async () => {
    const onCpu = await loadAndAsk(planOf(starter, { gpu: "none" }));
    const onGpu = await loadAndAsk(planOf(starter, { gpuLayers: 100 }));
    expect(onGpu.text).toBe(onCpu.text);
    expect(onCpu.loaded).toMatchObject({ gpu: "none", gpuLayers: 0, devices: [] });
    expect(onGpu.loaded.devices).toEqual([expect.stringContaining("llvmpipe")]);
    const device = layersOnGpu(onGpu);
    expect(device?.name).toContain("llvmpipe");
    expect(device?.weightsBytes).toBeGreaterThan(3e6);
    expect(device?.kvBytes).toBeGreaterThan(0);
    expect(device?.bufferBytes).toBeGreaterThan(0);
    expect(onCpu.loaded.buffers).toHaveLength(1);
  });

  it("takes a part of the layers", async () => {
    const whole = layersOnGpu(await loadAndAsk(planOf(starter, { gpuLayers: 100 })));
    const seen = await loadAndAsk(planOf(starter, { gpuLayers: 2 }));
    const device = layersOnGpu(seen);
    expect(seen.loaded.gpuLayers).toBe(2);
    expect(device?.weightsBytes).toBeGreaterThan(0);
    expect(device?.weightsBytes).toBeLessThan((whole?.weightsBytes ?? 0) * 0.75);
  });

  it("is not silently replaced by the processor when it is gone", async () => {
    const hidden = loadAndAsk(planOf(starter, { gpuLayers: 100 }), {});
    await expect(hidden).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", data: { cause: "gpu-no-device" } });
    const gone = loadAndAsk(planOf(starter, { gpuLayers: 100 }), { GGML_VK_VISIBLE_DEVICES: "7" });
    await expect(gone).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", data: { cause: "gpu-not-supported" } });
  });

  it.skipIf(!existsSync(header))("refuses a real 7B before it reads a byte of it: 2 GiB are too little", async () => {
    const path = join(folder, "7b.gguf");
    copyFileSync(header, path);
    truncateSync(path, 4_683_073_248);
    expect(statSync(path).blocks * 512).toBeLessThan(100e6);
    const started = planOf(path, { gpuLayers: 29, gpuBytes: 4.2e9 });
    const expected = deskError("OUT_OF_MEMORY", { neededBytes: 4.2e9, freeBytes: 2 ** 31, cause: "out-of-vram" });
    await expect(loadAndAsk(started)).rejects.toMatchObject({ code: expected.code, data: expected.data });
  });
});
