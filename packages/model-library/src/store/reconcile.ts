import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import type { DesksideError } from "@deskside/base";
import { isDesksideError } from "@deskside/base";
import { settle } from "./actions/adopt.ts";
import { isComplete } from "./disk/file-stamp.ts";
import { trashRoot, versionFolder } from "./disk/layout.ts";
import { type FolderScan, rebuildSidecar, type ScannedVersion, scanFolder } from "./disk/scan-folder.ts";
import { doom, emptyDoomed, isThere, recoverStaging, writeSidecar } from "./disk/staging.ts";
import type { StateReading } from "./disk/state-file.ts";
import type { StoreDisk } from "./disk/store-disk.ts";
import { sortVersions } from "./model-view.ts";
import { unusable } from "./store-context.ts";
import type { StateRecord } from "./store-schemas.ts";
import type { StoreFolder } from "./store-types.ts";

export interface Reconciled {
  readonly records: readonly StateRecord[];
  readonly completed: number;
  readonly rolledBack: number;
  readonly problems: readonly DesksideError[];
}

interface Work {
  readonly disk: StoreDisk;
  readonly folders: readonly StoreFolder[];
  readonly known: readonly StateRecord[];
  readonly now: number;
  readonly problems: DesksideError[];
}

/**
 * The disk is the truth: what lies complete in a folder is a version. The index adds what the disk cannot say now:
 * models on a drive that is not plugged in, and files that should be there and are not.
 */
export async function reconcileFolders(
  disk: StoreDisk,
  folders: readonly StoreFolder[],
  reading: StateReading,
  now: number,
): Promise<Reconciled> {
  const known = reading.kind === "read" ? reading.state.records : [];
  const work: Work = { disk, folders, known, now, problems: [] };
  let completed = 0;
  let rolledBack = 0;
  const found: StateRecord[] = [];
  const reachable = new Set<string>();
  for (const folder of folders) {
    const recovered = await guarded(work, folder, () => recoverFolder(work, folder));
    completed += recovered?.completed ?? 0;
    rolledBack += recovered?.rolledBack ?? 0;
    const scan = await scanFolder(folder);
    work.problems.push(...scan.problems);
    if (scan.isReachable) reachable.add(folder.id);
    found.push(...(await recordsOf(work, scan)));
  }
  const present = await withoutCopies(work, found);
  const absent = await stillExpected(work, present, reachable);
  return { records: [...present, ...absent], completed, rolledBack, problems: work.problems };
}

async function recoverFolder(work: Work, folder: StoreFolder): Promise<{ completed: number; rolledBack: number }> {
  await emptyDoomed(work.disk, folder.path);
  return recoverStaging(work.disk, folder.path, work.now);
}

/** A folder that fails does not stop the others; the failure is reported. */
async function guarded<T>(work: Work, folder: StoreFolder, step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    work.problems.push(isDesksideError(error) ? error : unusable(folder.path, error));
    return null;
  }
}

async function recordsOf(work: Work, scan: FolderScan): Promise<StateRecord[]> {
  const records: StateRecord[] = [];
  for (const scanned of scan.versions) {
    const record = await guarded(work, scanned.folder, () => recordOf(work, scanned));
    if (record) records.push(record);
  }
  return records;
}

async function recordOf(work: Work, scanned: ScannedVersion): Promise<StateRecord | null> {
  const { folder, directory } = scanned;
  let { sidecar } = scanned;
  if (sidecar === null) {
    const indexed = work.known.find(
      (record) =>
        record.folder === folder.id && record.sidecar.id === scanned.id && record.sidecar.version === scanned.version,
    );
    sidecar = indexed?.sidecar ?? (await rebuildSidecar(scanned));
    if (sidecar === null) return null;
    await writeSidecar(work.disk, directory, sidecar);
  }
  if (sidecar.broughtFrom !== null) sidecar = await settle(work.disk, folder.path, sidecar);
  return { folder: folder.id, sidecar };
}

/** A move that died leaves the same version in two folders. The one in the index stays if it is whole. */
async function withoutCopies(work: Work, found: readonly StateRecord[]): Promise<StateRecord[]> {
  const kept: StateRecord[] = [];
  const groups = Map.groupBy(found, ({ sidecar }) => `${sidecar.id}/${sidecar.version}`);
  for (const copies of groups.values()) {
    const whole: StateRecord[] = [];
    for (const copy of copies) {
      const directory = versionFolder(rootOf(work, copy), copy.sidecar);
      if (await isComplete(directory, copy.sidecar.files, sep)) whole.push(copy);
    }
    const chosen = whole.find((copy) => isIndexed(work, copy)) ?? whole[0] ?? (copies[0] as StateRecord);
    kept.push(chosen);
    if (whole.length === 0) continue;
    for (const copy of copies) {
      if (copy === chosen || !hasSameContent(copy, chosen)) continue;
      const root = rootOf(work, copy);
      const folder = { id: copy.folder, path: root };
      await guarded(work, folder, () => doom(work.disk, root, versionFolder(root, copy.sidecar)));
    }
  }
  return kept;
}

function rootOf(work: Work, record: StateRecord): string {
  return work.folders.find(({ id }) => id === record.folder)?.path ?? "";
}

function isIndexed(work: Work, { folder, sidecar }: StateRecord): boolean {
  return work.known.some(
    (record) =>
      record.folder === folder && record.sidecar.id === sidecar.id && record.sidecar.version === sidecar.version,
  );
}

function hasSameContent(a: StateRecord, b: StateRecord): boolean {
  const contentOf = ({ sidecar }: StateRecord): string => sidecar.files.map(({ sha256 }) => sha256 ?? "?").join();
  return !contentOf(a).includes("?") && contentOf(a) === contentOf(b);
}

/** From the index: what is on a drive that is away, and the version in use when its files are gone without our doing. */
async function stillExpected(
  work: Work,
  present: readonly StateRecord[],
  reachable: ReadonlySet<string>,
): Promise<StateRecord[]> {
  const isPresent = (record: StateRecord): boolean =>
    present.some(({ sidecar }) => sidecar.id === record.sidecar.id && sidecar.version === record.sidecar.version);
  const absent = work.known.filter((record) => !isPresent(record));
  const expected: StateRecord[] = [];
  for (const record of absent) {
    if (!reachable.has(record.folder)) {
      expected.push(record);
      continue;
    }
    const siblings = work.known.filter(({ sidecar }) => sidecar.id === record.sidecar.id);
    const isInUse = sortVersions(siblings)[0] === record;
    if (isInUse && !(await isInTrash(rootOf(work, record), record))) expected.push(record);
  }
  return expected;
}

async function isInTrash(root: string, { sidecar }: StateRecord): Promise<boolean> {
  const names = await readdir(trashRoot(root)).catch(() => []);
  for (const name of names) {
    const isOfModel = name.replace(/^\d+-/, "").replace(/~\d+$/, "") === sidecar.id;
    if (isOfModel && (await isThere(join(trashRoot(root), name, sidecar.version)))) return true;
  }
  return false;
}
