import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Variable of an engine's process: the folder that holds `@node-llama-cpp/<package>` for what was fetched. */
export const binaryFolderVariable = "DESKSIDE_ENGINE_BINARIES";

const packageName = /^@node-llama-cpp\/([a-z0-9-]+)$/;
/** Written last into a fetched package: without it the package is not whole. */
const marker = ".deskside-package.json";

/**
 * Lets node-llama-cpp, which imports its native packages by name, find those that were fetched later. An installed
 * package always wins; anything but these names is resolved as ever. The library itself refuses a package of another
 * version. Does nothing without a folder. Call before the library is imported.
 */
export function useBinaryFolder(folder: string | undefined = process.env[binaryFolderVariable]): Disposable {
  if (folder === undefined || !isAbsolute(folder)) return { [Symbol.dispose]: () => undefined };
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const name = packageName.exec(specifier)?.[1];
      if (name === undefined) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const entry = findEntry(folder, name);
        if (entry === null) throw error;
        return { url: pathToFileURL(entry).href, format: "module", shortCircuit: true };
      }
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

function findEntry(folder: string, name: string): string | null {
  const place = join(folder, "@node-llama-cpp", name);
  const entry = join(place, "dist", "index.js");
  return existsSync(join(place, marker)) && existsSync(entry) ? entry : null;
}
