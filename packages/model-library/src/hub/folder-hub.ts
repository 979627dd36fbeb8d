import { type Dirent } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { deskError } from "@deskside/contract";
import type { Hub, HubFile, HubSearchHit } from "./hub.ts";
import { isSafePath, parseSha256 } from "./hub-names.ts";

export interface FolderHubOptions {
  /** Absolute path, such as that of a USB drive. */
  readonly folder: string;
}

const deepestFolder = 6;
const mostEntries = 20_000;
const mostSumBytes = 1024 * 1024;
/** Written by `sha256sum *.gguf > SHA256SUMS`. */
const sumFile = "SHA256SUMS";

/**
 * Models on a drive. A repository is a folder with `.gguf` files, named by its path below the hub's (`.` for that
 * itself). Hashes are those of a `SHA256SUMS` file beside the models, else null. Links are not followed: a foreign
 * drive must not lead elsewhere. Throws MODEL_FOLDER_UNUSABLE.
 */
export function createFolderHub({ folder }: FolderHubOptions): Hub {
  const fileUrl: Hub["fileUrl"] = (repo, _revision, path) => pathToFileURL(join(folder, repo, path)).href;
  return {
    ...{ id: basename(folder) || folder, kind: "folder", baseUrl: "", fileUrl },
    fileSource: (repo, revision, path) => ({ url: fileUrl(repo, revision, path), name: folder }),
    async search(query, { limit, signal }) {
      const wanted = query.toLowerCase();
      const files = await findModels(folder, "", signal);
      const repos = Map.groupBy(files, (path) => path.split("/").slice(0, -1).join("/") || ".");
      const hits = [...repos].filter(([repo, paths]) =>
        [repo, ...paths].some((text) => text.toLowerCase().includes(wanted)),
      );
      return hits.slice(0, limit).map(([repo]): HubSearchHit => {
        return { repo, downloads: null, updatedAt: null, gated: false, tags: [] };
      });
    },
    async describe(repo, { signal } = {}) {
      if (repo !== "." && !isSafePath(repo)) throw deskError("HUB_REPO_NOT_FOUND", { repo, hub: folder });
      const root = join(folder, repo);
      const paths = await findModels(root, "", signal);
      const sums = await readSums(root);
      const files: HubFile[] = [];
      for (const path of paths) {
        const { size } = await stat(join(root, path));
        files.push({ path, sizeBytes: size, sha256: sums.get(path) ?? null });
      }
      if (files.length === 0) throw deskError("HUB_REPO_NOT_FOUND", { repo, hub: folder });
      return { repo, revision: "local", gated: false, licence: null, files };
    },
  };
}

/** Paths below `root`, with `/`. */
async function findModels(root: string, below: string, signal: AbortSignal | undefined): Promise<string[]> {
  const found: string[] = [];
  const waiting = [{ path: below, depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    signal?.throwIfAborted();
    for (const entry of await listFolder(root, next.path)) {
      if (++seen > mostEntries) throw unusable(root, `more than ${mostEntries} entries`);
      const path = next.path === "" ? entry.name : `${next.path}/${entry.name}`;
      if (!isSafePath(path)) continue;
      if (entry.isDirectory() && next.depth < deepestFolder) waiting.push({ path, depth: next.depth + 1 });
      else if (entry.isFile() && /\.gguf$/i.test(entry.name)) found.push(path);
    }
  }
  return found.sort((a, b) => a.localeCompare(b));
}

async function listFolder(root: string, below: string): Promise<Dirent[]> {
  const path = join(root, below.split("/").join(sep));
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    // A folder inside that may not be read, as drives of other systems have; the one asked for must be.
    if (below !== "" && (code === "EACCES" || code === "EPERM")) return [];
    throw unusable(path, code, error);
  }
}

async function readSums(root: string): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  const path = join(root, sumFile);
  let text = "";
  try {
    await using handle = await open(path, "r");
    const { size } = await handle.stat();
    if (size > mostSumBytes) throw unusable(path, `larger than ${mostSumBytes} bytes`);
    text = (await handle.readFile("utf8")).slice(0, mostSumBytes);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return sums;
    throw error instanceof Error && "code" in error && codeOf(error).startsWith("E")
      ? unusable(path, codeOf(error), error)
      : error;
  }
  for (const line of text.split(/\r?\n/)) {
    const match = /^([0-9a-fA-F]{64}) [ *](?:\.\/)?(.{1,1024})$/.exec(line);
    const sha256 = parseSha256(match?.[1]);
    if (match?.[2] !== undefined && sha256 !== null) sums.set(match[2], sha256);
  }
  return sums;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

function unusable(path: string, detail: string, cause?: unknown): Error {
  return deskError("MODEL_FOLDER_UNUSABLE", { path, detail }, cause === undefined ? {} : { cause });
}
