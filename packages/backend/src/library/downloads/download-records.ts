import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What a download is for: the rest of what is needed to make a model of its files, also after a restart. */
export const downloadRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/),
  repo: z.string().max(2000),
  revision: z.string().max(200),
  quantization: z.string().max(60).nullable(),
  licence: z.string().max(200).nullable(),
  /** Base addresses of the hubs, by the name of the source. */
  hubs: z
    .array(z.strictObject({ name: z.string().max(500), baseUrl: z.string().max(2000) }))
    .min(1)
    .max(20),
  /** Where in a private network those may send on to, beside the hosts of the settings. */
  fileHosts: z.array(z.string().max(300)).max(20),
  /** In the order of the parts. */
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(1000),
        sizeBytes: z.number().int().nonnegative(),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable(),
      }),
    )
    .min(1)
    .max(1000),
  targetFolder: z.string().max(4096),
  /** Id of the model folder; null = the first. */
  folder: z.string().max(200).nullable(),
  startedAt: z.number(),
});
export type DownloadRecord = z.infer<typeof downloadRecordSchema>;

export interface DownloadRecords {
  /** Those that can be read. What cannot is left where it is and reported. */
  list(): Promise<DownloadRecord[]>;
  write(record: DownloadRecord): Promise<void>;
  remove(id: string): Promise<void>;
}

const suffix = ".download.json";
const mostBytes = 1024 * 1024;

/** One small file for each download. */
export function createDownloadRecords(
  folder: string,
  onBroken: (path: string, error: unknown) => void,
): DownloadRecords {
  const pathOf = (id: string) => join(folder, `${id}${suffix}`);
  return {
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      const records: DownloadRecord[] = [];
      for (const name of names.filter((each) => each.endsWith(suffix)).toSorted()) {
        const path = join(folder, name);
        try {
          if ((await stat(path)).size > mostBytes) throw new Error("too large");
          records.push(downloadRecordSchema.parse(JSON.parse(await readFile(path, "utf8"))));
        } catch (error) {
          onBroken(path, error);
        }
      }
      return records.toSorted((a, b) => a.startedAt - b.startedAt);
    },
    async write(record) {
      await mkdir(folder, { recursive: true });
      const path = pathOf(record.id);
      const unfinished = `${path}.new`;
      const file = await open(unfinished, "w");
      try {
        await file.writeFile(JSON.stringify(record));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    },
    remove: (id) => rm(pathOf(id), { force: true }),
  };
}
