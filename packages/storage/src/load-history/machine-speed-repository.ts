import { createId } from "@deskside/base";
import { z } from "zod";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** What the micro-benchmark found on a machine. Bytes a second; null = could not be measured. */
export interface MachineSpeedRecord {
  readonly memoryBytesPerSecond: number | null;
  readonly diskReadBytesPerSecond: number | null;
}

/** One record for each machine that opened this workspace. */
export interface MachineSpeedRepository {
  get(machineKey: string): MachineSpeedRecord | null;
  set(machineKey: string, speed: MachineSpeedRecord): void;
}

const rowSchema = z.object({ memory_read: z.number().nullable(), disk_read: z.number().nullable() });

export function createMachineSpeedRepository({ store, clock }: RepositoryContext): MachineSpeedRepository {
  return {
    get(machineKey) {
      const row = store.get("SELECT memory_read, disk_read FROM machine_speeds WHERE machine_key = @machineKey", {
        machineKey,
      });
      if (!row) return null;
      const { memory_read: memoryBytesPerSecond, disk_read: diskReadBytesPerSecond } = rowSchema.parse(row);
      return { memoryBytesPerSecond, diskReadBytesPerSecond };
    },
    set(machineKey, { memoryBytesPerSecond, diskReadBytesPerSecond }) {
      const at = clock.now();
      store.write((revision) =>
        store.run(
          `INSERT INTO machine_speeds (id, machine_key, at, memory_read, disk_read, revision)
           VALUES (@id, @machineKey, @at, @memoryBytesPerSecond, @diskReadBytesPerSecond, @revision)
           ON CONFLICT (machine_key) DO UPDATE SET at = excluded.at, memory_read = excluded.memory_read,
             disk_read = excluded.disk_read, revision = excluded.revision`,
          { id: createId("speed", at), machineKey, at, memoryBytesPerSecond, diskReadBytesPerSecond, revision },
        ),
      );
    },
  };
}
