import { z } from "zod";

/**
 * A `.deskside-bundle` is a tar of regular files: `manifest.json`, `signature`, then the entries of the manifest in its
 * order, each under the name `blobs/<SHA-256>`. The form of every byte follows from the manifest, whose exact bytes are
 * signed, so that one changed byte anywhere is found.
 */
export const manifestName = "manifest.json";
export const signatureName = "signature";
export const formatVersion = 1;

/** Bytes. */
export const mostManifestBytes = 4 * 1024 * 1024;
const mostEntries = 5000;
/** Larger than any model file; a sum of this many entries still is an exact number. */
const mostEntryBytes = 2 ** 40;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** `role` is open: what a later version brings is skipped, not refused. */
const entrySchema = z.object({
  path: z.string().max(1024),
  bytes: z.number().int().nonnegative().max(mostEntryBytes),
  sha256: sha256Schema,
  role: z.string().min(1).max(40),
});
export type BundleEntry = z.infer<typeof entrySchema>;

/** A file of a model: the name it has, and the entry that holds its bytes. */
const namedFileSchema = z.object({ name: z.string().min(1).max(255), sha256: sha256Schema });

const modelSchema = z.object({
  name: z.string().min(1).max(200),
  role: z.string().max(40),
  repo: z.string().max(500).nullable(),
  revision: z.string().max(200).nullable(),
  source: z.string().max(2000),
  licence: z.string().max(200).nullable(),
  quantization: z.string().max(60).nullable(),
  /** First part first. */
  files: z.array(namedFileSchema).min(1).max(1000),
  licences: z.array(namedFileSchema).max(20),
  adapters: z.array(namedFileSchema.extend({ scale: z.number().min(-10).max(10) })).max(20),
});
export type BundledModel = z.infer<typeof modelSchema>;

export const bundleManifestSchema = z.object({
  format: z.literal("deskside-bundle"),
  version: z.number().int(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Version of the product. */
  madeWith: z.string().max(100),
  /** Raw Ed25519 public key, base64; the signature holds it once more. */
  publicKey: z.string().max(64),
  models: z.array(modelSchema).max(500),
  /** Number of settings, and date of the catalogue: what an inspection says without reading the entries. */
  settings: z.number().int().nonnegative(),
  catalogue: z.string().max(40).nullable(),
  entries: z.array(entrySchema).max(mostEntries),
});
export type BundleManifest = z.infer<typeof bundleManifestSchema>;

export function blobName(sha256: string): string {
  return `blobs/${sha256}`;
}

/** Keys in order, no spaces: the same content gives the same bytes. */
export function canonicalJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, sortedKeys), "utf8");
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
