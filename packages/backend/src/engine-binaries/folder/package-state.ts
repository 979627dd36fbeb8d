import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { BinaryPackage } from "../package-table.ts";

/** Written last into an unpacked package: without it the folder counts as damaged. */
export const markerName = ".deskside-package.json";

export const packageMarkerSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** Of the archive the files came from. */
  integrity: z.string(),
  files: z
    .array(
      z.object({
        path: z.string().regex(/^(?!.*(?:^|\/)\.\.(?:\/|$))[^/\\][^\\]*$/),
        bytes: z.number(),
        sha256: z.string(),
      }),
    )
    .min(1)
    .max(500),
});
export type PackageMarker = z.infer<typeof packageMarkerSchema>;

export type PackageState = "complete" | "damaged" | "missing";

/**
 * What is in the folder of a package, by its marker and the size of every file; `deep` reads and hashes them all
 * (0.5 s for 190 MB).
 */
export async function readPackageState(
  folder: string,
  wanted: BinaryPackage,
  options: { deep?: boolean; signal?: AbortSignal } = {},
): Promise<PackageState> {
  if (!(await isFolder(folder))) return "missing";
  const marker = await readMarker(folder);
  if (!marker || marker.name !== wanted.name || marker.version !== wanted.version) return "damaged";
  if (marker.integrity !== wanted.integrity || marker.files.length !== wanted.files) return "damaged";
  for (const file of marker.files) {
    options.signal?.throwIfAborted();
    const path = join(folder, file.path);
    if ((await sizeOfFile(path)) !== file.bytes) return "damaged";
    if (options.deep && (await hashFile(path, "sha256", options.signal)).toString("hex") !== file.sha256)
      return "damaged";
  }
  return "complete";
}

async function readMarker(folder: string): Promise<PackageMarker | null> {
  try {
    const parsed = packageMarkerSchema.safeParse(JSON.parse(await readFile(join(folder, markerName), "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing, unreadable or no JSON: the package was never completed.
    return null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Null for what is not a plain file: a link could lead anywhere. */
async function sizeOfFile(path: string): Promise<number | null> {
  return await lstat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
}

export async function hashFile(path: string, algorithm: "sha256" | "sha512", signal?: AbortSignal): Promise<Buffer> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest();
}
