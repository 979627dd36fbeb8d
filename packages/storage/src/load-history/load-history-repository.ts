import { createId } from "@deskside/base";
import {
  type FitPlan,
  fitPlanSchema,
  type MemoryUse,
  memoryUseSchema,
  type Prediction,
  predictionSchema,
} from "@deskside/contract";
import { z } from "zod";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** One load, or one answer after it: what was predicted and what came of it. */
export interface LoadRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Same file, same key. */
  readonly modelKey: string;
  /** Same processor and graphics devices, same key. */
  readonly machineKey: string;
  readonly plan: FitPlan;
  readonly predicted: Prediction;
  readonly measured: MemoryUse;
  readonly tokensPerSecond: number | null;
  readonly promptTokensPerSecond: number | null;
  /**
   * `load`: the plan as it was predicted. The others compare thread counts, alone and beside a busy thread for every
   * processor; their prediction is for the plan's own count and says nothing about them.
   */
  readonly purpose: (typeof purposes)[number];
}

/** What loads took on this machine. Belongs to the machine, not to a person. */
export interface LoadHistoryRepository {
  /** The oldest of a model beyond `keptPerModel` go. */
  append(record: Omit<LoadRecord, "at">): void;
  /** Newest first. Entries of an older shape are left out. */
  list(machineKey: string, limit?: number): LoadRecord[];
}

const keptPerModel = 50;
const purposes = ["load", "threads-idle", "threads-busy"] as const;

const rowSchema = z.object({
  at: z.number(),
  model_key: z.string(),
  machine_key: z.string(),
  record: z.string(),
});
const recordSchema = z.object({
  plan: fitPlanSchema,
  predicted: predictionSchema,
  measured: memoryUseSchema,
  tokensPerSecond: z.number().nullable(),
  promptTokensPerSecond: z.number().nullable(),
  purpose: z.enum(purposes),
});

export function createLoadHistoryRepository({ store, clock, log }: RepositoryContext): LoadHistoryRepository {
  return {
    append({ modelKey, machineKey, ...record }) {
      const at = clock.now();
      store.write((revision) => {
        store.run(
          `INSERT INTO load_history (id, at, model_key, machine_key, record, revision)
           VALUES (@id, @at, @modelKey, @machineKey, @record, @revision)`,
          { id: createId("load", at), at, modelKey, machineKey, record: JSON.stringify(record), revision },
        );
        store.run(
          `DELETE FROM load_history WHERE model_key = @modelKey AND seq NOT IN
           (SELECT seq FROM load_history WHERE model_key = @modelKey ORDER BY seq DESC LIMIT @keptPerModel)`,
          { modelKey, keptPerModel },
        );
      });
    },
    list: (machineKey, limit = 500) =>
      store
        .all(
          `SELECT at, model_key, machine_key, record FROM load_history
           WHERE machine_key = @machineKey ORDER BY seq DESC LIMIT @limit`,
          { machineKey, limit },
        )
        .flatMap((row): LoadRecord[] => {
          const { at, model_key: modelKey, record } = rowSchema.parse(row);
          const parsed = recordSchema.safeParse(parseJson(record));
          if (parsed.success) return [{ at, modelKey, machineKey, ...parsed.data }];
          log.warn({ modelKey }, "a stored measurement of a load does not fit and is ignored");
          return [];
        }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Fits no schema, and is reported as that.
    return undefined;
  }
}
