import { createSerialQueue, DesksideError, isDesksideError, withSignal } from "@deskside/base";
import { deskError, type EngineState } from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import type { EngineClient } from "../engine-process.ts";
import { createEngineSlot, type EngineSlot, type SlotDeps } from "../engine-slot.ts";
import type { AnswerGate } from "./answer-gate.ts";
import { chooseEmbeddingModel, describeEmbeddingModel, type EmbeddingModel } from "./choose-embedding-model.ts";

export interface EmbeddingEngineDeps extends SlotDeps {
  readonly library: Pick<ModelLibrary, "list" | "resolve">;
  /** Setting `knowledge.embeddingModel`: asked at every call. Null = the built-in model. */
  readonly modelId: () => string | null;
  readonly gate: AnswerGate;
}

/** Vectors of length 1, one after the other. */
export interface Vectors {
  readonly model: EmbeddingModel;
  readonly dimensions: number;
  readonly data: Float32Array;
  /** Texts that were longer than the model reads and lost their end. */
  readonly truncated: number;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * Turns texts into vectors in a process of its own, which starts with the first call, restarts after a crash and ends
 * when it is idle. Everything throws EMBEDDING_UNAVAILABLE when that cannot be had, and the signal's reason.
 */
export interface EmbeddingEngine extends AsyncDisposable {
  /** Null until it was used. */
  readonly state: EngineState | null;
  readonly pids: readonly number[];
  /** The model in use; nothing is started. */
  model(): Promise<EmbeddingModel>;
  /** At once, also between the passages of a call that came before and while answers are written. */
  embedQueries(texts: readonly string[], options?: CallOptions): Promise<Vectors>;
  /** At once, as passages are: sentences of passages that an answer is checked against. */
  embedSentences(texts: readonly string[], options?: CallOptions): Promise<Vectors>;
  /** When no answer is written: in small portions, each only after the answers that run. */
  embedPassages(
    texts: readonly string[],
    options?: CallOptions & { onProgress?: (done: number) => void },
  ): Promise<Vectors>;
  /** Tokens of each text, without special ones. */
  countTokens(texts: readonly string[], options?: CallOptions): Promise<number[]>;
  /** After it gave up: the next call tries again. */
  reset(): void;
  unloadIdle(idleMs: number): Promise<void>;
}

/** Texts between two looks at whether somebody waits for an answer: less than half a second on two cores. */
const portion = 4;

export function createEmbeddingEngine(deps: EmbeddingEngineDeps): EmbeddingEngine {
  return new Engine(deps);
}

class Engine implements EmbeddingEngine {
  readonly #deps: EmbeddingEngineDeps;
  /** Portions of passages, one at a time whoever asks. */
  readonly #passages = createSerialQueue();
  readonly #choosing = createSerialQueue();
  #slot: EngineSlot | undefined;
  #closed = false;

  constructor(deps: EmbeddingEngineDeps) {
    this.#deps = deps;
  }

  get state(): EngineState | null {
    return this.#slot?.state ?? null;
  }

  get pids(): number[] {
    const pid = this.#slot?.pid;
    return pid === undefined ? [] : [pid];
  }

  async model(): Promise<EmbeddingModel> {
    return await this.#explained(async () =>
      describeEmbeddingModel(await chooseEmbeddingModel(this.#deps.library, this.#deps.modelId())),
    );
  }

  async embedQueries(texts: readonly string[], options: CallOptions = {}): Promise<Vectors> {
    if (texts.length === 0) return await this.#nothing();
    assertMeaningful(texts);
    return await this.#use(options, (client, model) => embed(client, { model, kind: "query", texts }, options));
  }

  async embedSentences(texts: readonly string[], options: CallOptions = {}): Promise<Vectors> {
    if (texts.length === 0) return await this.#nothing();
    assertMeaningful(texts);
    return await this.#use(options, (client, model) => embed(client, { model, kind: "passage", texts }, options));
  }

  async embedPassages(
    texts: readonly string[],
    options: CallOptions & { onProgress?: (done: number) => void } = {},
  ): Promise<Vectors> {
    const { signal, onProgress } = options;
    if (texts.length === 0) return await this.#nothing();
    assertMeaningful(texts);
    const parts: Vectors[] = [];
    for (let from = 0; from < texts.length; from += portion) {
      const some = texts.slice(from, from + portion);
      const part = await withSignal(
        this.#passages.run(() => this.#embedPortion(some, options)),
        signal,
      );
      // A change of the setting in the middle would mix vectors that cannot be compared.
      if (parts[0] && parts[0].model.fingerprint !== part.model.fingerprint)
        return await this.embedPassages(texts, options);
      parts.push(part);
      onProgress?.(Math.min(from + portion, texts.length));
    }
    return join(parts);
  }

  async #nothing(): Promise<Vectors> {
    return { model: await this.model(), dimensions: 0, data: new Float32Array(), truncated: 0 };
  }

