import { Worker } from "node:worker_threads";

/**
 * Compares two equal buffers over and over: `Buffer.compare` is the C library's `memcmp`, which streams both through
 * vector registers and writes nothing, as decoding does with weights. A loop in JavaScript reaches a fraction of that.
 * The text is evaluated, because a file of its own would have to be shipped beside every bundle.
 */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const { bytes, gate } = workerData;
const state = new Int32Array(gate);
const [a, b] = [Buffer.allocUnsafeSlow(bytes).fill(7), Buffer.allocUnsafeSlow(bytes).fill(7)];
Atomics.add(state, 0, 1);
Atomics.notify(state, 0);
Atomics.wait(state, 1, 0);
let read = 0;
const start = performance.now();
while (Atomics.load(state, 1) === 1) {
  if (Buffer.compare(a, b) !== 0) throw new Error("equal buffers differ");
  read += 2 * bytes;
}
parentPort.postMessage({ read, ms: performance.now() - start });
`;

const MiB = 1024 ** 2;
/** Together well above the last-level cache of any processor, and little beside what a model needs. */
const totalBytes = 1024 * MiB;
/** Less than this, of all threads together, a cache may hold. */
const leastBytes = 256 * MiB;
const mostWorkers = 32;

export interface MemorySpeedOptions {
  readonly cores: number;
  readonly freeBytes: number;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bytes a second that all cores together read from RAM. Null when there is too little free memory for buffers larger
 * than caches. Rejects with `signal.reason`.
 */
export async function measureMemoryRead(options: MemorySpeedOptions): Promise<number | null> {
  const { cores, freeBytes, budgetMs, signal } = options;
  signal?.throwIfAborted();
  const workers = Math.max(1, Math.min(mostWorkers, Math.floor(cores)));
  const bytes = Math.min(Math.floor(Math.min(totalBytes, freeBytes / 4) / workers / 2), 128 * MiB);
  if (!(bytes * 2 * workers >= leastBytes)) return null;
  const gate = new SharedArrayBuffer(8);
  const state = new Int32Array(gate);
  const running = Array.from(
    { length: workers },
    () => new Worker(program, { eval: true, workerData: { bytes, gate } }),
  );
  try {
    const results = Promise.all(running.map(resultOf));
    await Promise.race([results, whenReady(state, workers), aborted(signal)]);
    Atomics.store(state, 1, 1);
    Atomics.notify(state, 1);
    await Promise.race([results, pause(budgetMs), aborted(signal)]);
    Atomics.store(state, 1, 2);
    const done = await Promise.race([results, aborted(signal)]);
    return done.reduce((sum, { read, ms }) => sum + (ms > 0 ? (read / ms) * 1000 : 0), 0) || null;
  } finally {
    Atomics.store(state, 1, 2);
    Atomics.notify(state, 1);
    await Promise.all(running.map((worker) => worker.terminate()));
  }
}

interface Result {
  readonly read: number;
  readonly ms: number;
}

function resultOf(worker: Worker): Promise<Result> {
  return new Promise((resolve, reject) => {
    worker.once("message", (result: Result) => resolve(result));
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the measuring thread ended with code ${code}`)));
  });
}

/** Ends also when it was given up, since then some threads never get ready. */
async function whenReady(state: Int32Array<SharedArrayBuffer>, workers: number): Promise<void> {
  const waiting = () => Atomics.load(state, 1) === 0;
  for (let ready = Atomics.load(state, 0); ready < workers && waiting(); ready = Atomics.load(state, 0)) {
    const waited = Atomics.waitAsync(state, 0, ready, 1000);
    if (waited.async) await waited.value;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
