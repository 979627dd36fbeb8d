import { basename, join } from "node:path";
import { deskError } from "@deskside/contract";
import { splitPattern } from "../../gguf/split-parts.ts";
import { hashModelFile } from "../../manifest/verify-model-file.ts";
import { isUntouched, stampOf } from "../disk/file-stamp.ts";
import { pathsOf, versionFolder } from "../disk/layout.ts";
import { dropSources, giveBack, makeStaging, publish, writeSidecar } from "../disk/staging.ts";
import { hasCode, type StoreDisk } from "../disk/store-disk.ts";
import { nextActivation } from "../model-view.ts";
import { contentIdOf, freeId, modelIdOf, safeFileName, versionKeyOf } from "../safe-names.ts";
import { folderOf, type StoreContext, unusable } from "../store-context.ts";
import type { Sidecar, StateRecord, StoredFile } from "../store-schemas.ts";
import type { Adoption, StoreFolder } from "../store-types.ts";

export interface Adopted {
  readonly modelId: string;
  readonly version: string;
}

type Placement = { readonly sidecar: Sidecar; readonly folder: StoreFolder };

/**
 * Sidecar first, then the files, then one rename makes all of it a version, then the sources lose their names, then the
 * index is written. Whatever step is the last one done, `reconcile` finds either the whole model or the sources.
 */
export async function adopt(context: StoreContext, adoption: Adoption, isCandidate: boolean): Promise<Adopted> {
  const files = await describeFiles(adoption);
  await makeDurable(context, adoption);
  return context.change(async (records, takenIds) => {
    const known = await findKnown(context, records, files);
    // The new bytes were just checked, so they replace the same ones here, unless somebody reads those.
    const isKept = known && (!isSameModel(known.sidecar, adoption, files) || context.isInUse(known.sidecar.id));
    if (isKept) {
      await removeSources(context, adoption);
      return activateKnown(context, records, known, isCandidate);
    }
    const { sidecar, folder } = place(context, { records, takenIds }, { adoption, files, isCandidate });
    const stored = await bringIn(context, { sidecar, folder });
    const others = records.filter((record) => !isVersion(record, sidecar));
    const result = { modelId: sidecar.id, version: sidecar.version };
    return { records: [...others, { folder: folder.id, sidecar: stored }], result };
  });
}

function isVersion({ sidecar }: StateRecord, other: Pick<Sidecar, "id" | "version">): boolean {
  return sidecar.id === other.id && sidecar.version === other.version;
}

async function describeFiles(adoption: Adoption): Promise<StoredFile[]> {
  const names = new Set<string>();
  const files: StoredFile[] = [];
  for (const file of adoption.files) {
    const name = safeFileName(file.name ?? basename(file.path));
    const key = name.normalize("NFC").toLowerCase();
    if (names.has(key)) throw deskError("MODEL_NOT_READABLE", { path: file.path, detail: `two files named ${name}` });
    names.add(key);
    const stamp = await stampOf(file.path);
    if (!stamp) throw deskError("MODEL_FILE_MISSING", { model: name, path: file.path });
    if (stamp.sizeBytes !== file.sizeBytes) {
      const data = { file: name, source: adoption.source, expected: file.sizeBytes, actual: stamp.sizeBytes };
      throw deskError("DOWNLOAD_SIZE_MISMATCH", data);
    }
    files.push({ name, sizeBytes: file.sizeBytes, sha256: file.sha256.toLowerCase(), linkedPath: null, stamp });
  }
  if (files.length === 0) throw deskError("MODEL_NOT_READABLE", { path: "", detail: "no files to adopt" });
  return files;
}

/** Before the lock: a large file that was just written can take the disk a while. */
async function makeDurable(context: StoreContext, adoption: Adoption): Promise<void> {
  for (const { path } of adoption.files) {
    try {
      await context.disk.syncFile(path);
    } catch (error) {
      throw unusable(path, error);
    }
  }
}

/** The version with this content, if its files are untouched since they were last checked. */
async function findKnown(
  context: StoreContext,
  records: readonly StateRecord[],
  files: readonly StoredFile[],
): Promise<StateRecord | undefined> {
  const contentId = contentIdOf(files.map(({ sha256 }) => sha256));
  for (const record of records) {
    const { sidecar } = record;
    if (contentIdOf(sidecar.files.map(({ sha256 }) => sha256)) !== contentId) continue;
    if (sidecar.files.some(({ linkedPath }) => linkedPath !== null)) continue;
    const root = context.folders().find(({ id }) => id === record.folder)?.path;
    if (root !== undefined && (await isUntouched(pathsOf(root, sidecar), sidecar.files))) return record;
  }
  return undefined;
}

/** A new revision of the same file is a version; another file of the same repository is another model. */
function isSameModel(sidecar: Sidecar, adoption: Adoption, files: readonly StoredFile[]): boolean {
  const isSameFile = stemOf(sidecar.files[0]?.name ?? "") === stemOf(files[0]?.name ?? "");
  return isSameFile && sidecar.repo === adoption.repo && sidecar.quantization === adoption.quantization;
}

function stemOf(name: string): string {
  return name
    .replace(splitPattern, "")
    .replace(/\.gguf$/i, "")
    .toLowerCase();
}

