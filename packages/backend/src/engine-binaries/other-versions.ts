import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Fetched packages of other library versions, with their size. Other versions of Deskside may still use them. */
export async function findOtherVersions(root: string, own: string): Promise<{ version: string; bytes: number }[]> {
  const names = await readdir(root).catch(() => []);
  const versions = names.flatMap((name) => /^node-llama-cpp-([\w.-]+)$/.exec(name)?.[1] ?? []);
  return await Promise.all(
    versions
      .filter((version) => version !== own)
      .map(async (version) => ({ version, bytes: await bytesBelow(join(root, `node-llama-cpp-${version}`)) })),
  );
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
