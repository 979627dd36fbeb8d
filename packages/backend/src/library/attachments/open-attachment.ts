import { dirname, join } from "node:path";
import { stat } from "node:fs/promises";
import { deskError } from "@deskside/contract";
import {
  assertAdapterFits,
  assertDraftFits,
  hashModelFile,
  type ModelLibrary,
  type ModelManifest,
  type ResolvedModel,
  readGgufHeader,
} from "@deskside/model-library";
import type { KeptAttachment } from "@deskside/storage";

/** A file that was read and belongs to its model. */
export interface OpenedAttachment {
  readonly kind: "adapter" | "draft";
  readonly name: string;
  readonly model: Pick<ResolvedModel, "path"> & ResolvedModel;
  readonly sizeBytes: number;
  readonly scale: number;
  readonly purpose: string | null;
}

/** Hashes by path, size and time of change: ten megabytes take a tenth of a second, but not at every load. */
const hashes = new Map<string, string>();

/** An adapter that came with a model. Throws MODEL_FILE_MISSING, HASH_MISMATCH, ADAPTER_MISMATCH, and what a bad header throws. */
export async function openBuiltIn(
  base: ResolvedModel,
  adapter: ModelManifest["adapters"][number],
): Promise<OpenedAttachment> {
  const path = join(dirname(base.path), adapter.file);
  const found = await stat(path).catch(() => null);
  if (!found) throw deskError("MODEL_FILE_MISSING", { model: adapter.file, path });
  const key = JSON.stringify([path, found.size, found.mtimeMs, found.ino]);
  const actual = hashes.get(key) ?? (await hashModelFile(path));
  hashes.set(key, actual);
  if (actual !== adapter.sha256) throw deskError("HASH_MISMATCH", { path, expected: adapter.sha256, actual });
  const header = await readGgufHeader(path);
  assertAdapterFits(header, base.header);
  const { scale, purpose, bytes: sizeBytes } = adapter;
  const model = { ...base, id: path, path, header, manifest: null };
  return { kind: "adapter", name: header.name ?? adapter.file, model, sizeBytes, scale, purpose };
}

/** One that a person attached. Throws ADAPTER_MISMATCH, DRAFT_MISMATCH, and what `ModelLibrary.resolve` throws. */
export async function openKept(
  base: ResolvedModel,
  { kind, source, scale }: KeptAttachment,
  library: ModelLibrary,
): Promise<OpenedAttachment> {
  const model = await library.resolve(source);
  const { name, sizeBytes } = model.description;
  if (kind === "adapter") assertAdapterFits(model.header, base.header);
  else if (model.path === base.path) {
    throw deskError("DRAFT_MISMATCH", {
      draft: name,
      base: base.description.name,
      reason: "same-model",
      detail: source,
    });
  } else assertDraftFits(model.header, base.header);
  return { kind, name, model, sizeBytes, scale, purpose: null };
}