function place(
  context: StoreContext,
  { records, takenIds }: { records: readonly StateRecord[]; takenIds: ReadonlySet<string> },
  { adoption, files, isCandidate }: { adoption: Adoption; files: StoredFile[]; isCandidate: boolean },
): Placement {
  const sibling = records.find(({ sidecar }) => isSameModel(sidecar, adoption, files));
  const wanted = modelIdOf(adoption.repo ?? adoption.name ?? stemOf(files[0]?.name ?? ""), adoption.quantization);
  const id = sibling?.sidecar.id ?? freeId(wanted, (candidate) => takenIds.has(candidate));
  const now = context.now();
  const version = versionKeyOf(contentIdOf(files.map(({ sha256 }) => sha256)) ?? "");
  const same = records.find((record) => isVersion(record, { id, version }));
  const sidecar: Sidecar = {
    ...{ schemaVersion: 1, id, version },
    name: (adoption.name?.trim() || sibling?.sidecar.name || nameOf(adoption, files)).slice(0, 200),
    ...{ repo: adoption.repo, revision: adoption.revision, source: adoption.source, licence: adoption.licence },
    ...{ quantization: adoption.quantization, addedAt: now, pinned: sibling?.sidecar.pinned ?? false, files },
    activatedAt: isCandidate ? (same?.sidecar.activatedAt ?? null) : nextActivation(records, id, now),
    broughtFrom: adoption.files.map(({ path }) => path),
  };
  return { sidecar, folder: folderOf(context, same?.folder ?? adoption.folder ?? sibling?.folder) };
}

function nameOf(adoption: Adoption, files: readonly StoredFile[]): string {
  const last = adoption.repo?.split("/").findLast((part) => part !== "");
  return last?.replace(/[-_.]gguf$/i, "") || files[0]?.name.replace(/\.gguf$/i, "") || "model";
}

async function bringIn(context: StoreContext, { sidecar, folder }: Placement): Promise<Sidecar> {
  const { disk } = context;
  let staging: string | null = null;
  try {
    staging = await makeStaging(disk, folder.path);
    await fill(context, staging, sidecar);
    await publish(disk, staging, folder.path, sidecar);
    staging = null;
    return await settle(disk, folder.path, sidecar);
  } catch (error) {
    if (staging !== null) await giveBack(disk, staging, sidecar);
    throw error;
  }
}

/** The last steps of an adoption, also of one that died after it was published. */
export async function settle(disk: StoreDisk, root: string, sidecar: Sidecar): Promise<Sidecar> {
  const directory = versionFolder(root, sidecar);
  await dropSources(disk, directory, sidecar);
  const files: StoredFile[] = [];
  for (const file of sidecar.files) {
    files.push(file.linkedPath === null ? { ...file, stamp: await stampOf(join(directory, file.name)) } : file);
  }
  const settled = { ...sidecar, files, broughtFrom: null };
  await writeSidecar(disk, directory, settled);
  return settled;
}

async function fill(context: StoreContext, staging: string, sidecar: Sidecar): Promise<void> {
  const { disk } = context;
  const sources = sidecar.broughtFrom ?? [];
  await writeSidecar(disk, staging, sidecar);
  for (const [index, file] of sidecar.files.entries()) {
    const source = sources[index] as string;
    const target = join(staging, file.name);
    if (await disk.secondName(source, target)) continue;
    try {
      await disk.rename(source, target);
    } catch (error) {
      if (!hasCode(error, "EXDEV")) throw error;
      await copyChecked(context, source, target, file);
    }
  }
}

/** The source lies on another file system. Copied under another name, so that a part never counts as the file. */
async function copyChecked(context: StoreContext, source: string, target: string, file: StoredFile): Promise<void> {
  const part = `${target}.part`;
  await context.disk.copy(source, part);
  const actual = await hashModelFile(part);
  if (actual !== file.sha256) {
    throw deskError("HASH_MISMATCH", { path: source, expected: file.sha256 ?? "", actual });
  }
  await context.disk.rename(part, target);
}

async function removeSources(context: StoreContext, adoption: Adoption): Promise<void> {
  for (const { path } of adoption.files) await context.disk.remove(path);
}

async function activateKnown(
  context: StoreContext,
  records: readonly StateRecord[],
  known: StateRecord,
  isCandidate: boolean,
): Promise<{ records: readonly StateRecord[] | null; result: Adopted }> {
  const result = { modelId: known.sidecar.id, version: known.sidecar.version };
  if (isCandidate) return { records: null, result };
  return { records: await activate(context, records, known), result };
}

/** Makes a version the one in use: its sidecar is replaced, then the index. */
export async function activate(
  context: StoreContext,
  records: readonly StateRecord[],
  record: StateRecord,
): Promise<readonly StateRecord[]> {
  const activatedAt = nextActivation(records, record.sidecar.id, context.now());
  return replaceSidecar(context, records, record, { ...record.sidecar, activatedAt });
}

export async function replaceSidecar(
  context: StoreContext,
  records: readonly StateRecord[],
  record: StateRecord,
  sidecar: Sidecar,
): Promise<readonly StateRecord[]> {
  const root = folderOf(context, record.folder).path;
  await writeSidecar(context.disk, versionFolder(root, sidecar), sidecar);
  return records.map((other) => (other === record ? { ...record, sidecar } : other));
}
