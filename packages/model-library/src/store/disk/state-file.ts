import { dirname } from "node:path";
import { mostStateBytes, type StateRecord, type StoreState, storeStateSchema } from "../store-schemas.ts";
import { isSameStamp, stampOf } from "./file-stamp.ts";
import { readBounded } from "./read-bounded.ts";
import { hasCode, type StoreDisk } from "./store-disk.ts";

export type StateReading =
  | { readonly kind: "read"; readonly state: StoreState }
  | { readonly kind: "missing" }
  | { readonly kind: "damaged"; readonly detail: string };

/** The index of the store as one JSON file. A reading is kept until the file changes. */
export interface StateFile {
  read(): Promise<StateReading>;
  write(records: readonly StateRecord[]): Promise<void>;
  /** Moves a damaged file aside; returns its new path. */
  putAside(): Promise<string>;
}

export function createStateFile(path: string, disk: StoreDisk, now: () => number): StateFile {
  let kept: { stamp: Awaited<ReturnType<typeof stampOf>>; state: StoreState } | null = null;

  async function read(): Promise<StateReading> {
    const stamp = await stampOf(path);
    if (kept && isSameStamp(kept.stamp, stamp)) return { kind: "read", state: kept.state };
    kept = null;
    let text: string;
    try {
      text = await readBounded(path, mostStateBytes);
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return { kind: "missing" };
      return { kind: "damaged", detail: String(error) };
    }
    try {
      const state = storeStateSchema.parse(JSON.parse(text));
      kept = { stamp, state };
      return { kind: "read", state };
    } catch (error) {
      return { kind: "damaged", detail: String(error).slice(0, 500) };
    }
  }

  return {
    read,
    async write(records) {
      const before = await read();
      const revision = before.kind === "read" ? before.state.revision + 1 : 1;
      const state = storeStateSchema.parse({ schemaVersion: 1, revision, records });
      await disk.makeFolder(dirname(path));
      await disk.writeFile(path, `${JSON.stringify(state, null, 1)}\n`);
      kept = null;
    },
    async putAside() {
      const aside = `${path}.damaged-${now()}`;
      await disk.rename(path, aside);
      kept = null;
      return aside;
    },
  };
}
