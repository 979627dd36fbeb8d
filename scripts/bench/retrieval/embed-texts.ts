import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineContract } from "@deskside/contract/engine";
import { createClient } from "@deskside/rpc";
import { describeForkedChild } from "@deskside/rpc/node";

const entry = fileURLToPath(new URL("../../../packages/engine/src/test/engine-child.ts", import.meta.url));
const modelFolder = fileURLToPath(new URL("../../../models/multilingual-e5-small/", import.meta.url));
const modelPath = join(modelFolder, "multilingual-e5-small-q4_0.gguf");
export const embeddingModel = { id: "multilingual-e5-small", dimensions: 384 };
export const embeddingModelBytes = statSync(modelPath).size;
const textsAtOnce = 64;

/**
 * Vectors from the product's engine process, with the prefixes the built-in model wants. Kept in the system's temporary
 * directory by model and texts, because they take minutes.
 */
export async function embedTexts(kind: "query" | "passage", texts: readonly string[]): Promise<Float32Array[]> {
  const hash = createHash("sha256")
    .update(readFileSync(modelPath))
    .update(JSON.stringify([kind, texts]));
  const folder = join(tmpdir(), "deskside-bench-vectors");
  const file = join(folder, `${hash.digest("hex").slice(0, 32)}.f32`);
  const { dimensions } = embeddingModel;
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const all = await embedInEngine(texts.map((text) => `${kind}: ${text}`));
    writeFileSync(`${file}.tmp`, all);
    renameSync(`${file}.tmp`, file);
  }
  const bytes = readFileSync(file);
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  return texts.map((_, index) => floats.subarray(index * dimensions, (index + 1) * dimensions));
}

async function embedInEngine(texts: readonly string[]): Promise<Buffer> {
  await using engine = await openEmbeddingEngine();
  const parts: Buffer[] = [];
  for (let from = 0; from < texts.length; from += textsAtOnce) {
    parts.push(await engine.embed(texts.slice(from, from + textsAtOnce)));
    process.stderr.write(`\rembedding ${Math.min(from + textsAtOnce, texts.length)} of ${texts.length}   `);
  }
  process.stderr.write("\r\x1b[K");
  return Buffer.concat(parts);
}

export interface EmbeddingEngine extends AsyncDisposable {
  /** Tokens of each text, without special ones. */
  countTokens(texts: readonly string[]): Promise<number[]>;
  /** Vectors one behind the other, as 32-bit floats. */
  embed(texts: readonly string[]): Promise<Buffer>;
}

/** The product's engine process with the built-in embedding model loaded. */
export async function openEmbeddingEngine({ threads = 2 } = {}): Promise<EmbeddingEngine> {
  const forked = fork(entry, {
    execArgv: [],
    env: { ...process.env, NODE_NO_WARNINGS: "1", UV_THREADPOOL_SIZE: "1" },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const child = describeForkedChild(forked);
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    forked.kill("SIGKILL");
    await child.exited;
  });
  const client = createClient<EngineContract>(child.port, { peer: "engine" });
  const plan = { modelPath, modelName: embeddingModel.id, purpose: "embedding", gpu: "none", gpuLayers: 0 } as const;
  for await (const event of await client.load({ ...plan, contextSize: 512, batchSize: 512, threads })) void event;
  const owned = stack.move();
  return {
    countTokens: async (texts) => (await client.countTokens({ texts: [...texts] })).tokens,
    async embed(texts) {
      const { vectors, dimensions } = await client.embed({ texts: [...texts] });
      if (dimensions !== embeddingModel.dimensions) throw new Error(`vectors of ${dimensions} dimensions`);
      return Buffer.from(vectors, "base64");
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
