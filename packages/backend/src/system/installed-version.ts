import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Version of a package whose `exports` hide its package.json. Nothing of it is loaded.
 * @param from `import.meta.url` of a module that can import the package
 */
export function installedVersion(name: string, from: string): string {
  const entry = createRequire(from).resolve(name);
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
