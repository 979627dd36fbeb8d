import { Worker } from "node:worker_threads";
import { createDeferred, type Deferred, withSignal } from "@deskside/base";

/** Hashes a growing file in a thread of its own, reading behind the writer, so that the transfer does not wait. */
export interface HashFollower extends Disposable {
  /** The bytes before `end` are written and will not change any more. */
  advance(end: number): void;
  /** SHA-256 of the first `size` bytes in lower-case hex, once the thread is there. Throws what reading threw. */
  finish(size: number, signal: AbortSignal): Promise<string>;
}

/** A string, so that no bundler has to know of a file; CommonJS, because that is what `eval` of a worker is. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const { openSync, readSync } = require("node:fs");
const hash = require("node:crypto").createHash("sha256");
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
let fd, at = 0;
parentPort.on("message", ({ end, finish }) => {
  try {
    fd ??= openSync(workerData.path, "r");
    while (at < end) {
      const got = readSync(fd, buffer, 0, Math.min(buffer.length, end - at), at);
      if (got === 0) throw new Error("the file is shorter than what was written");
      hash.update(got === buffer.length ? buffer : buffer.subarray(0, got));
      at += got;
    }
    if (finish) parentPort.postMessage({ digest: hash.digest("hex") });
  } catch (error) {
    parentPort.postMessage({ failure: String(error && error.message || error) });
  }
});
`;

/** The thread is woken for this many bytes at once. */
const stepBytes = 4 * 1024 * 1024;

export function createHashFollower(path: string): HashFollower {
  const worker = new Worker(program, {
    eval: true,
    env: {},
    workerData: { path },
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
  const answer: Deferred<string> = createDeferred<string>();
  // Nobody may be waiting yet when the thread fails; finish() hears of it then.
  answer.promise.catch(() => undefined);
  worker.on("message", (message: { digest?: string; failure?: string }) => {
    if (message.digest !== undefined) answer.resolve(message.digest);
    else answer.reject(new Error(message.failure));
  });
  worker.on("error", (error) => answer.reject(error));
  worker.on("exit", () => answer.reject(new Error("the hashing thread ended")));
  let sent = 0;
  return {
    advance(end) {
      if (end - sent < stepBytes) return;
      sent = end;
      worker.postMessage({ end });
    },
    async finish(size, signal) {
      worker.ref();
      worker.postMessage({ end: size, finish: true });
      try {
        return await withSignal(answer.promise, signal);
      } finally {
        worker.unref();
      }
    },
    [Symbol.dispose]: () => void worker.terminate(),
  };
}
