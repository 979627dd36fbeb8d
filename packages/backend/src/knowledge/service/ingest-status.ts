import { withSignal } from "@deskside/base";
import type { IngestStatus } from "@deskside/contract";
import type { Principal } from "@deskside/storage";
import type { ChangeSignal } from "../../library/downloads/change-signal.ts";
import { countFiles } from "../describe/describe-collection.ts";
import type { KnowledgeDeps } from "./knowledge-deps.ts";

/** A window is told at most this often. */
const tellEveryMs = 250;

export function createIngest({ index, queue, isAnswering }: KnowledgeDeps, changes: ChangeSignal) {
  const status = async (principal: Principal, collectionId: string): Promise<IngestStatus> => {
    await index.getCollection(principal, collectionId);
    const stats = (await index.stats(principal, [collectionId])).collections.find(({ id }) => id === collectionId);
    const files = countFiles(stats);
    const total = stats?.passages ?? 0;
    const { pagesPerSecond, filesPerSecond } = queue.rateOf(collectionId);
    const left = files.waiting + files.working;
    return {
      ...{ collectionId, files, pagesPerSecond, paused: queue.isPaused(collectionId) },
      waitingForAnswer: isAnswering() && (stats?.waiting ?? 0) > 0,
      secondsLeft: left === 0 || filesPerSecond === null || filesPerSecond === 0 ? null : left / filesPerSecond,
      vectors: { done: total - (stats?.waiting ?? 0), total },
    };
  };
  return {
    ingestStatus: status,
    async *watchIngest(
      principal: Principal,
      collectionId: string,
      signal: AbortSignal | undefined,
    ): AsyncGenerator<IngestStatus> {
      for (;;) {
        const next = changes.next();
        yield await status(principal, collectionId);
        await next.until(signal);
        // What comes in between is in the next look.
        await withSignal(new Promise((resolve) => setTimeout(resolve, tellEveryMs)), signal);
      }
    },
    pauseIngest: (collectionId: string) => queue.pause(collectionId),
    resumeIngest: (collectionId: string) => queue.resume(collectionId),
  };
}
