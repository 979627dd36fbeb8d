import { Worker } from "node:worker_threads";
import { deskError } from "@deskside/contract";
import type { StorageLog } from "@deskside/storage";
import { createIndexProxy } from "../index-proxy.ts";
import type { PassageIndex } from "../passage-index.ts";
import { type IndexMessage, type IndexRepair, type IndexWorkerData, reviveError } from "./index-messages.ts";

export interface IndexWorkerOptions extends IndexWorkerData {
  /** Script whose first act is `serveIndex`: `index-worker.ts` of this package, or what it was bundled into. */
  readonly script: URL;
  readonly log: StorageLog;
}

export interface RunningIndex {
  readonly index: PassageIndex;
  readonly readOnly: string | null;
  /** What happened to an index that could not be used as it was. */
  readonly repair: IndexRepair | null;
}

/**
 * Opens the index in a thread of its own: SQLite is synchronous, and a search over a million passages takes a good part
 * of a second's tenth. Rejects with what `openKnowledge` throws. When the thread dies, calls reject with PEER_GONE.
 */
export function startIndexWorker({ script, log, ...workerData }: IndexWorkerOptions): Promise<RunningIndex> {
  const worker = new Worker(script, { workerData, name: "deskside-index" });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let [last, gone] = [0, false];
  const call = (method: keyof PassageIndex, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) {
        reject(deskError("PEER_GONE", { peer: "index" }));
        return;
      }
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, method, args });
    });
  return new Promise((resolve, reject) => {
    const settle = (
      id: number,
      how: (one: { resolve: (value: unknown) => void; reject: (error: unknown) => void }) => void,
    ) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (one) how(one);
    };
    worker.on("message", (message: IndexMessage) => {
      if (message.type === "opened") {
        const { readOnly, repair } = message;
        resolve({ index: createIndexProxy(call), readOnly, repair });
      } else if (message.type === "result") settle(message.id, (one) => one.resolve(message.value));
      else if (message.type === "log")
        log[message.level](Object.fromEntries(Object.entries(message.data)), message.message);
      else if (message.id === null) reject(reviveError(message.error));
      else settle(message.id, (one) => one.reject(reviveError(message.error)));
    });
    worker.on("error", (error) => {
      log.error({ err: error }, "the thread of the index failed");
      reject(error);
    });
    worker.on("exit", () => {
      gone = true;
      const error = deskError("PEER_GONE", { peer: "index" });
      reject(error);
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    });
  });
}
