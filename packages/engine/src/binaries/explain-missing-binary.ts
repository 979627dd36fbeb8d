import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { GpuApi } from "@deskside/contract";

const systems: Readonly<Record<string, string>> = { linux: "linux", win32: "win", darwin: "mac" };

/** The library that the graphics driver brings. */
const driverLibraries: Readonly<Record<string, Partial<Record<GpuApi, string>>>> = {
  linux: { cuda: "libcuda.so.1", vulkan: "libvulkan.so.1" },
  win32: { cuda: "nvcuda.dll", vulkan: "vulkan-1.dll" },
};

/**
 * node-llama-cpp says "no binary found" both when there is no package and when the one that is there does not start.
 * This loads the package's libraries one by one and returns what the system's linker says about each that fails.
 * Null: there is no package, or nothing is wrong with it that the linker could tell. For a process that gives up on the API anyway: libraries stay loaded.
 */
export async function explainMissingBinary(api: GpuApi): Promise<Error | null> {
  const base = `${systems[process.platform] ?? process.platform}-${process.arch}${api === "none" ? "" : `-${api}`}`;
  const folders = await findFolders(base);
  if (folders.length === 0) return null;
  const said: string[] = [];
  const driver = driverLibraries[process.platform]?.[api];
  if (driver !== undefined) said.push(...failureToLoad(driver));
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    const wanted = names.filter((name) => name.endsWith(".node") || isBackend(name, api));
    // The addon first: its failure is the reason for all that follow.
    wanted.sort((a, b) => Number(b.endsWith(".node")) - Number(a.endsWith(".node")));
    for (const name of wanted) said.push(...failureToLoad(join(folder, name)));
  }
  if (said.length === 0 && api === "none") return null;
  if (said.length === 0) said.push(`the libraries for ${api} load, their test with this device and driver failed`);
  return new Error(said.join("\n"));
}

function isBackend(name: string, api: GpuApi): boolean {
  return api !== "none" && [`libggml-${api}.so`, `ggml-${api}.dll`, `libggml-${api}.dylib`].includes(name);
}

/** Folders with libraries of the package and of its extension. */
async function findFolders(base: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of [base, `${base}-ext`]) {
    const bins = await binsOf(`@node-llama-cpp/${name}`);
    if (bins !== null) found.push(join(bins, base), join(bins, base, "fallback"));
  }
  return found;
}

async function binsOf(specifier: string): Promise<string | null> {
  for (const resolve of [fromLibrary, () => specifier]) {
    try {
      const loaded: unknown = await import(resolve(specifier));
      const { binsDir } = (loaded as { getBinsDir(): { binsDir: string } }).getBinsDir();
      if (typeof binsDir === "string") return binsDir;
    } catch {
      // Not installed; the second name finds what was fetched.
    }
  }
  return null;
}

/** Installed packages are found from the library, which has them, and not from here. */
function fromLibrary(specifier: string): string {
  return pathToFileURL(createRequire(import.meta.resolve("node-llama-cpp")).resolve(specifier)).href;
}

/** What the linker says; nothing when the library and all it needs can be loaded. */
function failureToLoad(library: string): string[] {
  try {
    process.dlopen({ exports: {} }, library);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Loaded well, and is no addon of Node.
    return /did not self-register/i.test(message) ? [] : [message];
  }
}
