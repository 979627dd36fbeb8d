import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { hashModelFile, type VerifyOptions } from "../manifest/verify-model-file.ts";
import { replaceSidecar } from "./actions/adopt.ts";
import { isSameStamp, stampOf } from "./disk/file-stamp.ts";
import { pathsOf } from "./disk/layout.ts";
import { folderOf, notFound, type StoreContext } from "./store-context.ts";
import type { StateRecord, StoredFile } from "./store-schemas.ts";

/** What can be seen without reading content: gone, another size; for a linked file also another time or inode. */
export async function problemOfFiles(context: StoreContext, record: StateRecord): Promise<DesksideError | null> {
  const { sidecar } = record;
  const paths = pathsOf(folderOf(context, record.folder).path, sidecar);
  for (const [index, file] of sidecar.files.entries()) {
    const path = paths[index] as string;
    const stamp = await stampOf(path);
    if (!stamp) return deskError("MODEL_FILE_MISSING", { model: sidecar.id, path });
    // Our own files change their time when a drive is copied; a foreign one belongs to a program that may replace it.
    const isOther = file.linkedPath === null ? stamp.sizeBytes !== file.sizeBytes : !isSameStamp(stamp, file.stamp);
    if (isOther) {
      const data = { model: sidecar.id, path, expectedBytes: file.sizeBytes, actualBytes: stamp.sizeBytes };
      return deskError("MODEL_FILE_CHANGED", data);
    }
  }
  return null;
}

/**
 * Hashes the files of a version and remembers what was found, so that an untouched file is not hashed again
 * (`onlyChanged`). Throws HASH_MISMATCH, MODEL_FILE_MISSING, MODEL_FILE_CHANGED.
 */
export async function verifyFilesOf(
  context: StoreContext,
  record: StateRecord,
  options: VerifyOptions & { onlyChanged?: boolean },
): Promise<void> {
  const { sidecar } = record;
  const paths = pathsOf(folderOf(context, record.folder).path, sidecar);
  const totalBytes = sidecar.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const files: StoredFile[] = [];
  let before = 0;
  for (const [index, file] of sidecar.files.entries()) {
    const done = before;
    const onProgress: VerifyOptions["onProgress"] = ({ doneBytes }) =>
      options.onProgress?.({ doneBytes: done + doneBytes, totalBytes });
    try {
      files.push(await verifyFile(sidecar.id, paths[index] as string, file, { ...options, onProgress }));
    } catch (error) {
      if (isDesksideError(error, "HASH_MISMATCH") && file.stamp !== null) await distrust(context, record, file.name);
      throw error;
    }
    before += file.sizeBytes;
  }
  if (files.some((file, index) => file !== sidecar.files[index])) await replaceFiles(context, record, () => files);
}

/** Wrong content under an unchanged time: from now on it does not count as the content it should be. */
async function distrust(context: StoreContext, record: StateRecord, name: string): Promise<void> {
  await replaceFiles(context, record, (files) =>
    files.map((file) => (file.name === name ? { ...file, stamp: null } : file)),
  );
}

async function replaceFiles(
  context: StoreContext,
  { sidecar }: StateRecord,
  next: (files: readonly StoredFile[]) => StoredFile[],
): Promise<void> {
  await context.change(async (records) => {
    const now = records.find((other) => other.sidecar.id === sidecar.id && other.sidecar.version === sidecar.version);
    if (!now) throw notFound(sidecar.id);
    const changed = { ...now.sidecar, files: next(now.sidecar.files) };
    return { records: await replaceSidecar(context, records, now, changed), result: undefined };
  });
}

async function verifyFile(
  model: string,
  path: string,
  file: StoredFile,
  options: VerifyOptions & { onlyChanged?: boolean },
): Promise<StoredFile> {
  const stamp = await stampOf(path);
  if (!stamp) throw deskError("MODEL_FILE_MISSING", { model, path });
  const isKnown = file.sha256 !== null && isSameStamp(stamp, file.stamp);
  if (isKnown && options.onlyChanged) return file;
  // A linked file that changed before anybody knew its content: nothing says whether it is still the same.
  const isUnknown = file.sha256 === null && file.stamp !== null && !isSameStamp(stamp, file.stamp);
  if (stamp.sizeBytes !== file.sizeBytes || isUnknown) {
    const data = { model, path, expectedBytes: file.sizeBytes, actualBytes: stamp.sizeBytes };
    throw deskError("MODEL_FILE_CHANGED", data);
  }
  const actual = await hashModelFile(path, options);
  if (file.sha256 !== null && actual !== file.sha256) {
    throw deskError("HASH_MISMATCH", { path, expected: file.sha256, actual });
  }
  return isKnown ? file : { ...file, sha256: actual, stamp };
}
