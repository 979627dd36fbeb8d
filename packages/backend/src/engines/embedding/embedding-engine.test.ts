import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSilentLogger } from "../../log/logger.ts";
import { startBackend, type TestBackend } from "../../test/start-backend.ts";
import { createTestSpawner } from "../../test/test-spawner.ts";
import { createAnswerGate } from "./answer-gate.ts";
import { createEmbeddingEngine, type EmbeddingEngine, type Vectors } from "./embedding-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-embedding-"));
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const row = ({ data, dimensions }: Vectors, index: number): Float32Array =>
  data.subarray(index * dimensions, (index + 1) * dimensions);
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function start(change: { entry?: string; modelId?: () => string | null } = {}) {
  const { library, hardware } = backend.backend.services;
  const spawner = createTestSpawner(change.entry);
  const answering = { now: false };
  const gate = createAnswerGate(() => answering.now);
  const engine: EmbeddingEngine = createEmbeddingEngine({
    ...{ library, spawner, gate, planLoads: hardware.planLoads, log: createSilentLogger(), onChange: () => undefined },
    modelId: change.modelId ?? (() => null),
  });
  return { engine, spawner, answering, gate };
}

describe("the embedding engine of the backend", () => {
  it("uses the built-in model with its prefixes, is counted and planned like any engine, and is no chat model", async () => {
    const { embedding, engines, library } = backend.backend.services;
    expect(embedding.state).toBeNull();
    const model = await embedding.model();
    expect(model).toMatchObject({ id: "multilingual-e5-small", passageTokens: 496 });
    const passages = await embedding.embedPassages([
      "The warranty is 24 months.",
      "食堂中午十二点开饭。",
      "Lunch is at noon.",
    ]);
    const queries = await embedding.embedQueries(["How long is the warranty?", "Lunch is at noon."]);
    expect(passages).toMatchObject({ dimensions: 384, truncated: 0 });
    const [first, second] = [row(queries, 0), row(queries, 1)];
    expect(dot(first, row(passages, 0))).toBeGreaterThan(dot(first, row(passages, 1)));
    // The same words as question and as passage: only the prefix differs.
    expect(dot(second, row(passages, 2))).toBeLessThan(0.9999);
    expect(embedding.pids).toHaveLength(1);
    expect(embedding.state?.predicted?.memoryBytes).toBeGreaterThan(70e6);
    expect(embedding.state?.measured?.memoryBytes).toBeGreaterThan(70e6);
    const listed = await library.list();
    expect(listed.find(({ id }) => id === model.id)).toMatchObject({ role: "embedding", builtIn: true, problem: null });
    await expect(engines.slot(model.id)).rejects.toMatchObject({ code: "WRONG_ROLE" });
    expect(await embedding.countTokens(["one two", ""])).toEqual([2, 0]);
    await embedding.unloadIdle(0);
    expect(embedding.pids).toHaveLength(0);
    expect(embedding.state).toBeNull();
  });

  it("waits with passages while an answer is written, questions do not; a crash in the middle is made good", async () => {
    const { engine, spawner, answering, gate } = start();
    await using _engine = engine;
    await engine.embedQueries(["warm"]);
    answering.now = true;
    const done: number[] = [];
    const passages = engine.embedPassages(["a", "b", "c", "d", "e"], { onProgress: (n) => done.push(n) });
    expect((await engine.embedQueries(["now"])).data).toHaveLength(384);
    expect(done).toEqual([]);
    const controller = new AbortController();
    const reason = new Error("stopped");
    const waiting = engine.embedPassages(["x"], { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    answering.now = false;
    gate.changed();
    expect((await passages).data).toHaveLength(5 * 384);
    expect(done).toEqual([4, 5]);
    let killed = false;
    const again = await engine.embedPassages(["a", "b", "c", "d", "e"], {
      onProgress: () => {
        if (!killed) spawner.children.at(-1)?.kill("SIGKILL");
        killed = true;
      },
    });
    expect(again.data).toEqual((await passages).data);
    expect(spawner.children).toHaveLength(2);
    expect(engine.state).toMatchObject({ failures: 0 });
  });

  it("gives up when it never comes up, and tries again when asked to", async () => {
    const entry = join(folder, "dying.mjs");
    writeFileSync(entry, "process.once('message', () => process.exit(3));");
    const { engine, spawner } = start({ entry });
    await using _engine = engine;
    await expect(engine.embedQueries(["a"])).rejects.toMatchObject({ code: "EMBEDDING_UNAVAILABLE" });
    while (engine.state?.phase !== "gave-up") await engine.countTokens(["a"]).catch(() => undefined);
    expect(spawner.children).toHaveLength(3);
    await expect(engine.embedPassages(["a"])).rejects.toMatchObject({
      code: "EMBEDDING_UNAVAILABLE",
      data: { model: "multilingual-e5-small", detail: expect.stringContaining("ENGINE_GAVE_UP") },
    });
    engine.reset();
    await expect(engine.embedQueries(["a"])).rejects.toMatchObject({ code: "EMBEDDING_UNAVAILABLE" });
    expect(spawner.children.length).toBeGreaterThan(3);
  });

  it("says which model cannot be had; an empty text is the caller's fault", async () => {
    let chosen: string | null = "none-such";
    const { engine, spawner } = start({ modelId: () => chosen });
    await using _engine = engine;
    const failing = {
      code: "EMBEDDING_UNAVAILABLE",
      data: { model: "none-such", detail: expect.stringContaining("NOT_FOUND") },
    };
    await expect(engine.embedQueries(["a"])).rejects.toMatchObject(failing);
    await expect(engine.model()).rejects.toMatchObject(failing);
    chosen = "starter";
    await expect(engine.embedQueries(["a"])).rejects.toMatchObject({
      data: { detail: expect.stringContaining("WRONG_ROLE") },
    });
    expect(spawner.children).toHaveLength(0);
    chosen = null;
    await expect(engine.embedPassages(["a", " "])).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await engine.embedPassages([])).data).toHaveLength(0);
  });
});
