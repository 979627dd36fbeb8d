import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { partsOf, splitPattern } from "../../gguf/split-parts.ts";

export interface FoundFile {
  /** Absolute; of the first part. */
  readonly path: string;
  /** All parts, in order; as many as the name promises, whether they are there or not. */
  readonly parts: readonly string[];
  /** Of the parts that are there. */
  readonly sizeBytes: number;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Folders that could not be read. */
  readonly unreadable: readonly string[];
  /** The tree was larger than the limits; some of it was not looked at. */
  readonly isCut: boolean;
}

const limits = { depth: 8, entries: 20_000, files: 2000 } as const;

interface Walk {
  readonly seen: Set<string>;
  readonly paths: string[];
  readonly unreadable: string[];
  entries: number;
  isCut: boolean;
}

/**
 * Every GGUF file below a folder, parts of split ones together. Links are followed, a folder is read once however many
 * links lead to it; hidden folders, depth and number are bounded.
 */
export async function findGgufFiles(root: string, options: { signal?: AbortSignal } = {}): Promise<FoundFiles> {
  const walk: Walk = { seen: new Set(), paths: [], unreadable: [], entries: 0, isCut: false };
  await walkFolder(root, 0, walk, options.signal);
  return { files: await groupParts(walk.paths.sort()), unreadable: walk.unreadable, isCut: walk.isCut };
}

async function walkFolder(path: string, depth: number, walk: Walk, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (depth > limits.depth || walk.isCut) {
    walk.isCut = true;
    return;
  }
  let entries: Dirent[];
  try {
    const real = await realpath(path);
    if (walk.seen.has(real)) return;
    walk.seen.add(real);
    entries = await readdir(real, { withFileTypes: true });
  } catch {
    walk.unreadable.push(path);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    walk.entries++;
    if (walk.entries > limits.entries || walk.paths.length >= limits.files) {
      walk.isCut = true;
      return;
    }
    await visit(join(path, entry.name), entry, depth, walk, signal);
  }
}

async function visit(
  path: string,
  entry: Dirent,
  depth: number,
  walk: Walk,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (entry.name.startsWith(".")) return;
  const info = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
  if (info?.isDirectory()) await walkFolder(path, depth + 1, walk, signal);
  else if (info?.isFile() && /\.gguf$/i.test(entry.name)) walk.paths.push(path);
}

async function groupParts(paths: readonly string[]): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for (const path of paths) {
    const parts = partsOf(path);
    // Later parts come with their first one.
    if (parts[0] !== path && paths.includes(parts[0] ?? "")) continue;
    let sizeBytes = 0;
    for (const part of parts) sizeBytes += (await stat(part).catch(() => null))?.size ?? 0;
    files.push({ path: parts[0] ?? path, parts, sizeBytes });
  }
  return files.filter((file, index) => files.findIndex(({ path }) => path === file.path) === index);
}

/**
 * The path a linked file is known by, so that two ways to one file are one model. Parts keep their names: a blob with
 * another name could not be loaded part by part. Throws the system's error.
 */
export async function linkTargetOf(path: string): Promise<string> {
  const real = await realpath(path);
  return splitPattern.test(basename(path)) && !splitPattern.test(basename(real)) ? path : real;
}
