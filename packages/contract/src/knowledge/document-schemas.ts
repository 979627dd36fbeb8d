import { z } from "zod";

export const documentFormats = [
  "pdf",
  "docx",
  "pptx",
  "xlsx",
  "odt",
  "ods",
  "odp",
  "epub",
  "html",
  "markdown",
  "text",
  "code",
  "csv",
  "email",
  "image",
] as const;
export const documentFormatSchema = z.enum(documentFormats);
export type DocumentFormat = z.infer<typeof documentFormatSchema>;

/** What a person should know about a file that was read all the same. */
export const readWarnings = [
  "partial",
  "pages-without-text",
  "ocr-uncertain",
  "encoding-guessed",
  "characters-replaced",
  "macros-ignored",
  "external-content-ignored",
  "embedded-files-ignored",
] as const;
export const readWarningSchema = z.object({ code: z.enum(readWarnings), count: z.number().int().min(1).default(1) });
export type ReadWarning = z.infer<typeof readWarningSchema>;

/** Why a file could not be read at all. The interface words each with what to do. */
export const readFailures = [
  "password",
  "damaged",
  "unsupported-format",
  "too-large",
  "too-many-pages",
  "bomb",
  "time-limit",
  "memory-limit",
  "output-limit",
  "scanned-without-ocr",
  "empty",
  "unreadable",
  "reader-crashed",
] as const;
export const readFailureSchema = z.enum(readFailures);
export type ReadFailure = z.infer<typeof readFailureSchema>;

/**
 * `waiting` → `reading` → `splitting` → `embedding` → `ready`. Text can be searched from `embedding` on. `failed`: see
 * `failure`. `duplicate`: the same content is in the collection already. `missing`: the original has gone, what was read stays.
 */
export const documentStates = [
  "waiting",
  "reading",
  "splitting",
  "embedding",
  "ready",
  "failed",
  "duplicate",
  "missing",
] as const;
export const documentStateSchema = z.enum(documentStates);
export type DocumentState = z.infer<typeof documentStateSchema>;

export const documentSchema = z.object({
  id: z.string(),
  collectionId: z.string(),
  /** Relative to the folder that was added, `/` between parts; the file's name when it was added alone. */
  path: z.string(),
  title: z.string().nullable(),
  format: documentFormatSchema.nullable(),
  bytes: z.number(),
  /** Null for formats without pages and before it was read. */
  pages: z.number().int().nullable(),
  state: documentStateSchema,
  /** 0 to 1 within the state; null = not known. */
  progress: z.number().min(0).max(1).nullable(),
  failure: z.object({ code: readFailureSchema, detail: z.string() }).nullable(),
  warnings: z.array(readWarningSchema),
  passages: z.number().int(),
  /** Values of personal data that were replaced before anything was stored; null = scrubbing is off. */
  replaced: z.number().int().nullable(),
  /** Where the original lies on this computer; null for what was handed over as bytes: a copy is kept then. */
  originalPath: z.string().nullable(),
  /** Milliseconds since 1970. */
  addedAt: z.number(),
  readyAt: z.number().nullable(),
});
export type KnowledgeDocument = z.infer<typeof documentSchema>;

/** The text of a document as it was read, for the viewer. `lines` count as in `place` of kind `lines`. */
export const documentTextSchema = z.object({
  format: documentFormatSchema,
  blocks: z.array(
    z.object({
      kind: z.enum(["heading", "paragraph", "list-item", "code", "table"]),
      level: z.number().int(),
      text: z.string(),
      header: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      /** First and last line, or page, or the sheet the block stands on. */
      page: z.number().int().nullable(),
      lines: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
      sheet: z.string().nullable(),
      /** Of a table: A1 address of each row's first cell and last cell. */
      rowCells: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  ),
  /** Blocks before the first one here, and altogether. */
  offset: z.number().int(),
  total: z.number().int(),
});
export type DocumentText = z.infer<typeof documentTextSchema>;
