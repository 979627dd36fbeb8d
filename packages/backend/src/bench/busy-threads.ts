import { Worker } from "node:worker_threads";

/** Threads that do nothing but keep a processor each busy, as another program would. Until the result is disposed. */
export function keepBusy(threads: number): AsyncDisposable {
  const workers = Array.from({ length: threads }, () => new Worker("for (;;) Math.sqrt(2);", { eval: true }));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