  async #embedPortion(texts: readonly string[], options: CallOptions): Promise<Vectors> {
    await this.#deps.gate.quiet(options.signal);
    return await this.#use(options, (client, model) => embed(client, { model, kind: "passage", texts }, options));
  }

  async countTokens(texts: readonly string[], options: CallOptions = {}): Promise<number[]> {
    return await this.#use(
      options,
      async (client) => (await client.countTokens({ texts: [...texts] }, options)).tokens,
    );
  }

  reset(): void {
    this.#slot?.reset();
  }

  async unloadIdle(idleMs: number): Promise<void> {
    await this.#choosing.run(async () => {
      const slot = this.#slot;
      const isIdle = slot && !slot.busy && slot.state.phase === "ready";
      if (isIdle && slot.usedAt < performance.now() - idleMs) await this.#leave(slot);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#slot?.[Symbol.asyncDispose]();
  }

  /**
   * With a process that is up. One that ends under the call is started again and the call made again, until the slot
   * gives up after failures in a row.
   */
  async #use<T>(
    { signal }: CallOptions,
    work: (client: EngineClient, model: EmbeddingModel) => Promise<T>,
  ): Promise<T> {
    return await this.#explained(async () => {
      while (true) {
        signal?.throwIfAborted();
        using occupied = await this.#choosing.run(() => this.#occupy());
        const { slot } = occupied;
        const { client, explainEnd } = await slot.ready();
        try {
          const result = await work(client, describeEmbeddingModel(slot.model));
          if (slot.state.failures > 0) slot.answered({ tokensPerSecond: null, outputTokens: 0, contextUsed: 0 });
          return result;
        } catch (error) {
          signal?.throwIfAborted();
          if (!isDesksideError(error, "PEER_GONE") || this.#closed) throw error;
          const end = await explainEnd(0);
          if (end.code === "ENGINE_GAVE_UP") throw end;
        }
      }
    }, signal);
  }

  /** Before the next one can choose: what is occupied is not stopped. */
  async #occupy(): Promise<{ slot: EngineSlot } & Disposable> {
    const slot = await this.#chosenSlot();
    const occupied = slot.occupy();
    return { slot, [Symbol.dispose]: () => occupied[Symbol.dispose]() };
  }

  async #chosenSlot(): Promise<EngineSlot> {
    if (this.#closed) throw deskError("MODEL_NOT_LOADED", {});
    const model = await chooseEmbeddingModel(this.#deps.library, this.#deps.modelId());
    const current = this.#slot;
    if (current && isSame(current.model, model)) return current;
    if (current) await this.#leave(current);
    this.#slot = createEngineSlot(model, this.#deps);
    return this.#slot;
  }

  /** Waits for what it is doing. */
  async #leave(slot: EngineSlot): Promise<void> {
    if (this.#slot === slot) this.#slot = undefined;
    await slot.stop();
    this.#deps.onChange();
  }

  async #explained<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DesksideError) || error.code === "INVALID_INPUT") throw error;
      const model = this.#slot?.model.id ?? this.#deps.modelId() ?? "";
      const detail = `${error.code} ${JSON.stringify(error.data)}`.slice(0, 500);
      this.#deps.log.warn({ err: error, model }, "no vectors can be had");
      throw deskError("EMBEDDING_UNAVAILABLE", { model, detail }, { cause: error });
    }
  }
}

function isSame(one: ResolvedModel, other: ResolvedModel): boolean {
  return one.id === other.id && one.path === other.path && one.header.fileBytes === other.header.fileBytes;
}

/** With a prefix before it, the engine would not see that there is nothing. */
function assertMeaningful(texts: readonly string[]): void {
  const empty = texts.findIndex((text) => !/\S/.test(text));
  if (empty >= 0) throw deskError("INVALID_INPUT", { issues: [{ path: `texts.${empty}`, message: "no text" }] });
}

async function embed(
  client: EngineClient,
  { model, kind, texts }: { model: EmbeddingModel; kind: "query" | "passage"; texts: readonly string[] },
  { signal }: CallOptions,
): Promise<Vectors> {
  const prefix = model.prefixes[kind];
  const answer = await client.embed({ texts: texts.map((text) => prefix + text) }, signal ? { signal } : {});
  // A buffer of its own: those of Node's pool are not aligned.
  const data = new Float32Array(new Uint8Array(Buffer.from(answer.vectors, "base64")).buffer);
  return { model, dimensions: answer.dimensions, data, truncated: answer.truncated };
}

function join(parts: readonly Vectors[]): Vectors {
  const [first] = parts;
  if (!first || parts.length === 1) return first as Vectors;
  const data = new Float32Array(parts.reduce((length, part) => length + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { ...first, data, truncated: parts.reduce((sum, { truncated }) => sum + truncated, 0) };
}
