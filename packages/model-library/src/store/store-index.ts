import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createStateFile, type StateFile } from "./disk/state-file.ts";
import { createStoreDisk, type StoreDisk } from "./disk/store-disk.ts";
import { createStoreLock } from "./disk/store-lock.ts";
import { reconcileFolders } from "./reconcile.ts";
import { type StoreContext, unusable, type Work } from "./store-context.ts";
import type { StateRecord } from "./store-schemas.ts";
import type { ModelStoreOptions, StoreFolder, StoreReport } from "./store-types.ts";

type Opened = {
  readonly disk: StoreDisk;
  readonly stateFile: StateFile;
  readonly folders: () => readonly StoreFolder[];
};

/** The index over all folders: read often, changed under a lock that other processes respect. */
export function createIndex(options: ModelStoreOptions): { context: StoreContext; reconcile(): Promise<StoreReport> } {
  const disk = options.disk ?? createStoreDisk();
  const now = options.now ?? Date.now;
  const given = options.folders;
  const folders = (): readonly StoreFolder[] => (typeof given === "function" ? given() : given);
  const stateFile = createStateFile(options.stateFile, disk, now);
  const locked = createLockedRun(options.stateFile);
  const reconcileNow = (): Promise<StoreReport> => reconcileOnce({ disk, stateFile, folders }, now());
  const reconcile = (): Promise<StoreReport> => locked(reconcileNow);
  let opening: Promise<unknown> | null = null;

  /** Once for each store; a failure is not remembered. */
  async function opened(): Promise<void> {
    opening ??= reconcile();
    try {
      await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  /** Damaged or deleted while we run: from the folders again. */
  async function current(rebuild: () => Promise<unknown>): Promise<readonly StateRecord[]> {
    const reading = await stateFile.read();
    if (reading.kind === "read") return reading.state.records;
    await rebuild();
    const again = await stateFile.read();
    return again.kind === "read" ? again.state.records : [];
  }

  async function records(): Promise<readonly StateRecord[]> {
    await opened();
    return split(await current(reconcile), folders()).shown;
  }

  async function change<T>(work: Work<T>): Promise<T> {
    await opened();
    return locked(async () => {
      const all = await current(reconcileNow);
      const { shown, hidden } = split(all, folders());
      const reserved = (await options.reservedIds?.()) ?? [];
      const takenIds = new Set([...reserved, ...all.map(({ sidecar }) => sidecar.id)]);
      try {
        const { records: after, result } = await work(shown, takenIds);
        if (after !== null && after !== shown) await stateFile.write([...after, ...hidden]);
        return result;
      } catch (error) {
        // A step of several may be done: what the folders say now is what there is. Should that fail too, the first
        // failure is the one to tell, and the next start does it again.
        await reconcileNow().catch(() => undefined);
        throw error;
      }
    });
  }

  const isInUse = options.isInUse ?? (() => false);
  return { context: { disk, folders, now, isInUse, records, change }, reconcile };
}

/** Models in a folder that was taken out of the settings come back when it is put in again. */
function split(
  records: readonly StateRecord[],
  folders: readonly StoreFolder[],
): { shown: readonly StateRecord[]; hidden: readonly StateRecord[] } {
  const ids = new Set(folders.map(({ id }) => id));
  const { shown = [], hidden = [] } = Object.groupBy(records, ({ folder }) => (ids.has(folder) ? "shown" : "hidden"));
  return { shown, hidden };
}

async function reconcileOnce({ disk, stateFile, folders }: Opened, now: number): Promise<StoreReport> {
  const reading = await stateFile.read();
  const damagedStateKeptAs = reading.kind === "damaged" ? await stateFile.putAside() : null;
  const { records, ...report } = await reconcileFolders(disk, folders(), reading, now);
  const isSame = reading.kind === "read" && JSON.stringify(reading.state.records) === JSON.stringify(records);
  if (!isSame) await stateFile.write(records);
  return { damagedStateKeptAs, ...report };
}

/** Failures of the system come out as MODEL_FOLDER_UNUSABLE with the path they are about. */
function createLockedRun(stateFile: string): <T>(work: () => Promise<T>) => Promise<T> {
  const lock = createStoreLock(`${stateFile}.lock`);
  return async (work) => {
    try {
      await mkdir(dirname(stateFile), { recursive: true });
      return await lock.run(work);
    } catch (error) {
      if (isSystemError(error)) throw unusable(error.path ?? stateFile, error);
      throw error;
    }
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
