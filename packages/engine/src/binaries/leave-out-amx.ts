import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Variable of an engine's process: the folder in which a copy of the library without its AMX kernels is kept. */
const withoutAmxVariable = "DESKSIDE_ENGINE_WITHOUT_AMX";

/** The package for the processor alone: with a graphics device the library lays nothing out for AMX. */
const processorPackage = /^@node-llama-cpp\/((?:linux|win)-x64)$/;
/** The only ones of the CPU's kernels that are built with AMX; without them the library takes the next best. */
const amxKernels = /^(?:lib)?ggml-cpu-sapphirerapids\.(?:so|dll)$/;
/** Written last: without it a copy is not whole. */
const marker = ".deskside-copy";

/**
 * Lets node-llama-cpp load a copy of its package that has no kernels for AMX: it has no switch for them, and takes the
 * best of what lies in its folder. The copy, 30 MB, is made once. Does nothing without a folder. Call before the
 * library is imported, after `useBinaryFolder`.
 */
export function leaveOutAmx(folder: string | undefined = process.env[withoutAmxVariable]): Disposable {
  if (folder === undefined || !isAbsolute(folder)) return { [Symbol.dispose]: () => undefined };
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context);
      const name = processorPackage.exec(specifier)?.[1];
      if (name === undefined) return found;
      const entry = fileURLToPath(found.url);
      const place = join(folder, "without-amx", name);
      copyOnce(dirname(dirname(entry)), place);
      return { url: pathToFileURL(join(place, "dist", "index.js")).href, format: "module", shortCircuit: true };
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** Two processes may do this at once: the first one to finish wins. */
function copyOnce(source: string, place: string): void {
  if (existsSync(join(place, marker))) return;
  const own = `${place}.${process.pid}`;
  rmSync(own, { recursive: true, force: true });
  copyFolder(source, own);
  writeFileSync(join(own, marker), "");
  try {
    // What a process left half done before it could be renamed never has this name.
    renameSync(own, place);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(join(place, marker))) throw error;
  }
}

/** By hand: Node's own recursion does not see into the archive of the desktop app. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (amxKernels.test(entry.name)) continue;
    if (entry.isDirectory()) copyFolder(join(from, entry.name), join(to, entry.name));
    else copyFileSync(join(from, entry.name), join(to, entry.name));
  }
}
