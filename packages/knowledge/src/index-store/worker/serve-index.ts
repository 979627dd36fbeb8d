import type { MessagePort } from "node:worker_threads";
import { openKnowledge } from "@deskside/storage";
import { createEmbeddedIndex } from "../embedded/embedded-index.ts";
import type { PassageIndex } from "../passage-index.ts";
import { describeError, type IndexCall, type IndexMessage, type IndexWorkerData } from "./index-messages.ts";

/** The inside of the worker thread: opens the index and answers one call after the other. */
export function serveIndex(port: MessagePort, { dataDir, dataKey }: IndexWorkerData): void {
  const send = (message: IndexMessage) => port.postMessage(message);
  const logAs = (level: "info" | "warn" | "error") => (data: object, message: string) =>
    send({ type: "log", level, data: plain(data), message });
  let index: PassageIndex;
  try {
    const log = { info: logAs("info"), warn: logAs("warn"), error: logAs("error") };
    const store = openKnowledge({ dataDir, dataKey, log });
    index = createEmbeddedIndex(store);
    send({ type: "opened", readOnly: store.readOnly, repair: store.repair });
  } catch (error) {
    send({ type: "error", id: null, error: describeError(error) });
    port.close();
    return;
  }
  port.on("message", (call: IndexCall) => {
    void answer(index, call).then((message) => {
      send(message);
      if (call.method === "close") port.close();
    });
  });
}

async function answer(index: PassageIndex, { id, method, args }: IndexCall): Promise<IndexMessage> {
  try {
    // Each call was made through the typed interface on the other side.
    const value = await (index[method] as (...all: readonly unknown[]) => Promise<unknown>)(...args);
    return { type: "result", id, value };
  } catch (error) {
    return { type: "error", id, error: describeError(error) };
  }
}

/** An error in the data of a log line would not cross with its class. */
function plain(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value instanceof Error ? describeError(value) : value]),
  );
}
