import { z } from "zod";

/** Kinds of personal data that are recognised. */
export const personalDataKinds = [
  "id-number",
  "mobile",
  "landline",
  "bank-card",
  "email",
  "passport",
  "credit-code",
] as const;
export const personalDataKindSchema = z.enum(personalDataKinds);
export type PersonalDataKind = z.infer<typeof personalDataKindSchema>;

export const ocrLanguages = ["eng", "chi_sim"] as const;

export const collectionSettingsSchema = z.object({
  /** Kinds replaced by labels before text is stored or shown to a model; empty = scrubbing is off. Files are never changed. */
  scrub: z.array(personalDataKindSchema).default([]),
  /** Languages of text in pictures; empty = pictures are not read. */
  ocr: z.array(z.enum(ocrLanguages)).default([...ocrLanguages]),
  /** Length of a passage with its headings, and what two neighbours share; tokens of the embedding model. */
  passageTokens: z.number().int().min(64).max(480).default(256),
  overlapTokens: z.number().int().min(0).max(128).default(32),
});
export type CollectionSettings = z.infer<typeof collectionSettingsSchema>;

export const fileCountsSchema = z.object({
  total: z.number().int(),
  ready: z.number().int(),
  working: z.number().int(),
  waiting: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
});

export const watchedFolderSchema = z.object({
  path: z.string(),
  /** `gone`: the folder cannot be read; what was read from it stays. */
  state: z.enum(["watching", "gone"]),
});

export const collectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `chat`: files dropped into one chat. */
  kind: z.enum(["collection", "chat"]),
  /** `server`: in the PostgreSQL database of the settings, shared with a team. */
  place: z.enum(["here", "server"]),
  settings: collectionSettingsSchema,
  files: fileCountsSchema,
  pages: z.number().int(),
  passages: z.number().int(),
  indexBytes: z.number(),
  /** Passages that have vectors of the model in use; `model` null = full-text alone. */
  vectors: z.object({ model: z.string().nullable(), done: z.number().int(), total: z.number().int() }),
  /** Different values of each kind of personal data that were replaced. */
  replaced: z.partialRecord(personalDataKindSchema, z.number().int()),
  watched: z.array(watchedFolderSchema),
  createdAt: z.number(),
});
export type Collection = z.infer<typeof collectionSchema>;

/** How far reading has come. Null = not known yet. */
export const ingestStatusSchema = z.object({
  collectionId: z.string(),
  files: fileCountsSchema,
  paused: z.boolean(),
  /** Vectors wait while an answer is written. */
  waitingForAnswer: z.boolean(),
  pagesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  vectors: z.object({ done: z.number().int(), total: z.number().int() }),
});
export type IngestStatus = z.infer<typeof ingestStatusSchema>;

export const collectionNameSchema = z.string().trim().min(1).max(120);
