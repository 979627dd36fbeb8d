import { type Clock, createEmitter, type Emitter } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { type DownloadEntry, viewOf } from "./download-entry.ts";
import type { DownloadLimits, DownloadView } from "./download-types.ts";

/** What the commands and the runner of a queue share, and how the world hears of it. */
export interface QueueState {
  /** In the order of the queue. */
  entries: DownloadEntry[];
  limits: DownloadLimits;
  isClosed: boolean;
  readonly changes: Pick<Emitter<DownloadView>, "on">;
  /** Throws DOWNLOAD_NOT_FOUND. */
  find(id: string): DownloadEntry;
  view(entry: DownloadEntry): DownloadView;
  emit(entry: DownloadEntry): void;
  /** At most ten a second for each download. */
  emitSoon(entry: DownloadEntry): void;
  /** Nothing is emitted late any more. */
  stopEmitting(): void;
}

const progressEveryMs = 100;

export function createQueueState(
  initial: readonly DownloadEntry[],
  limits: DownloadLimits,
  clock: Clock,
  onListenerError: (error: unknown) => void,
): QueueState {
  const changes = createEmitter<DownloadView>(onListenerError);
  const dirty = new Set<DownloadEntry>();
  let timer: NodeJS.Timeout | undefined;
  const state: QueueState = {
    entries: [...initial],
    limits,
    isClosed: false,
    changes,
    find(id) {
      const entry = state.entries.find(({ request }) => request.id === id);
      if (!entry) throw deskError("DOWNLOAD_NOT_FOUND", { downloadId: id });
      return entry;
    },
    view: (entry) => viewOf(entry, state.entries.indexOf(entry), clock),
    emit(entry) {
      dirty.delete(entry);
      changes.emit(state.view(entry));
    },
    emitSoon(entry) {
      dirty.add(entry);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const changed of [...dirty]) state.emit(changed);
      }, progressEveryMs);
    },
    stopEmitting() {
      clearTimeout(timer);
      dirty.clear();
    },
  };
  return state;
}
