import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { deskError } from "@deskside/contract";
import { freeBytesOf } from "../download/disk/free-bytes.ts";
import { isThere } from "../store/disk/staging.ts";
import { hasCode } from "../store/disk/store-disk.ts";
import {
  blobName,
  type BundledModel,
  type BundleManifest,
  canonicalJson,
  formatVersion,
  manifestName,
  signatureName,
} from "./bundle-format.ts";
import { type BundleSigner, signatureBytes } from "./bundle-signature.ts";
import { blockBytes, endBlocks, paddingOf, tarHeader } from "./tar-blocks.ts";

/** One content; several models may name it. */
export interface BundleContent {
  /** An absolute path, or the bytes themselves. */
  readonly from: string | Uint8Array;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly role: string;
  /** To show. */
  readonly name: string;
}

export interface BundleParts {
  readonly createdAt: number;
  readonly madeWith: string;
  readonly models: readonly BundledModel[];
  readonly contents: readonly BundleContent[];
  readonly settings: number;
  readonly catalogue: string | null;
}

export interface CopyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { doneBytes: number; totalBytes: number; current: string }) => void;
}

const pieceBytes = 1024 * 1024;

/**
 * Writes a bundle to a path that does not exist yet; returns its bytes. Under another name until it is whole and on the
 * disk. Throws BUNDLE_EXISTS, BUNDLE_NO_SPACE, BUNDLE_UNWRITABLE, MODEL_NOT_READABLE, and HASH_MISMATCH when a file is
 * not what its hash says.
 */
export async function writeBundle(
  path: string,
  parts: BundleParts,
  signer: BundleSigner,
  options: CopyOptions = {},
): Promise<number> {
  const contents = distinct(parts);
  const manifest = manifestBytes(parts, contents, signer);
  const totalBytes = bundleBytesOf(manifest.length, contents);
  await assertRoom(path, totalBytes);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(temporary, async (file) => {
      await file.writeFile(
        Buffer.concat([tarHeader(manifestName, manifest.length), manifest, padding(manifest.length)]),
      );
      const signature = signer.sign(manifest);
      await file.writeFile(
        Buffer.concat([tarHeader(signatureName, signatureBytes), signature, padding(signatureBytes)]),
      );
      let doneBytes = 0;
      for (const content of contents) {
        await file.writeFile(tarHeader(blobName(content.sha256), content.sizeBytes));
        await copyContent(file, content, (bytes) => {
          options.signal?.throwIfAborted();
          doneBytes += bytes;
          options.onProgress?.({ doneBytes, totalBytes: sumOf(contents), current: content.name });
        });
        await file.writeFile(padding(content.sizeBytes));
      }
      await file.writeFile(endBlocks);
    });
    await giveName(temporary, path);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw writeFailure(error, path, totalBytes);
  } finally {
    await rm(temporary, { force: true });
  }
  return totalBytes;
}

function manifestBytes(parts: BundleParts, contents: readonly BundleContent[], signer: BundleSigner): Buffer {
  const { contents: _, ...rest } = parts;
  const entries = contents.map(({ sha256, sizeBytes, role }) => ({
    ...{ path: blobName(sha256), bytes: sizeBytes, sha256, role },
  }));
  const publicKey = signer.publicKey.toString("base64");
  const format = { format: "deskside-bundle", version: formatVersion } as const;
  return canonicalJson({ ...format, ...rest, models: [...rest.models], publicKey, entries } satisfies BundleManifest);
}

function distinct({ contents }: BundleParts): readonly BundleContent[] {
  return [...new Map(contents.map((content) => [content.sha256, content])).values()];
}

/** Before anything is written: throws BUNDLE_EXISTS, BUNDLE_NO_SPACE, BUNDLE_UNWRITABLE. */
export async function assertBundleRoom(path: string, parts: BundleParts): Promise<void> {
  await assertRoom(path, bundleBytesOf(0, distinct(parts)));
}

/** Of the whole file. */
function bundleBytesOf(manifestSize: number, entries: readonly { sizeBytes: number }[]): number {
  const sizes = [manifestSize, signatureBytes, ...entries.map(({ sizeBytes }) => sizeBytes)];
  return sizes.reduce((sum, size) => sum + blockBytes + size + paddingOf(size), endBlocks.length);
}

async function assertRoom(path: string, neededBytes: number): Promise<void> {
  if (await isThere(path)) throw deskError("BUNDLE_EXISTS", { path });
  const freeBytes = await freeBytesOf(dirname(path)).catch((error: unknown) => {
    throw writeFailure(error, path, neededBytes);
  });
  if (freeBytes < neededBytes) throw deskError("BUNDLE_NO_SPACE", { path, neededBytes, freeBytes });
}

async function writeFile(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await fill(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copyContent(to: FileHandle, content: BundleContent, onPiece: (bytes: number) => void): Promise<void> {
  const { from, sha256, sizeBytes, name } = content;
  if (typeof from !== "string") {
    await to.writeFile(from);
    return onPiece(from.length);
  }
  const hash = createHash("sha256");
  const source = await open(from, "r").catch((cause: unknown) => {
    throw deskError("MODEL_NOT_READABLE", { path: from, detail: String(cause) }, { cause });
  });
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let left = sizeBytes;
    while (left > 0) {
      const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, left));
      if (bytesRead === 0) break;
      const bytes = piece.subarray(0, bytesRead);
      hash.update(bytes);
      await to.writeFile(bytes);
      left -= bytesRead;
      onPiece(bytesRead);
    }
    const actual = hash.digest("hex");
    if (left > 0 || actual !== sha256) throw deskError("HASH_MISMATCH", { path: name, expected: sha256, actual });
  } finally {
    await source.close();
  }
}

/** Never in the place of another file: a second name fails where one exists, which a rename would replace. */
async function giveName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, "EEXIST")) throw error;
    // FAT has no second names, and sticks are often formatted with it.
    if (await isThere(path)) throw deskError("BUNDLE_EXISTS", { path });
    await rename(temporary, path);
  }
}

function writeFailure(error: unknown, path: string, neededBytes: number): unknown {
  if (hasCode(error, "EEXIST")) return deskError("BUNDLE_EXISTS", { path }, { cause: error });
  if (hasCode(error, "ENOSPC"))
    return deskError("BUNDLE_NO_SPACE", { path, neededBytes, freeBytes: 0 }, { cause: error });
  if (error instanceof Error && "syscall" in error) {
    return deskError("BUNDLE_UNWRITABLE", { path, detail: error.message }, { cause: error });
  }
  return error;
}

function padding(size: number): Buffer {
  return Buffer.alloc(paddingOf(size));
}

function sumOf(contents: readonly BundleContent[]): number {
  return contents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
