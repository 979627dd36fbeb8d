import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedIndex, type PassageIndex } from "../../../packages/knowledge/src/index.ts";
import { openKnowledge } from "../../../packages/storage/src/index.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const benchOwner = { ownerId: "local" };

export interface TemporaryIndex extends AsyncDisposable {
  readonly index: PassageIndex;
  readonly folder: string;
}

/** An encrypted index in a folder of its own, deleted afterwards. */
export function openTemporaryIndex(): TemporaryIndex {
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-index-"));
  const dataKey = new Uint8Array(32).map((_, index) => index * 7 + 3);
  const index = createEmbeddedIndex(openKnowledge({ dataDir: folder, dataKey, log: silent }));
  return {
    ...{ index, folder },
    [Symbol.asyncDispose]: async () => {
      await index.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
