import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GpuApi } from "@deskside/contract";
import { createModelLibrary } from "@deskside/model-library";
import { describe, expect, test } from "vitest";
import { createTestSpawner } from "../../test/test-spawner.ts";
import { tryBinary } from "./try-binary.ts";

const library = createModelLibrary({ modelsDir: fileURLToPath(new URL("../../../../../models", import.meta.url)) });
const oddEngine = fileURLToPath(new URL("../test/odd-engine.ts", import.meta.url));

async function run(api: GpuApi, options: { odd?: string; limitMs?: number; signal?: AbortSignal; path?: string } = {}) {
  const { path, description, manifest } = await library.resolve("starter");
  const spawner = options.odd === undefined ? createTestSpawner() : createTestSpawner(oddEngine);
  const trial = tryBinary({
    ...{ api, spawner, env: options.odd === undefined ? {} : { ODD_ENGINE: options.odd } },
    model: { path: options.path ?? path, name: description.name, template: manifest?.template ?? null },
    limitMs: options.limitMs ?? 60_000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { trial, spawner };
}

/** No process of a trial outlives it. */
async function ended(spawner: ReturnType<typeof createTestSpawner>) {
  await expect.poll(() => spawner.children.map((one) => one.exitCode ?? one.signalCode)).not.toContain(null);
}

describe("a real engine", () => {
  test("decodes a token on the processor", async () => {
    const { trial, spawner } = await run("none");
    expect(await trial).toMatchObject({ api: "none", passed: true, cause: null, whyCpu: null, devices: [] });
    await ended(spawner);
  });

  test.runIf(process.platform === "linux")("without its package says so", async () => {
    const { trial, spawner } = await run("metal");
    expect(await trial).toMatchObject({ passed: false, whyCpu: expect.any(String), devices: [] });
    expect((await trial).detail).not.toBe("");
    await ended(spawner);
  });

  test("on a file that is no model: the outcome names it", async () => {
    const { trial } = await run("none", { path: fileURLToPath(import.meta.url) });
    expect(await trial).toMatchObject({
      passed: false,
      cause: expect.stringMatching(/^file-|unknown/),
      whyCpu: "gpu-test-failed",
    });
  });
});

describe("an engine that fails", () => {
  test.runIf(process.platform !== "win32").each([
    ["segfault", "crashed", "SIGSEGV"],
    ["illegal", "engine-binary-wrong-cpu", "SIGILL"],
    ["exit", "crashed", "exit code 3"],
  ])("by %s is an outcome: %s", async (odd, cause, said) => {
    const { trial, spawner } = await run("vulkan", { odd });
    const outcome = await trial;
    expect(outcome).toMatchObject({ api: "vulkan", passed: false, cause, whyCpu: "gpu-test-failed" });
    expect(outcome.detail).toContain(said);
    await ended(spawner);
  });

  test("by hanging is ended at the limit", async () => {
    const { trial, spawner } = await run("cuda", { odd: "hang", limitMs: 1_500 });
    expect(await trial).toMatchObject({ passed: false, cause: "stalled", whyCpu: "gpu-test-failed" });
    await ended(spawner);
  });

  test("is ended when nobody wants to know any more", async () => {
    const stop = new AbortController();
    const { trial, spawner } = await run("cuda", { odd: "hang", signal: stop.signal });
    const reason = new Error("not now");
    setTimeout(() => stop.abort(reason), 300);
    await expect(trial).rejects.toBe(reason);
    await ended(spawner);
  });
});

test("the starter model that every trial needs is there", async () => {
  const { path } = await library.resolve("starter");
  expect(readdirSync(fileURLToPath(new URL(".", `file://${path}`))).length).toBeGreaterThan(0);
});
