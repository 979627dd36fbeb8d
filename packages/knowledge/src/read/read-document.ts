import {
  type DocumentFormat,
  type DocumentReader,
  type DocumentSource,
  ReadError,
} from "../document/document-schemas.ts";
import { finishDocument } from "./finish-document.ts";
import { formatOf } from "./recognise-format.ts";

/**
 * Each is loaded when its format comes: a process reads one document, and loading every library took longer than
 * reading most of them.
 */
const readers: Readonly<Record<Exclude<DocumentFormat, "code">, () => Promise<DocumentReader>>> = {
  pdf: async () => (await import("./pdf/read-pdf.ts")).readPdf,
  docx: async () => (await import("./office/read-docx.ts")).readDocx,
  pptx: async () => (await import("./office/read-pptx.ts")).readPptx,
  xlsx: async () => (await import("./office/read-sheets.ts")).createSheetReader("xlsx"),
  ods: async () => (await import("./office/read-sheets.ts")).createSheetReader("ods"),
  odt: async () => (await import("./office/read-open-document.ts")).createOpenDocumentReader("odt"),
  odp: async () => (await import("./office/read-open-document.ts")).createOpenDocumentReader("odp"),
  epub: async () => (await import("./web/read-epub.ts")).readEpub,
  html: async () => (await import("./web/read-html.ts")).readHtml,
  markdown: async () => (await import("./text/read-markdown.ts")).readMarkdown,
  text: async () => (await import("./text/read-plain-text.ts")).readPlainText,
  csv: async () => (await import("./text/read-csv.ts")).readCsv,
  email: async () => (await import("./web/read-email.ts")).readEmail,
  image: async () => (await import("./image/read-image.ts")).readImage,
};

/** Reads a document of whatever format, told from its content. Throws ReadError, or anything a reader stumbles over. */
export const readDocument: DocumentReader = async (source: DocumentSource, options) => {
  if (source.bytes.length === 0) throw new ReadError("empty", "no bytes");
  const { format, language } = formatOf(source);
  const reader =
    format === "code"
      ? (await import("./text/read-plain-text.ts")).createCodeReader(language)
      : await readers[format]();
  const document = finishDocument(await reader(source, options), options);
  if (document.blocks.length === 0) throw new ReadError("empty", "no text");
  return document;
};
