import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadPlanInput } from "@deskside/contract/engine";
import { writeGguf } from "@deskside/testing";
import { tinyReranker } from "@deskside/testing/gguf-shapes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadInto, startEngine } from "../test/in-process-engine.ts";

const models = fileURLToPath(new URL("../../../../models/", import.meta.url));
const e5 = join(models, "multilingual-e5-small/multilingual-e5-small-q4_0.gguf");

async function load(engine: Engine, plan: Partial<LoadPlanInput> & { modelPath: string }) {
  const defaults = {
    modelName: "test",
    gpu: "none",
    gpuLayers: 0,
    contextSize: 512,
    batchSize: 512,
    threads: 2,
  } as const;
  return await loadInto(engine, { ...defaults, ...plan });
}

async function vectorsOf(engine: Engine, texts: string[]) {
  const { vectors, dimensions, ...rest } = await engine.embed({ texts });
  const bytes = Buffer.from(vectors, "base64");
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  const list = texts.map((_, index) => all.slice(index * dimensions, (index + 1) * dimensions));
  return { ...rest, dimensions, vectors: list };
}

const dot = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  a && b ? a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) : Number.NaN;

describe("an embedding model", () => {
  const engine = startEngine();
  beforeAll(async () => {
    const loaded = await load(engine, { modelPath: e5, purpose: "embedding", contextSize: 4096 });
    expect(loaded).toMatchObject({ architecture: "bert", contextSize: 512, trainedContextSize: 512, reasoning: null });
    expect(loaded.buffers[0]?.weightsBytes).toBeGreaterThan(50e6);
  });
  afterAll(() => engine.unload());

  it("puts questions near the passages that answer them, within and across languages", async () => {
    const passages = [
      "passage: The warranty of the pump is 24 months from the day of delivery.",
      "passage: The canteen serves lunch between half past eleven and two.",
      "passage: 水泵的保修期为自交货之日起二十四个月。",
      "passage: 食堂的午餐时间是十一点半到两点。",
    ];
    const questions = [
      "query: How long is the pump guaranteed?",
      "query: 水泵保修多久？",
      "query: 什么时候可以吃午饭？",
    ];
    const { vectors } = await vectorsOf(engine, [...passages, ...questions]);
    const similar = (question: number, passage: number) => dot(vectors[4 + question], vectors[passage]);
    for (const question of [0, 1]) {
      expect(similar(question, 0)).toBeGreaterThan(similar(question, 1));
      expect(similar(question, 2)).toBeGreaterThan(similar(question, 3));
    }
    expect(similar(2, 3)).toBeGreaterThan(similar(2, 2));
    expect(similar(2, 1)).toBeGreaterThan(similar(2, 0));
  });

  it("gives unit vectors, the same for a text alone and among others", async () => {
    const texts = ["passage: one", "passage: a much longer text about something else entirely", "passage: one"];
    const together = await vectorsOf(engine, texts);
    expect(together).toMatchObject({ dimensions: 384, truncated: 0 });
    expect(together.vectors[0]).toEqual(together.vectors[2]);
    for (const [index, text] of texts.entries()) {
      const alone = await vectorsOf(engine, [text]);
      expect(alone.vectors[0]).toEqual(together.vectors[index]);
      expect(dot(alone.vectors[0], alone.vectors[0])).toBeCloseTo(1, 5);
    }
  });

  it("adds no prefix of its own", async () => {
    const { vectors } = await vectorsOf(engine, ["one", "query: one", "passage: one"]);
    expect(dot(vectors[0], vectors[1])).toBeLessThan(0.999);
    expect(dot(vectors[1], vectors[2])).toBeLessThan(0.999);
  });

  it("cuts by tokens what is longer than 512, and says so", async () => {
    const long = "水泵 motor ".repeat(200);
    const cut = await vectorsOf(engine, [long, "short"]);
    expect(cut.truncated).toBe(1);
    expect(cut.tokens[0]).toBe(512);
    // What stands behind the cut changes nothing.
    const longer = await vectorsOf(engine, [`${long} something else`]);
    expect(longer.vectors[0]).toEqual(cut.vectors[0]);
    const { tokens } = await engine.countTokens({ texts: ["short", "", "短"] });
    // Two special tokens stand around a text.
    expect(cut.tokens[1]).toBe((tokens[0] ?? 0) + 2);
    expect(tokens[1]).toBe(0);
  });

  it("refuses a text without meaning and calls that belong to another purpose", async () => {
    await expect(engine.embed({ texts: ["a", " \n"] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(engine.rerank({ query: "a", passages: ["b"] })).rejects.toMatchObject({
      code: "WRONG_ROLE",
      data: { role: "embedding", needed: "reranking" },
    });
    await expect(engine.countPrompt({ messages: [{ role: "user", text: "a" }] })).rejects.toMatchObject({
      code: "WRONG_ROLE",
    });
  });

  it("lets a question through between the passages of an earlier call, and stops between two texts", async () => {
    const controller = new AbortController();
    const reason = new Error("not needed any more");
    const many = engine.embed(
      { texts: Array.from({ length: 400 }, (_, n) => `passage: ${n}`) },
      { signal: controller.signal },
    );
    const first = await Promise.race([
      many.then(() => "passages"),
      engine.embed({ texts: ["query: one"] }).then(() => "question"),
    ]);
    expect(first).toBe("question");
    controller.abort(reason);
    await expect(many).rejects.toBe(reason);
    expect((await vectorsOf(engine, ["query: after"])).vectors).toHaveLength(1);
    expect(await engine.health()).toMatchObject({ loaded: true, busy: false });
  });
});

describe("a reranking model", () => {
  const engine = startEngine();
  const folder = mkdtempSync(join(tmpdir(), "deskside-rerank-"));
  afterAll(async () => {
    await engine.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  it("scores each passage for the query, also one that is longer than its context", async () => {
    const path = join(folder, "ranker.gguf");
    await writeGguf(path, tinyReranker());
    await load(engine, { modelPath: path, purpose: "reranking", threads: 1 });
    const passages = ["word7 word8", "word90 word91 word92", "word7 ".repeat(900), " "];
    const { scores } = await engine.rerank({ query: "word7", passages });
    expect(scores).toHaveLength(4);
    for (const score of scores.slice(0, 3)) expect(score > 0 && score < 1).toBe(true);
    expect(scores[0]).not.toBe(scores[1]);
    expect(scores[3]).toBe(0);
    // The order of the passages changes no score.
    const turned = await engine.rerank({ query: "word7", passages: passages.toReversed() });
    expect(turned.scores.toReversed()).toEqual(scores);
    const other = await engine.rerank({ query: "word200 word201", passages });
    expect(other.scores[0]).not.toBe(scores[0]);
  });

  it("needs a ranking head", async () => {
    await expect(load(engine, { modelPath: e5, purpose: "reranking" })).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});
