import { isCancellation, isDesksideError } from "@deskside/base";
import type { Owner, PassageIndex, VectorModel } from "@deskside/knowledge";
import type { EmbeddingEngine } from "../../engines/embedding/embedding-engine.ts";
import type { Logger } from "../../log/logger.ts";
import { isAway } from "../places/server/is-away.ts";

/** Gives passages their vectors, in the background, behind every answer. */
export interface VectorFiller extends AsyncDisposable {
  wake(): void;
  /** The model in use, as vectors are kept under it; null: none can be had. */
  model(): Promise<VectorModel | null>;
}

export interface VectorFillerDeps {
  readonly index: PassageIndex;
  readonly embedding: EmbeddingEngine;
  readonly owner: Owner;
  /** A team's collections keep the model of whoever came first: two computers would take turns for ever. */
  readonly mayChangeModel: boolean;
  readonly log: Logger;
  readonly onProgress: () => void;
}

/** Passages between two writes: a few seconds of work on two cores. */
const batch = 32;
/** Before another try when the model cannot be used. */
const restMs = 30_000;

export function createVectorFiller(deps: VectorFillerDeps): VectorFiller {
  return new Filler(deps);
}

class Filler implements VectorFiller {
  readonly #deps: VectorFillerDeps;
  readonly #closing = new AbortController();
  #loop: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: VectorFillerDeps) {
    this.#deps = deps;
  }

  wake(): void {
    this.#again = true;
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
      this.#deps.onProgress();
    });
  }

  async model(): Promise<VectorModel | null> {
    const { embedding } = this.#deps;
    try {
      // Only the file's head is read for this: a model that nobody needs yet is not started.
      const { id, fingerprint, dimensions } = await embedding.model();
      return { id: `${id}@${fingerprint.slice(0, 16)}`, dimensions };
    } catch (error) {
      if (!isDesksideError(error, "EMBEDDING_UNAVAILABLE")) throw error;
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("closing"));
    clearTimeout(this.#timer);
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false;
        await this.#fill();
      }
    } catch (error) {
      if (isCancellation(error, signal) || signal.aborted) return;
      // Whoever connects again wakes this.
      if (isAway(error)) return;
      this.#deps.log.warn({ err: error }, "passages could not be given vectors");
      this.#later();
    }
  }

  async #fill(): Promise<void> {
    const { index, owner, mayChangeModel } = this.#deps;
    const model = await this.model();
    if (model === null) return this.#later();
    for (const collection of await index.listCollections(owner)) {
      const isWanted = collection.model === model.id || collection.nextModel === model.id;
      if (isWanted || (collection.model !== null && !mayChangeModel)) continue;
      await index.useModel(owner, collection.id, model);
    }
    while (await this.#fillSome(model)) this.#deps.onProgress();
  }

  /** False: nothing waits any more. */
  async #fillSome(model: VectorModel): Promise<boolean> {
    const { index, embedding } = this.#deps;
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const pending = await index.pendingPassages(model, batch);
    if (pending.length === 0) return false;
    const { data, dimensions } = await embedding.embedPassages(
      pending.map(({ text }) => text),
      { signal },
    );
    const vectors = pending.map(({ id }, row) => ({
      id,
      values: data.slice(row * dimensions, (row + 1) * dimensions),
    }));
    await index.setVectors(model, vectors);
    return true;
  }

  #later(): void {
    this.#timer = setTimeout(() => this.wake(), restMs);
    this.#timer.unref();
  }
}
