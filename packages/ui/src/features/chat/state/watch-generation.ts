import { isCancellation, isDesksideError, sleep } from "@deskside/base";
import type { Message } from "@deskside/contract";
import type { DesksideClient } from "../../../app/client.ts";
import { backoffMs } from "../../../app/connection/backoff.ts";
import type { GenerationStore } from "./generation-store.ts";

export interface WatchDeps {
  client: DesksideClient;
  store: GenerationStore;
  /** Called once, with the message as it was stored. */
  onEnd: (message: Message) => void;
  /** The backend no longer knows this generation: what it stored is all there is. */
  onUnknown: () => void;
}

/**
 * Follows an answer to its terminal event. A lost connection is not the end of the answer: it is watched again, and
 * the snapshot that begins every watch makes up for what was missed. Ends quietly when `signal` aborts.
 */
export async function watchGeneration(
  deps: WatchDeps,
  generationId: string,
  options: { signal: AbortSignal },
): Promise<void> {
  const { client, store, onEnd, onUnknown } = deps;
  const { apply } = store.getState().actions;
  let failures = 0;
  while (!options.signal.aborted) {
    try {
      const events = await client.generation.watch({ generationId }, { signal: options.signal });
      for await (const event of events) {
        failures = 0;
        if (event.type !== "snapshot" && event.type !== "delta") {
          // First the stored message, then the end of the live one: nothing is missing in between.
          onEnd(event.message);
          apply(generationId, event);
          return;
        }
        apply(generationId, event);
      }
    } catch (error) {
      if (options.signal.aborted || isCancellation(error, options.signal)) return;
      if (isDesksideError(error, "GENERATION_NOT_FOUND")) return onUnknown();
    }
    await sleep(backoffMs(failures++), { signal: options.signal }).catch(() => undefined);
  }
}
