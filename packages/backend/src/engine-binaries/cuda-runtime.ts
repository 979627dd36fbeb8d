import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A CUDA runtime that programs of this machine can use. */
export interface CudaRuntime {
  readonly major: 12 | 13;
  /** To be added to the search path of the engine; null = the system's linker finds it by itself. */
  readonly folder: string | null;
}

export interface CudaSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a folder; empty when there is none. */
  readonly listFolder: (path: string) => Promise<readonly string[]>;
  /** What `ldconfig -p` prints; empty when it cannot be asked. */
  readonly linkerCache: () => Promise<string>;
}

/** What `libggml-cuda.so` of the packages links against, by `readelf -d`: .13 in `-cuda`, .12 in `-cuda-ext`. */
const librariesOf = (major: number) =>
  ["libcudart.so", "libcublas.so", "libcublasLt.so"].map((name) => `${name}.${major}`);

const usualFolders = ["/usr/local", "/opt"];
const below = ["lib64", "targets/x86_64-linux/lib", "lib"];

/**
 * The runtimes of CUDA that the packages need and do not contain: NVIDIA's driver brings libcuda, the toolkit (or the
 * distribution's libcudart and libcublas packages) brings these. Newest first. Only Linux: there are no other packages.
 */
export async function findCudaRuntimes(search: CudaSearch = systemSearch()): Promise<CudaRuntime[]> {
  const cached = new Set(
    [...(await search.linkerCache()).matchAll(/^\s*(lib[\w.-]+) \(/gm)].map((match) => match[1] ?? ""),
  );
  const inPath = (search.env["LD_LIBRARY_PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const known = new Set(cached);
  for (const folder of inPath) for (const name of await search.listFolder(folder)) known.add(name);
  const toolkits = await toolkitFolders(search);
  const found: CudaRuntime[] = [];
  for (const major of [13, 12] as const) {
    const needed = librariesOf(major);
    if (needed.every((name) => known.has(name))) found.push({ major, folder: null });
    else {
      const folder = toolkits.find(({ names }) => needed.every((name) => names.includes(name)))?.path;
      if (folder !== undefined) found.push({ major, folder });
    }
  }
  return found;
}

async function toolkitFolders(search: CudaSearch) {
  const asked = search.env["CUDA_PATH"] ?? search.env["CUDA_HOME"];
  const roots = asked ? [asked] : [];
  for (const parent of usualFolders) {
    const names = (await search.listFolder(parent)).filter((name) => /^cuda(-\d+(\.\d+)?)?$/.test(name));
    roots.push(...names.sort().map((name) => join(parent, name)));
  }
  const folders = roots.flatMap((root) => below.map((name) => join(root, name)));
  return await Promise.all(folders.map(async (path) => ({ path, names: await search.listFolder(path) })));
}

function systemSearch(): CudaSearch {
  return {
    env: process.env,
    listFolder: (path) => readdir(path).catch(() => []),
    linkerCache: askLinker,
  };
}

/** `ldconfig` is in /sbin, which is not in everybody's PATH. */
async function askLinker(): Promise<string> {
  for (const command of ["/sbin/ldconfig", "ldconfig"]) {
    const printed = await new Promise<string>((resolve) => {
      const limits = { timeout: 3_000, maxBuffer: 8 * 2 ** 20, env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" } };
      execFile(command, ["-p"], limits, (error, stdout) => resolve(error ? "" : stdout));
    });
    if (printed) return printed;
  }
  return "";
}
