import { documentFormatSchema, type ReadFailure, readWarningSchema, spanSchema } from "@deskside/contract";
import { z } from "zod";

export {
  type Box,
  type DocumentFormat,
  type Place,
  type ReadFailure,
  type ReadWarning,
  type Span,
} from "@deskside/contract";

/**
 * What every reader makes of a file, whatever its format: blocks of text in reading order, each character with the
 * place where a person finds it again. It crosses a process boundary from a hostile side, so it is always parsed.
 */

const blockBase = { text: z.string(), spans: z.array(spanSchema) };

/**
 * `table`: `rows` as read; `text` holds one line for each data row, its cells written with their headers
 * ("Model: X200; Warranty: 24 months"), so that a row found alone still says what it is. Spans are the rows.
 */
export const blockSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("heading"), level: z.number().int().min(1).max(6), ...blockBase }),
  z.object({ kind: z.literal("paragraph"), ...blockBase }),
  z.object({ kind: z.literal("list-item"), depth: z.number().int().min(0), ...blockBase }),
  z.object({ kind: z.literal("code"), language: z.string().nullable(), ...blockBase }),
  z.object({
    kind: z.literal("table"),
    header: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    ...blockBase,
  }),
]);
export type Block = z.infer<typeof blockSchema>;

/** `ocr`: the text was read from a picture. `mixed`: some from each. `empty`: nothing was found on the page. */
export const pageSchema = z.object({
  width: z.number(),
  height: z.number(),
  source: z.enum(["text", "ocr", "mixed", "empty"]),
});
export type Page = z.infer<typeof pageSchema>;

export const parsedDocumentSchema = z.object({
  format: documentFormatSchema,
  /** From the file's metadata or its first heading; null = the file's name stands for it. */
  title: z.string().nullable(),
  /** One for each page; empty for formats without pages. */
  pages: z.array(pageSchema),
  /** Encoding the text was decoded from, where the format leaves that open. */
  encoding: z.string().nullable(),
  blocks: z.array(blockSchema),
  warnings: z.array(readWarningSchema),
});
export type ParsedDocument = z.infer<typeof parsedDocumentSchema>;

/** Thrown by a reader. Anything else that a reader throws counts as `damaged`. */
export class ReadError extends Error {
  readonly failure: ReadFailure;
  constructor(failure: ReadFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReadError";
    this.failure = failure;
  }
}

/** What a reader gets. `bytes` is the whole file; `name` only helps to guess the format, it is never opened. */
export interface DocumentSource {
  readonly bytes: Uint8Array;
  readonly name: string;
}

export interface ReadOptions {
  /** Folder with pdf.js' character maps, fonts and wasm, and OCR language data; null: those parts are left out and said. */
  readonly resources: string | null;
  /** Languages for text in pictures, e.g. ["eng", "chi_sim"]; empty: no OCR. */
  readonly ocrLanguages: readonly string[];
  /** For an encrypted file; null: none is known. */
  readonly password: string | null;
  readonly maximumPages: number;
  /** Characters of text over all blocks; more ends with the `partial` warning. */
  readonly maximumCharacters: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One per format; pure apart from CPU and memory: it opens no file of the user and no connection. */
export type DocumentReader = (source: DocumentSource, options: ReadOptions) => Promise<ParsedDocument>;
