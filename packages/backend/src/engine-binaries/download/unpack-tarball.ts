import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { z } from "zod";
import { mapDiskError } from "../folder/disk-errors.ts";
import { markerName, type PackageMarker } from "../folder/package-state.ts";
import type { BinaryPackage } from "../package-table.ts";
import { readTar, type TarEntry, TarError } from "./tar-entries.ts";

type Problem = "unsafe-path" | "not-a-file" | "too-large" | "not-an-archive" | "incomplete";

/**
 * Unpacks an npm archive into `into`, which must not exist, and writes the marker last. Only plain files below
 * `package/` are taken: one entry that is anything else, or leads elsewhere, ends it. Never writes more than the
 * package is known to hold. Throws ENGINE_BINARY_UNPACK_FAILED, DISK_FULL, DISK_FAILED or the signal's reason.
 */
export async function unpackTarball(
  tarball: string,
  into: string,
  wanted: BinaryPackage,
  signal: AbortSignal,
): Promise<void> {
  const files: PackageMarker["files"] = [];
  try {
    await mkdir(into, { recursive: true });
    // A failure of either stream reaches the loop through the second one.
    const bytes = pipeline(createReadStream(tarball), createGunzip(), () => undefined);
    let left = wanted.unpackedBytes;
    for await (const entry of readTar(bytes as AsyncIterable<Uint8Array>)) {
      signal.throwIfAborted();
      const path = checkEntry(entry, wanted, left, files.length);
      if (path === null) continue;
      files.push(await writeEntry(entry, into, path, signal));
      left -= entry.size;
    }
    await finish(into, wanted, files, left);
  } catch (error) {
    signal.throwIfAborted();
    throw mapUnpackError(error, wanted, into);
  }
}

/** Path below the package, null for a folder. */
function checkEntry(entry: TarEntry, wanted: BinaryPackage, left: number, count: number): string | null {
  const { name, type, size } = entry;
  if (type === "directory") return null;
  if (type !== "file") throw failure(wanted, "not-a-file", name);
  const path = safePath(name);
  if (path === null) throw failure(wanted, "unsafe-path", name);
  if (size > left || count >= wanted.files) throw failure(wanted, "too-large", name);
  return path;
}

/** `package/dist/index.js` → `dist/index.js`; null for everything that could lead elsewhere on any system. */
export function safePath(name: string): string | null {
  if (name.length > 250 || !/^package\/[\w@+.-][\w@+. /-]*$/.test(name)) return null;
  const parts = name.split("/").slice(1);
  const isSafe = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[. ]$/.test(part));
  return isSafe && parts.join("/") !== markerName ? parts.join("/") : null;
}

async function writeEntry(entry: TarEntry, into: string, path: string, signal: AbortSignal) {
  const target = join(into, path);
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash("sha256");
  let bytes = 0;
  // "wx": a second entry of the same name is refused, and no link is ever followed.
  await using file = await open(target, "wx", 0o644);
  for await (const chunk of entry.body) {
    signal.throwIfAborted();
    hash.update(chunk);
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
    bytes += chunk.length;
  }
  await file.sync();
  return { path, bytes, sha256: hash.digest("hex") };
}

const manifestSchema = z.object({ name: z.string(), version: z.string() });

async function finish(into: string, wanted: BinaryPackage, files: PackageMarker["files"], left: number): Promise<void> {
  if (left !== 0 || files.length !== wanted.files)
    throw failure(wanted, "incomplete", `${files.length} of ${wanted.files} files, ${left} bytes short`);
  const manifest = manifestSchema.safeParse(await readJson(join(into, "package.json")));
  const isIt = manifest.data?.name === `@node-llama-cpp/${wanted.name}` && manifest.data.version === wanted.version;
  if (!isIt) throw failure(wanted, "incomplete", "its package.json names another package");
  const { name, version, integrity } = wanted;
  const marker: PackageMarker = { name, version, integrity, files };
  await writeFile(join(into, markerName), JSON.stringify(marker), { flush: true });
}

async function readJson(path: string): Promise<unknown> {
  try {
    await using file = await open(path);
    return JSON.parse(await file.readFile("utf8"));
  } catch {
    // Missing or no JSON: reported as a package that is not complete.
    return null;
  }
}

function failure(wanted: BinaryPackage, problem: Problem, detail: string, cause?: unknown) {
  const data = { package: wanted.name, problem, detail: detail.slice(0, 200) };
  return deskError("ENGINE_BINARY_UNPACK_FAILED", data, cause === undefined ? {} : { cause });
}

function mapUnpackError(error: unknown, wanted: BinaryPackage, into: string): unknown {
  if (isDesksideError(error)) return error;
  const mapped = mapDiskError(error, into);
  if (mapped !== error) return mapped;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EEXIST") return failure(wanted, "unsafe-path", "the same name twice", error);
  if (error instanceof TarError || code.startsWith("Z_") || code === "ERR_STREAM_PREMATURE_CLOSE")
    return failure(wanted, "not-an-archive", message, error);
  return error;
}
