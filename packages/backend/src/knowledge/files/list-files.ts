import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { deskError } from "@deskside/contract";

export interface FoundFile {
  /** On this computer. */
  readonly original: string;
  /** Relative to what was added, `/` between parts. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** Files that programs leave for themselves. */
const ignored = /^(?:\.|~\$|Thumbs\.db$|desktop\.ini$)/i;
/** Deeper than any folder that people made. Links are not followed, so nothing goes in circles. */
const deepest = 32;

/** A file, or every file of a folder. Throws DOCUMENT_PATH_UNREADABLE. */
export async function listFiles(added: string, signal?: AbortSignal): Promise<FoundFile[]> {
  try {
    const info = await stat(added);
    if (!info.isDirectory()) return [await describe(added, basename(added))];
    return await walk(added, "", 0, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw deskError("DOCUMENT_PATH_UNREADABLE", { path: added, detail: codeOf(cause) }, { cause });
  }
}

async function walk(
  root: string,
  folder: string,
  depth: number,
  signal: AbortSignal | undefined,
): Promise<FoundFile[]> {
  signal?.throwIfAborted();
  if (depth > deepest) return [];
  const found: FoundFile[] = [];
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => a.name.localeCompare(b.name));
  for (const entry of entries) {
    if (ignored.test(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await walk(root, path, depth + 1, signal)));
    else if (entry.isFile()) found.push(await describe(join(root, path), path));
  }
  return found;
}

async function describe(original: string, path: string): Promise<FoundFile> {
  const { size, mtimeMs } = await stat(original);
  return { original, path, bytes: size, modifiedAt: Math.round(mtimeMs) };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
