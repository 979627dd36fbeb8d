import type { StorageLog } from "@deskside/storage";
import type { Database } from "./server/database.ts";

/** What nobody waits for: rows of removed collections, and documents whose reading ended half way. */
export interface ServerUpkeep {
  start(): void;
  /** Deletes what removed collections left; a call while it runs lets it look once more. */
  readonly sweep: () => void;
  /** Resolves when the step that runs has ended. */
  stop(): Promise<void>;
}

/** Deleted at a time, so that a question between two steps does not wait long. */
const sweptAtOnce = 500;
export function createServerUpkeep(options: { database: Database; computer: string; log: StorageLog }): ServerUpkeep {
  const { database, computer, log } = options;
  let running: Promise<void> | null = null;
  let isWanted = false;
  let isStopped = false;
  let resuming: Promise<void> | null = null;
  const attempt = async (work: () => Promise<void>, message: string) => {
    try {
      await work();
    } catch (error) {
      // What is left over is found again the next time the index is opened.
      log.warn({ err: error }, message);
    }
  };
  const sweepAll = async () => {
    while (isWanted && !isStopped) {
      isWanted = false;
      while (!isStopped && (await sweepSome(database)));
    }
  };
  const sweep = () => {
    isWanted = true;
    running ??= attempt(sweepAll, "rows of removed collections are still on the server").finally(() => {
      running = null;
    });
  };
  return {
    sweep,
    start: () => {
      sweep();
      resuming = attempt(
        () => resumeInterrupted(database, computer),
        "documents that were half read are still marked so",
      );
    },
    stop: async () => {
      isStopped = true;
      await Promise.all([running, resuming]);
    },
  };
}

/** True while something is left to delete. Several Desksides may sweep at once: each takes rows that nobody holds. */
async function sweepSome({ query }: Database): Promise<boolean> {
  const passages = await query(
    `DELETE FROM deskside.passages WHERE seq IN (
       SELECT p.seq FROM deskside.passages p JOIN deskside.collections c ON c.seq = p.collection_seq
       WHERE c.kind = 'removed' LIMIT $1 FOR UPDATE OF p SKIP LOCKED) RETURNING seq`,
    [sweptAtOnce],
  );
  if (passages.length > 0) return true;
  await query(
    `DELETE FROM deskside.collections c WHERE kind = 'removed'
       AND NOT EXISTS (SELECT 1 FROM deskside.passages p WHERE p.collection_seq = c.seq)`,
  );
  return false;
}

/** Nobody but this computer reads its documents, and it has just begun: what is half read has nobody who goes on. */
async function resumeInterrupted({ query }: Database, computer: string): Promise<void> {
  await query(
    `UPDATE deskside.documents SET state = 'waiting', changed_at = now()
     WHERE state IN ('reading', 'splitting') AND computer = $1`,
    [computer],
  );
}
