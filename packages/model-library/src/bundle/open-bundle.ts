import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type BundleDamage, deskError } from "@deskside/contract";
import { unsafePathReason } from "../download/disk/safe-path.ts";
import {
  blobName,
  type BundleEntry,
  type BundleManifest,
  bundleManifestSchema,
  formatVersion,
  manifestName,
  mostManifestBytes,
  signatureName,
} from "./bundle-format.ts";
import { fingerprintOf, signatureBytes, verifyBundle } from "./bundle-signature.ts";
import { blockBytes, describeHeader, endBlocks, isHeader, paddingOf, tarHeader } from "./tar-blocks.ts";

/** A bundle whose signature holds and whose form is that of its manifest; the contents are checked as they are read. */
export interface OpenBundle extends AsyncDisposable {
  readonly path: string;
  readonly manifest: BundleManifest;
  readonly fingerprint: string;
  readonly bundleBytes: number;
  /**
   * Reads one content to its end, in pieces that are reused. Throws BUNDLE_DAMAGED when it is not what the manifest says,
   * which is known only at the end: until then the pieces are nothing to rely on.
   */
  read(
    entry: BundleEntry,
    onPiece: (piece: Buffer) => Promise<void>,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
}

const pieceBytes = 1024 * 1024;

/**
 * Reads manifest, signature and the header of every entry; no content. Throws BUNDLE_DAMAGED, BUNDLE_SIGNATURE_INVALID,
 * BUNDLE_NEWER, MODEL_NOT_READABLE. Memory: the manifest, at most 4 MiB.
 */
export async function openBundle(path: string): Promise<OpenBundle> {
  const file = await openFile(path);
  try {
    const damage = (reason: BundleDamage, entry: string | null) =>
      deskError("BUNDLE_DAMAGED", { path, reason, entry: entry?.slice(0, 200) ?? null });
    const source = { file, bundleBytes: (await file.stat()).size, damage };
    const manifestSize = await readManifestSize(source);
    const manifest = await readAt(source, blockBytes, manifestSize, manifestName);
    const afterManifest = blockBytes + manifestSize + paddingOf(manifestSize);
    await expectHeader(source, afterManifest, { name: signatureName, size: signatureBytes, seen: new Set() });
    const signature = await readAt(source, afterManifest + blockBytes, signatureBytes, signatureName);
    const publicKey = verifyBundle(manifest, signature);
    if (!publicKey) throw deskError("BUNDLE_SIGNATURE_INVALID", { path });
    const parsed = parseManifest(source, path, manifest);
    if (parsed.publicKey !== publicKey.toString("base64")) throw deskError("BUNDLE_SIGNATURE_INVALID", { path });
    await expectPadding(source, blockBytes + manifestSize, manifestName);
    await expectPadding(source, afterManifest + blockBytes + signatureBytes, signatureName);
    const start = afterManifest + blockBytes + signatureBytes + paddingOf(signatureBytes);
    const places = await walkEntries(source, parsed.entries, start);
    return {
      ...{ path, manifest: parsed, fingerprint: fingerprintOf(publicKey), bundleBytes: source.bundleBytes },
      read: (entry, onPiece, { signal } = {}) => readContent(source, { entry, places, onPiece, signal }),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Source {
  readonly file: FileHandle;
  readonly bundleBytes: number;
  readonly damage: (reason: BundleDamage, entry: string | null) => Error;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (cause) {
    throw deskError("MODEL_NOT_READABLE", { path, detail: String(cause) }, { cause });
  }
  throw deskError("MODEL_NOT_READABLE", { path, detail: "not a regular file" });
}

async function readManifestSize(source: Source): Promise<number> {
  if (source.bundleBytes < blockBytes) throw source.damage("not-a-bundle", null);
  const block = await readAt(source, 0, blockBytes, manifestName);
  const { name, size } = describeHeader(block);
  if (name !== manifestName || !Number.isSafeInteger(size)) throw source.damage("not-a-bundle", null);
  if (size > mostManifestBytes) throw source.damage("too-large", manifestName);
  if (!block.equals(tarHeader(manifestName, size))) throw source.damage("header-changed", manifestName);
  return size;
}

function parseManifest(source: Source, path: string, bytes: Buffer): BundleManifest {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw source.damage("manifest-invalid", manifestName);
  }
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : null;
  if (typeof version === "number" && version > formatVersion) throw deskError("BUNDLE_NEWER", { path, version });
  const parsed = bundleManifestSchema.safeParse(json);
  if (!parsed.success) {
    const tooLarge = parsed.error.issues.some(({ code }) => code === "too_big");
    throw source.damage(tooLarge ? "too-large" : "manifest-invalid", parsed.error.issues[0]?.path.join(".") ?? null);
  }
  const seen = new Set<string>();
  for (const { path: name, sha256 } of parsed.data.entries) {
    if (name !== blobName(sha256)) throw source.damage("unsafe-path", name);
    if (seen.has(sha256)) throw source.damage("duplicate-entry", name);
    seen.add(sha256);
  }
  checkNames(source, parsed.data, seen);
  return parsed.data;
}

/** Names of files are plain ones on every system, once in a model, and their content is in the bundle. */
function checkNames(source: Source, { models }: BundleManifest, contents: ReadonlySet<string>): void {
  for (const { files, licences, adapters } of models) {
    for (const group of [files, licences, adapters]) {
      const names = new Set<string>();
      for (const { name, sha256 } of group) {
        const isPlain = unsafePathReason(name) === null && !name.includes("/");
        if (!isPlain) throw source.damage("unsafe-path", name);
        const key = name.normalize("NFC").toLowerCase();
        if (names.has(key)) throw source.damage("duplicate-entry", name);
        names.add(key);
        if (!contents.has(sha256)) throw source.damage("manifest-invalid", name);
      }
    }
  }
}

/** Where each content begins. The whole file has to be exactly what the manifest makes of it. */
async function walkEntries(
  source: Source,
  entries: readonly BundleEntry[],
  start: number,
): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  const seen = new Set([manifestName, signatureName]);
  let at = start;
  for (const entry of entries) {
    await expectHeader(source, at, { name: entry.path, size: entry.bytes, seen });
    seen.add(entry.path);
    places.set(entry.sha256, at + blockBytes);
    at += blockBytes + entry.bytes + paddingOf(entry.bytes);
  }
  if (at + endBlocks.length > source.bundleBytes) throw source.damage("cut-off", entries.at(-1)?.path ?? null);
  const end = await readAt(source, at, endBlocks.length, null);
  if (!end.equals(endBlocks)) {
    const block = end.subarray(0, blockBytes);
    if (!isHeader(block)) throw source.damage("extra-entry", null);
    const { name } = describeHeader(block);
    throw source.damage(seen.has(name) ? "duplicate-entry" : "extra-entry", name === "" ? null : name);
  }
  if (at + endBlocks.length !== source.bundleBytes) throw source.damage("extra-entry", null);
  return places;
}

interface Expected {
  readonly name: string;
  readonly size: number;
  /** Names that came before. */
  readonly seen: ReadonlySet<string>;
}

/** A header has one form only; everything else is named after what it would do. */
async function expectHeader(source: Source, at: number, { name, size, seen }: Expected): Promise<void> {
  const block = await readAt(source, at, blockBytes, name);
  if (block.equals(tarHeader(name, size))) return;
  if (block.every((byte) => byte === 0)) throw source.damage("cut-off", name);
  if (!isHeader(block)) throw source.damage("header-changed", name);
  const found = describeHeader(block);
  if (found.name.startsWith("/") || /^[a-z]:|\\/i.test(found.name) || found.name.split("/").includes("..")) {
    throw source.damage("unsafe-path", found.name);
  }
  if (found.flag !== "0") throw source.damage("not-a-file", found.name);
  if (found.name !== name) throw source.damage(seen.has(found.name) ? "duplicate-entry" : "extra-entry", found.name);
  throw source.damage("header-changed", name);
}

async function readAt(source: Source, at: number, length: number, entry: string | null): Promise<Buffer> {
  if (at + length > source.bundleBytes) throw source.damage("cut-off", entry);
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await source.file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw source.damage("cut-off", entry);
    done += bytesRead;
  }
  return bytes;
}

async function expectPadding(source: Source, at: number, entry: string): Promise<void> {
  const padding = await readAt(source, at, paddingOf(at), entry);
  if (padding.some((byte) => byte !== 0)) throw source.damage("padding-changed", entry);
}

async function readContent(
  source: Source,
  input: {
    entry: BundleEntry;
    places: ReadonlyMap<string, number>;
    onPiece: (piece: Buffer) => Promise<void>;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { entry, places, onPiece, signal } = input;
  const start = places.get(entry.sha256);
  if (start === undefined) throw source.damage("manifest-invalid", entry.path);
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(1, entry.bytes)));
  for (let done = 0; done < entry.bytes; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await source.file.read(piece, 0, Math.min(piece.length, entry.bytes - done), start + done);
    if (bytesRead === 0) throw source.damage("cut-off", entry.path);
    const bytes = piece.subarray(0, bytesRead);
    hash.update(bytes);
    await onPiece(bytes);
    done += bytesRead;
  }
  if (hash.digest("hex") !== entry.sha256) throw source.damage("content-changed", entry.path);
  await expectPadding(source, start + entry.bytes, entry.path);
}
