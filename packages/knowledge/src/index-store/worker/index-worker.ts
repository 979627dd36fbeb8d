// Entry of the index's worker thread.
import { parentPort, workerData } from "node:worker_threads";
import type { IndexWorkerData } from "./index-messages.ts";
import { serveIndex } from "./serve-index.ts";

if (!parentPort) throw new Error("index-worker.ts runs in a worker thread");
serveIndex(parentPort, workerData as IndexWorkerData);
