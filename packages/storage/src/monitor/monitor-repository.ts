import { z } from "zod";
import type { RepositoryContext } from "../repositories/repository-context.ts";
import { decodeBlock, encodeBlock, type SampleBlock } from "./sample-block.ts";

/** Milliseconds since 1970, both ends included. */
export interface BlockRange {
  readonly resolutionMs: number;
  readonly from: number;
  readonly to: number;
}

/** What may go: blocks that end before `before` or start after `after`, and all but the newest `keepBlocks`. */
export interface PruneRule {
  readonly resolutionMs: number;
  readonly before: number;
  readonly after: number;
  readonly keepBlocks: number;
}

/** Readings of the machine. They belong to no person, so no method takes a principal. */
export interface MonitorRepository {
  /** Adds blocks, or replaces those of the same id, in one transaction. Throws STORE_READ_ONLY, DISK_FULL, DISK_FAILED. */
  write(blocks: readonly SampleBlock[]): void;
  /** Blocks that touch the range, by start. One that does not fit its own layout is left out, and logged. */
  read(range: BlockRange): SampleBlock[];
  /** Returns how many blocks went. */
  prune(rules: readonly PruneRule[]): number;
}

const blockRowSchema = z.object({
  id: z.string(),
  resolution_ms: z.number(),
  start_at: z.number(),
  layout: z.string(),
  data: z.instanceof(Uint8Array),
});

export function createMonitorRepository({ store, log }: RepositoryContext): MonitorRepository {
  return {
    write(blocks) {
      if (blocks.length === 0) return;
      store.write((revision) => {
        for (const block of blocks) {
          store.run(
            `INSERT INTO monitor_blocks (id, resolution_ms, start_at, end_at, layout, data, revision)
             VALUES (@id, @resolutionMs, @startAt, @endAt, @layout, @data, @revision)
             ON CONFLICT (id) DO UPDATE SET end_at = excluded.end_at, data = excluded.data, revision = excluded.revision`,
            { id: block.id, resolutionMs: block.resolutionMs, ...encodeBlock(block), revision },
          );
        }
      });
    },
    read: ({ resolutionMs, from, to }) =>
      store
        .all(
          `SELECT id, resolution_ms, start_at, layout, data FROM monitor_blocks
           WHERE resolution_ms = @resolutionMs AND end_at >= @from AND start_at <= @to ORDER BY start_at, seq`,
          { resolutionMs, from: Math.floor(from), to: Math.ceil(to) },
        )
        .flatMap((row) => {
          const parsed = blockRowSchema.parse(row);
          const block = decodeBlock(parsed);
          if (!block) log.warn({ id: parsed.id }, "stored readings do not fit their layout and are left out");
          return block ? [block] : [];
        }),
    prune(rules) {
      const gone = (rule: PruneRule) =>
        store.run(
          `DELETE FROM monitor_blocks WHERE resolution_ms = @resolutionMs AND (end_at < @before OR start_at > @after
           OR seq NOT IN (SELECT seq FROM monitor_blocks WHERE resolution_ms = @resolutionMs
                          ORDER BY seq DESC LIMIT @keepBlocks))`,
          { ...rule, before: Math.floor(rule.before), after: Math.ceil(rule.after) },
        );
      return store.write(() => rules.reduce((sum, rule) => sum + gone(rule), 0));
    },
  };
}
