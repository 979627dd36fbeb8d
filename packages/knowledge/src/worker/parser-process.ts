import type { ProcessSpawner, SpawnedChild } from "@deskside/contract/shell";
import { type ParsedDocument, parsedDocumentSchema, ReadError } from "../document/document-schemas.ts";
import type { ParserCall } from "./parser-messages.ts";
import { parserAnswerSchema, pieceSize } from "./parser-messages.ts";
import { residentBytes } from "./process-memory.ts";

export interface ReadRequest {
  /** Only helps to guess the format. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ocrLanguages: readonly string[];
  readonly password: string | null;
}

export interface ParserLimits {
  /** Without a word of progress. Milliseconds. */
  readonly silentMs: number;
  readonly totalMs: number;
  readonly residentBytes: number;
  /** Characters of the result. */
  readonly output: number;
}

export const parserLimits: ParserLimits = {
  silentMs: 60_000,
  totalMs: 30 * 60_000,
  residentBytes: 1024 ** 3,
  output: 64 * 1024 ** 2,
};

const lookEveryMs = 100;

interface ReadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** One process that reads documents, one after the other. It is killed at the first limit it crosses. */
export interface ParserProcess extends Disposable {
  readonly isAlive: boolean;
  read(request: ReadRequest, options: ReadOptions): Promise<ParsedDocument>;
}

/** Throws ENGINE_START_FAILED when no process can be started. */
export async function startParserProcess(
  spawner: ProcessSpawner,
  { resources, limits }: { resources: string | null; limits: ParserLimits },
): Promise<ParserProcess> {
  const child = await spawner.spawn("parser", { env: { NODE_OPTIONS: "--max-old-space-size=900" }, args: [] });
  let isAlive = true;
  let last = 0;
  // One listener for the life of the process: a port cannot forget one.
  const listening: Listening = { hear: null };
  child.port.onMessage((data) => listening.hear?.(data));
  void child.exited.then(() => {
    isAlive = false;
  });
  return {
    get isAlive() {
      return isAlive;
    },
    async read(request, options) {
      try {
        return await readOne(child, { id: ++last, request, resources, limits, listening }, options);
      } catch (error) {
        isAlive = false;
        child.kill();
        throw error;
      }
    },
    [Symbol.dispose]() {
      isAlive = false;
      child.kill();
    },
  };
}

interface Job {
  readonly id: number;
  readonly request: ReadRequest;
  readonly resources: string | null;
  readonly limits: ParserLimits;
  readonly listening: Listening;
}

interface Listening {
  /** Of the document that is being read. */
  hear: ((data: unknown) => void) | null;
}

async function readOne(child: SpawnedChild, job: Job, { signal, onProgress }: ReadOptions): Promise<ParsedDocument> {
  const { id, limits } = job;
  signal.throwIfAborted();
  const parts: string[] = [];
  let characters = 0;
  let heardAt = performance.now();
  const startedAt = heardAt;
  const end = Promise.withResolvers<void>();
  // It may fail before anybody waits for it.
  end.promise.catch(() => undefined);
  const fail = (failure: ReadError["failure"], detail: string) => end.reject(new ReadError(failure, detail));
  const onAbort = () => end.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  job.listening.hear = (data) => {
    const answer = parserAnswerSchema.safeParse(data);
    if (!answer.success) return fail("reader-crashed", "an answer that is none");
    if (answer.data.id !== id) return;
    heardAt = performance.now();
    if (answer.data.type === "progress") onProgress(answer.data.done, answer.data.total);
    else if (answer.data.type === "failed") fail(answer.data.failure, answer.data.detail);
    else if (answer.data.type === "done") end.resolve();
    else {
      parts.push(answer.data.text);
      characters += answer.data.text.length;
      if (characters > limits.output) fail("output-limit", `${characters} characters`);
    }
  };
  void child.exited.then(({ exitCode, signal: by }) => {
    // V8 ends the process itself when its heap is full.
    const isMemory = /heap out of memory|Allocation failed/i.test(child.stderrTail());
    fail(isMemory ? "memory-limit" : "reader-crashed", `exit ${exitCode ?? by ?? "unknown"}`);
  });
  const look = setInterval(() => {
    const now = performance.now();
    if (now - heardAt > limits.silentMs || now - startedAt > limits.totalMs) fail("time-limit", "no progress");
    const bytes = child.pid === undefined ? null : residentBytes(child.pid);
    if (bytes !== null && bytes > limits.residentBytes) fail("memory-limit", `${bytes} bytes resident`);
  }, lookEveryMs);
  try {
    send(child, job);
    await end.promise;
    return parsedDocumentSchema.parse(JSON.parse(parts.join("")));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && error.name === "ZodError"))
      throw new ReadError("reader-crashed", "a document that is none", { cause: error });
    throw error;
  } finally {
    clearInterval(look);
    job.listening.hear = null;
    signal.removeEventListener("abort", onAbort);
  }
}

function send(child: SpawnedChild, { id, request, resources }: Job): void {
  const post = (call: ParserCall) => child.port.postMessage(call);
  const { name, bytes, ocrLanguages, password } = request;
  post({ type: "start", id, name, ocrLanguages, password, resources });
  for (let at = 0; at < bytes.length; at += pieceSize)
    post({ type: "piece", id, data: bytes.slice(at, at + pieceSize) });
  post({ type: "read", id });
}
