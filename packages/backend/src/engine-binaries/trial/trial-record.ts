import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type EngineBinaryTrial, engineBinaryTrialSchema, type Gpu, type GpuApi } from "@deskside/contract";
import { z } from "zod";

const recordSchema = z.record(z.string(), engineBinaryTrialSchema);
const mostKept = 64;

/**
 * What a trial was made of: another library, device or driver is tried anew. `packages`: hashes of what was fetched, so
 * that the same API with another package is too.
 */
export function trialKey(
  api: GpuApi,
  libraryVersion: string,
  gpus: readonly Gpu[],
  packages: readonly string[],
): string {
  const devices = gpus.map((gpu) => `${gpu.vendor}:${gpu.name}:${gpu.driver ?? "-"}`).sort();
  return [api, libraryVersion, ...(api === "none" ? [] : devices), ...packages].join("|").slice(0, 1_000);
}

export interface TrialRecord {
  read(key: string): Promise<EngineBinaryTrial | null>;
  write(key: string, trial: EngineBinaryTrial): Promise<void>;
}

/** Outcomes by key, the newest kept, in one file of the engines folder. A file that cannot be read counts as empty. */
export function createTrialRecord(path: string): TrialRecord {
  return {
    read: async (key) => {
      const record = await readRecord(path);
      return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
    },
    async write(key, trial) {
      const entries = Object.entries({ ...(await readRecord(path)), [key]: trial });
      entries.sort(([, a], [, b]) => b.at - a.at);
      await mkdir(dirname(path), { recursive: true });
      const next = `${path}.${randomUUID()}`;
      await writeFile(next, JSON.stringify(Object.fromEntries(entries.slice(0, mostKept)), null, 2));
      await rename(next, path);
    },
  };
}

async function readRecord(path: string): Promise<Record<string, EngineBinaryTrial>> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : {};
  } catch {
    // Not there yet, or cut short: everything is tried anew.
    return {};
  }
}
