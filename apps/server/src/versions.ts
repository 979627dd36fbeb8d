import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import own from "../package.json" with { type: "json" };

export const versions = {
  deskside: own.version,
  node: process.versions.node,
  electron: null,
  engineLibrary: installedVersion("node-llama-cpp"),
};

/** Of a package whose `exports` hide its package.json. Nothing of it is loaded. */
function installedVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
