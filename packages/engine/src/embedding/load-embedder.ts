import type { Embeddings, Loaded, LoadPlan } from "@deskside/contract/engine";
import { type LlamaEmbeddingContext, type LlamaModel, LlamaVocabularyType, type Token } from "node-llama-cpp";
import { type OpenOptions, openModel } from "../load/open-model.ts";
import { createTurns, type Turns } from "./turns.ts";

/** A model that turns texts into vectors. */
export interface LoadedEmbedder extends AsyncDisposable {
  readonly purpose: "embedding";
  readonly loaded: Loaded;
  readonly busy: boolean;
  tokenize(text: string, special: boolean): Token[];
  /** Throws the signal's reason between two texts, MODEL_NOT_LOADED while it is unloaded. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embeddings>;
}

/** Throws OUT_OF_MEMORY, MODEL_LOAD_FAILED, ENGINE_START_FAILED, or the signal's reason. */
export async function loadEmbedder(plan: LoadPlan, options: OpenOptions): Promise<LoadedEmbedder> {
  const opened = await openModel(plan, options, createContext);
  const { model, context } = opened;
  const limit = tokenLimit(model, plan);
  const turns = createTurns();
  return {
    purpose: "embedding",
    loaded: { ...opened.loaded, contextSize: limit, reasoning: null },
    get busy() {
      return turns.busy;
    },
    tokenize: (text, special) => model.tokenize(text, special),
    embed: (texts, signal) => embedAll(texts, { model, context, limit, turns, signal }),
    async [Symbol.asyncDispose]() {
      await turns.close();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** Special tokens included. An encoder reads a text at once: its positions end where its training did. */
function tokenLimit(model: LlamaModel, plan: LoadPlan): number {
  return Math.min(plan.contextSize, model.trainContextSize);
}

/**
 * One context with all threads: two contexts with half of them each took longer (two cores, 178 tokens: 64 against
 * 99 ms a text). The library wants a context one token larger than the text.
 */
function createContext(
  model: LlamaModel,
  plan: LoadPlan,
  signal: AbortSignal | undefined,
): Promise<LlamaEmbeddingContext> {
  const contextSize = tokenLimit(model, plan) + 1;
  return model.createEmbeddingContext({
    ...{ contextSize, batchSize: contextSize, threads: plan.threads, ignoreMemorySafetyChecks: true },
    ...(signal ? { createSignal: signal } : {}),
  });
}

interface Embedder {
  readonly model: LlamaModel;
  readonly context: LlamaEmbeddingContext;
  readonly limit: number;
  readonly turns: Turns;
  readonly signal?: AbortSignal | undefined;
}

/** A turn for each text: a question does not wait for all passages of a call that came before. */
async function embedAll(texts: readonly string[], embedder: Embedder): Promise<Embeddings> {
  const { model, context, limit, turns, signal } = embedder;
  const first = firstTokens(model);
  // Whatever the library puts around a text is put around nothing, too.
  const room = limit - context.calculateInputLength([...first]);
  const dimensions = model.embeddingVectorSize;
  const vectors = new Float32Array(texts.length * dimensions);
  const counts: number[] = [];
  let truncated = 0;
  for (const [index, text] of texts.entries()) {
    signal?.throwIfAborted();
    const whole = model.tokenize(text, false);
    const tokens = [...first, ...whole.slice(0, room)];
    if (whole.length > room) truncated++;
    counts.push(context.calculateInputLength([...tokens]));
    const { vector } = await turns.take(() => context.getEmbeddingFor(tokens));
    writeNormalised(vector, vectors.subarray(index * dimensions, (index + 1) * dimensions));
  }
  const bytes = Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  return { vectors: bytes.toString("base64"), dimensions, tokens: counts, truncated };
}

/**
 * llama.cpp begins a text with this token when the file says so, for every kind of vocabulary; the library leaves it out
 * for the unigram one, that of XLM-R.
 */
function firstTokens({ tokens, vocabularyType }: LlamaModel): Token[] {
  const isLeftOut = vocabularyType === LlamaVocabularyType.ugm && tokens.shouldPrependBosToken;
  return isLeftOut && tokens.bos !== null ? [tokens.bos] : [];
}

/** Length 1, so that the dot product of two vectors is the cosine of their angle. */
function writeNormalised(vector: readonly number[], into: Float32Array): void {
  const length = Math.hypot(...vector);
  // A model of nothing but zeros has no direction; dividing would make it NaN, which spoils every comparison.
  if (length > 0) for (const [index, value] of vector.entries()) into[index] = value / length;
}
