import { isCancellation, isDesksideError } from "@deskside/base";
import type { IndexedDocument, IndexedDocumentChange, Owner } from "@deskside/knowledge";
import { isAway } from "../places/server/is-away.ts";
import { createReadRate, type ReadRate } from "./read-rate.ts";
import { type IngestDeps, ingestDocument } from "./ingest-document.ts";

/** Reads what waits, one file after the other, in the background. */
export interface IngestQueue extends AsyncDisposable {
  /** Something was added, or may go on. */
  wake(): void;
  /** Progress of a document that is being read, 0 to 1; null: not this one, or not known. */
  progressOf(documentId: string): number | null;
  /** Stops work on a document that is to go. */
  drop(documentId: string): void;
  /** For the next reading of this document; used once, never stored. */
  setPassword(documentId: string, password: string): void;
  pause(collectionId: string): void;
  resume(collectionId: string): void;
  isPaused(collectionId: string): boolean;
  readonly rate: ReadRate;
}

export interface IngestQueueDeps extends IngestDeps {
  readonly owner: Owner;
  /** A document or its collection changed. */
  readonly onChange: (collectionId: string) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** After a failure of ours, a full disk say, before the next try. */
const restMs = 5_000;
/** Documents looked at for one that may be read now. */
const lookAhead = 200;

export function createIngestQueue(deps: IngestQueueDeps): IngestQueue {
  return new Queue(deps);
}

interface Working {
  readonly documentId: string;
  readonly abort: AbortController;
  progress: number | null;
}

class Queue implements IngestQueue {
  readonly rate: ReadRate;
  readonly #deps: IngestQueueDeps;
  readonly #paused = new Set<string>();
  readonly #passwords = new Map<string, string>();
  /** Documents that failed half way for a reason of ours, until they are written down as waiting again. */
  readonly #halfDone = new Map<string, IndexedDocumentChange>();
  readonly #closing = new AbortController();
  #working: Working | null = null;
  #loop: Promise<void> | null = null;
  #again = false;

  constructor(deps: IngestQueueDeps) {
    this.#deps = deps;
    this.rate = createReadRate(deps.now);
  }

  wake(): void {
    this.#again = true;
    if (this.#closing.signal.aborted) return;
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
      if (this.#again) this.wake();
    });
  }

  progressOf(documentId: string): number | null {
    return this.#working?.documentId === documentId ? this.#working.progress : null;
  }

  drop(documentId: string): void {
    this.#passwords.delete(documentId);
    if (this.#working?.documentId === documentId) this.#working.abort.abort(new Error("removed"));
  }

  setPassword(documentId: string, password: string): void {
    this.#passwords.set(documentId, password);
  }

  pause(collectionId: string): void {
    this.#paused.add(collectionId);
    this.#deps.onChange(collectionId);
  }

  resume(collectionId: string): void {
    this.#paused.delete(collectionId);
    this.#deps.onChange(collectionId);
    this.wake();
  }

  isPaused(collectionId: string): boolean {
    return this.#paused.has(collectionId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("closing"));
    this.#working?.abort.abort(new Error("closing"));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#again = false;
      try {
        const next = await this.#next();
        if (next === undefined) return;
        if (!(await this.#read(next))) await rest(signal);
      } catch (error) {
        if (signal.aborted) return;
        // Whoever connects again wakes this queue.
        if (isAway(error)) return;
        this.#deps.log.error({ err: error }, "what waits to be read could not be looked up");
        await rest(signal);
      }
    }
  }

  async #next(): Promise<IndexedDocument | undefined> {
    const { index, owner } = this.#deps;
    for (const [id, change] of this.#halfDone) {
      await index.changeDocument(owner, id, change).catch(unlessRemoved);
      this.#halfDone.delete(id);
    }
    const waiting = await index.listDocuments(owner, { states: ["waiting"], readHere: true, limit: lookAhead });
    return waiting.find(({ collection }) => !this.#paused.has(collection));
  }

  /** False: it failed for a reason of ours and waits again. */
  async #read(document: IndexedDocument): Promise<boolean> {
    const { onChange, log, owner, index } = this.#deps;
    const working: Working = { documentId: document.id, abort: new AbortController(), progress: null };
    this.#working = working;
    const password = this.#passwords.get(document.id) ?? null;
    this.#passwords.delete(document.id);
    onChange(document.collection);
    const { signal } = working.abort;
    try {
      await ingestDocument(document, this.#deps, {
        ...{ owner, password, signal },
        onProgress: (progress) => {
          working.progress = progress;
          onChange(document.collection);
        },
      });
      const read = await index.getDocument(owner, document.id).catch(() => null);
      this.rate.read(read?.pages ?? 1);
      return true;
    } catch (error) {
      if (isCancellation(error, signal) || signal.aborted) return true;
      const { id, attempts } = document;
      // A server that went away says nothing against the file.
      this.#halfDone.set(id, { state: "waiting", ...(isAway(error) ? { attempts } : {}) });
      if (isAway(error)) throw error;
      log.error({ err: error, document: document.id }, "a file could not be taken in");
      return false;
    } finally {
      this.#working = null;
      onChange(document.collection);
    }
  }
}

function unlessRemoved(error: unknown): void {
  if (!isDesksideError(error, "DOCUMENT_NOT_FOUND")) throw error;
}

async function rest(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, restMs);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      resolve();
    }
  });
}
