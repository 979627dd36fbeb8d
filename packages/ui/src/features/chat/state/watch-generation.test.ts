import { deskError, type GenerationEvent, type Message } from "@deskside/contract";
import { describe, expect, it, vi } from "vitest";
import type { DesksideClient } from "../../../app/client.ts";
import { createGenerationStore } from "./generation-store.ts";
import { watchGeneration } from "./watch-generation.ts";

const message = { id: "m", chatId: "c", text: "abc", reasoning: "", status: "complete" } as Message;
const stats = { promptTokens: 0 } as Extract<GenerationEvent, { type: "snapshot" }>["stats"];
const snapshot: GenerationEvent = { type: "snapshot", seq: 1, phase: "answering", message, progress: null, stats };

/** A client whose watches go by the script: events, then an error or a quiet end. */
function scripted(watches: readonly (readonly (GenerationEvent | Error)[])[]) {
  let calls = 0;
  const watch = async () => {
    const script = watches[calls++] ?? [];
    return (async function* () {
      for (const step of script) {
        if (step instanceof Error) throw step;
        yield step;
      }
    })();
  };
  const client = { generation: { watch } } as unknown as DesksideClient;
  return { client, calls: () => calls };
}

function run(client: DesksideClient, signal = new AbortController().signal) {
  const store = createGenerationStore({ requestFrame: (callback) => callback() });
  const onEnd = vi.fn();
  const onUnknown = vi.fn();
  return { store, onEnd, onUnknown, done: watchGeneration({ client, store, onEnd, onUnknown }, "g", { signal }) };
}

describe("watchGeneration", () => {
  it("watches again after the connection was lost, and ends once", async () => {
    const gone = deskError("PEER_GONE", { peer: "backend" });
    const { client, calls } = scripted([[snapshot, gone], [gone], [snapshot, { type: "done", message }]]);
    const { onEnd, done, store } = run(client);
    await done;
    expect(calls()).toBe(3);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(message);
    expect(store.getState().live).toEqual({});
  });

  it("takes a stream that ends without a terminal event for a lost one", async () => {
    const { client, calls } = scripted([[snapshot], [{ type: "cancelled", message }]]);
    const { onEnd, done } = run(client);
    await done;
    expect(calls()).toBe(2);
    expect(onEnd).toHaveBeenCalledOnce();
  });

  it("gives up on a generation that the backend does not know", async () => {
    const { client, calls } = scripted([[deskError("GENERATION_NOT_FOUND", { generationId: "g" })]]);
    const { onEnd, onUnknown, done } = run(client);
    await done;
    expect(calls()).toBe(1);
    expect(onUnknown).toHaveBeenCalledOnce();
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("ends quietly when it is told to", async () => {
    const controller = new AbortController();
    const { client } = scripted([[deskError("PEER_GONE", { peer: "backend" })]]);
    const { onEnd, onUnknown, done } = run(client, controller.signal);
    controller.abort();
    await done;
    expect(onEnd).not.toHaveBeenCalled();
    expect(onUnknown).not.toHaveBeenCalled();
  });
});
