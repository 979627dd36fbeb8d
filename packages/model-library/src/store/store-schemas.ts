import { z } from "zod";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
export const modelIdPattern = /^[a-z0-9][a-z0-9.-]{0,63}$/;
export const versionKeyPattern = /^[a-z0-9-]{4,40}$/;

/** What a file was when its content was last known; another size, time or inode means: look again. */
export const fileStampSchema = z.strictObject({ sizeBytes: z.number(), mtimeMs: z.number(), inode: z.number() });
export type FileStamp = z.infer<typeof fileStampSchema>;

/** A plain name, or an absolute path for a linked file. Bounded: it was read from a disk. */
const fileNameSchema = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/[/\\\0]/.test(name) && name !== "." && name !== "..", "must be a plain file name");

export const storedFileSchema = z.strictObject({
  name: fileNameSchema,
  sizeBytes: z.number().int().nonnegative(),
  /** Null for a linked file that was not hashed yet. */
  sha256: sha256Schema.nullable(),
  /** Absolute path of a file that belongs to somebody else; null = beside the sidecar. */
  linkedPath: z.string().max(4096).nullable(),
  /** Null = never looked at since it was put there. */
  stamp: fileStampSchema.nullable(),
});
export type StoredFile = z.infer<typeof storedFileSchema>;

/** `<first file>.deskside.json`, beside the files of one version. The disk is the truth; the state file an index of it. */
export const sidecarSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().regex(modelIdPattern),
  version: z.string().regex(versionKeyPattern),
  name: z.string().min(1).max(200),
  repo: z.string().max(500).nullable(),
  revision: z.string().max(200).nullable(),
  /** Address of a hub, or "import". */
  source: z.string().max(2000),
  licence: z.string().max(200).nullable(),
  quantization: z.string().max(60).nullable(),
  addedAt: z.number(),
  /** The version with the highest number is in use; null = a candidate that was never in use. */
  activatedAt: z.number().nullable(),
  /** The user wants this revision and no newer one. */
  pinned: z.boolean(),
  /** First part first. */
  files: z.array(storedFileSchema).min(1).max(1000),
  /** While files are brought in: where each came from, so that a broken adoption can give them back. */
  broughtFrom: z.array(z.string().max(4096)).max(1000).nullable(),
});
export type Sidecar = z.infer<typeof sidecarSchema>;

export const stateRecordSchema = z.strictObject({ folder: z.string().max(200), sidecar: sidecarSchema });
/** One version and the folder it lies in. */
export type StateRecord = z.infer<typeof stateRecordSchema>;

export const storeStateSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Counts up with every write. */
  revision: z.number().int(),
  records: z.array(stateRecordSchema).max(10_000),
});
export type StoreState = z.infer<typeof storeStateSchema>;

/** Bytes; a larger file is not ours. */
export const mostStateBytes = 32 * 1024 * 1024;
export const mostSidecarBytes = 1024 * 1024;
