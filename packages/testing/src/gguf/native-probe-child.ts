import { getLlama, type LlamaModel, LlamaLogLevel } from "node-llama-cpp";
import type { ProbeAnswer } from "./child-probe.ts";
import type { NativeRequest } from "./native-probe.ts";
import { peakMemoryBytes } from "./peak-memory.ts";

/** Texts that reach byte tokens, several scripts and control tokens. */
const texts = ["Hello, world\n", "\u0001é你好🙂 the tll\t  0", "<|im_start|>user\nhe<|im_end|>"];

const llama = await getLlama({
  gpu: false,
  build: "never",
  progressLogs: false,
  maxThreads: 1,
  logLevel: LlamaLogLevel.error,
});

async function answer(request: NativeRequest): Promise<ProbeAnswer> {
  const started = performance.now();
  const finish = (outcome: ProbeAnswer["outcome"], detail: string): ProbeAnswer => {
    const peakBytes = peakMemoryBytes();
    return { outcome, detail, ms: performance.now() - started, peakBytes };
  };
  try {
    const model = await llama.loadModel({ modelPath: request.path, gpuLayers: 0 });
    try {
      return finish("accepted", request.embedding ? await embed(model) : await decode(model));
    } finally {
      await model.dispose();
    }
  } catch (error) {
    return finish("refused", String(error).slice(0, 400));
  }
}

async function embed(model: LlamaModel): Promise<string> {
  const context = await model.createEmbeddingContext({ contextSize: 64, batchSize: 64, threads: 1 });
  try {
    for (const text of texts) await context.getEmbeddingFor(text.slice(0, 24));
    return "vector";
  } finally {
    await context.dispose();
  }
}

async function decode(model: LlamaModel): Promise<string> {
  const lists = texts.flatMap((text) => [model.tokenize(text, true), model.tokenize(text, false)]);
  for (const list of lists) model.detokenize(list, true);
  const context = await model.createContext({ contextSize: 64, batchSize: 64, threads: 1 });
  try {
    const prompt = lists[0]?.slice(0, 8) ?? [];
    for await (const token of context.getSequence().evaluate(prompt, { temperature: 0 })) return `token ${token}`;
    return "end of text";
  } finally {
    await context.dispose();
  }
}

let queue = Promise.resolve();
process.on("message", (request: NativeRequest) => {
  queue = queue.then(async () => {
    process.send?.(await answer(request));
  });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ outcome: "ready", detail: "" } satisfies ProbeAnswer);
