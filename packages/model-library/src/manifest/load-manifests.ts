import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { type ModelManifest, modelManifestSchema } from "./manifest-schema.ts";

/** One manifest as it lies on the disk: either usable, or with the reason why not. */
export type LoadedManifest =
  | { readonly directory: string; readonly manifest: ModelManifest; readonly problem: null }
  | { readonly directory: string; readonly manifest: null; readonly problem: DesksideError };

/**
 * Reads `manifest.json` and `*.manifest.json` of every folder in `modelsDir`, in the order of their names. One that is
 * broken does not hide the others. Throws MODEL_NOT_READABLE when the directory itself cannot be read.
 */
export async function loadManifests(modelsDir: string): Promise<readonly LoadedManifest[]> {
  const loaded: LoadedManifest[] = [];
  const ids = new Set<string>();
  for (const directory of await directoriesOf(modelsDir)) {
    for (const file of (await readdir(directory)).filter(isManifestName).sort()) {
      const entry = await loadManifest(directory, join(directory, file));
      if (entry.manifest && ids.has(entry.manifest.id)) {
        loaded.push(broken(directory, join(directory, file), [`id: ${entry.manifest.id} is taken`]));
        continue;
      }
      if (entry.manifest) ids.add(entry.manifest.id);
      loaded.push(entry);
    }
  }
  return loaded;
}

function isManifestName(name: string): boolean {
  return name === "manifest.json" || name.endsWith(".manifest.json");
}

async function directoriesOf(modelsDir: string): Promise<string[]> {
  try {
    const entries = await readdir(modelsDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => join(modelsDir, entry.name))
      .sort();
  } catch (error) {
    throw deskError("MODEL_NOT_READABLE", { path: modelsDir, detail: String(error) }, { cause: error });
  }
}

async function loadManifest(directory: string, path: string): Promise<LoadedManifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    return broken(directory, path, [String(error)]);
  }
  const parsed = modelManifestSchema.safeParse(json);
  if (parsed.success) return { directory, manifest: parsed.data, problem: null };
  return broken(
    directory,
    path,
    parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  );
}

function broken(directory: string, path: string, issues: string[]): LoadedManifest {
  return { directory, manifest: null, problem: deskError("MANIFEST_INVALID", { path, issues }) };
}
