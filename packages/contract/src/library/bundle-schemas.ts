import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";

const bytes = z.number();
/** An absolute path on the computer Deskside runs on. */
const path = z.string().min(1).max(4096);

/** What an entry of a bundle is. Others may come with later versions: they are skipped, and said. */
export const bundleRoles = ["model", "embedding-model", "licence", "adapter", "settings", "catalogue"] as const;

export const bundleIdentitySchema = z.object({
  /** SHA-256 of this installation's public key in groups of four hexadecimal digits. */
  fingerprint: z.string(),
});

export const bundleModelSchema = z.object({
  name: z.string(),
  role: z.string(),
  quantization: z.string().nullable(),
  licence: z.string().nullable(),
  sizeBytes: bytes,
  adapters: z.number().int(),
  /** The same content is here already: it is checked, and not copied again. */
  present: z.boolean(),
});

/** Manifest and signature only: the contents are checked when they are imported. */
export const bundleInspectionSchema = z.object({
  path,
  fingerprint: z.string(),
  /** This installation made it. */
  own: z.boolean(),
  /** A bundle with this fingerprint was confirmed here before. */
  trusted: z.boolean(),
  createdAt: z.number(),
  madeWith: z.string(),
  models: z.array(bundleModelSchema),
  /** How many settings it brings; 0 = none. */
  settings: z.number().int(),
  /** Date of the signed catalogue it brings. */
  catalogue: z.string().nullable(),
  /** Roles this version does not know, with the number of their entries. */
  unknown: z.array(z.object({ role: z.string(), entries: z.number().int() })),
  bundleBytes: bytes,
  neededBytes: bytes,
  freeBytes: bytes,
});
export type BundleInspection = z.infer<typeof bundleInspectionSchema>;

export const bundleExportSchema = z.object({
  /** A file that is not there yet; `.deskside-bundle` is added when it is missing. */
  path,
  /** Ids of installed models. */
  models: z.array(z.string().max(4096)).max(200).default([]),
  settings: z.boolean().default(false),
  catalogue: z.boolean().default(false),
});

export const bundleImportSchema = z.object({
  path,
  /** The fingerprint the person confirmed; null = one confirmed before, or our own. */
  trust: z.string().max(100).nullable().default(null),
});

export const bundleJobSchema = z.object({
  id: z.string(),
  kind: z.enum(["export", "import"]),
  path,
  fingerprint: z.string(),
  state: z.enum(["running", "done", "cancelled", "failed"]),
  doneBytes: bytes,
  totalBytes: bytes,
  /** What is copied at the moment. */
  current: z.string().nullable(),
  startedAt: z.number(),
  error: errorDataSchema.nullable(),
});
export type BundleJob = z.infer<typeof bundleJobSchema>;

/** Why a part of a bundle was left out. */
export const bundleSkips = [
  "unknown-role",
  "setting-unknown",
  "setting-locked",
  "setting-secret",
  "adapter-unusable",
  "catalogue-not-newer",
  "catalogue-not-trusted",
  "catalogue-built-in",
] as const;

export const bundleResultSchema = z.object({
  path,
  fingerprint: z.string(),
  bundleBytes: bytes,
  /** Of an import: ids as they are here. */
  models: z.array(z.string()),
  /** Ids of models that were here with the same content. */
  already: z.array(z.string()),
  /** Keys of settings that were written. */
  settings: z.array(z.string()),
  /** Date of the catalogue that is in the bundle, or is in use now because of it. */
  catalogue: z.string().nullable(),
  /** What was left out, and why; `what` is a name, a key or a role. */
  skipped: z.array(
    z.object({
      what: z.string(),
      reason: z.enum(bundleSkips),
    }),
  ),
});
export type BundleResult = z.infer<typeof bundleResultSchema>;

/** A snapshot first, at most ten a second, then exactly one in a final state. */
export const bundleEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), job: bundleJobSchema }),
  z.object({ type: z.literal("done"), job: bundleJobSchema, result: bundleResultSchema }),
  z.object({ type: z.literal("cancelled"), job: bundleJobSchema }),
  z.object({ type: z.literal("failed"), job: bundleJobSchema, error: errorDataSchema }),
]);
export type BundleEvent = z.infer<typeof bundleEventSchema>;

export const catalogueOriginSchema = z.object({
  /** "built-in": came with this version. "update": a signed file that was imported. */
  kind: z.enum(["built-in", "update"]),
  /** Of the key that signed the update. */
  keyId: z.string().nullable(),
});
export type CatalogueOrigin = z.infer<typeof catalogueOriginSchema>;

export const catalogueUpdateResultSchema = z.object({
  /** "already": the file has the date of the catalogue in use. */
  state: z.enum(["updated", "already"]),
  /** Date of the catalogue in use, "YYYY-MM-DD". */
  updated: z.string(),
  origin: catalogueOriginSchema,
  models: z.number().int(),
});
export type CatalogueUpdateResult = z.infer<typeof catalogueUpdateResultSchema>;
