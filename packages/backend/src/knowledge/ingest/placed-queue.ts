import { placeOf } from "@deskside/knowledge";
import type { IngestQueue } from "./ingest-queue.ts";
import type { ReadRate } from "./read-rate.ts";

/** A queue for each place, so that one whose index is away holds up nothing of the other. */
export interface PlacedQueue extends Omit<IngestQueue, "rate" | typeof Symbol.asyncDispose> {
  rateOf(collectionId: string): ReadRate;
}

export function createPlacedQueue(queues: { readonly here: IngestQueue; readonly server: IngestQueue }): PlacedQueue {
  const { here, server } = queues;
  const of = (id: string) => queues[placeOf(id)];
  return {
    wake: () => {
      here.wake();
      server.wake();
    },
    progressOf: (id) => of(id).progressOf(id),
    drop: (id) => of(id).drop(id),
    setPassword: (id, password) => of(id).setPassword(id, password),
    pause: (id) => of(id).pause(id),
    resume: (id) => of(id).resume(id),
    isPaused: (id) => of(id).isPaused(id),
    rateOf: (id) => of(id).rate,
  };
}
