import {
  type DocumentFormat,
  type DocumentReader,
  type DocumentSource,
  ReadError,
} from "../document/document-schemas.ts";
import { finishDocument } from "./finish-document.ts";
import { readImage } from "./image/read-image.ts";
import { readDocx } from "./office/read-docx.ts";
import { createOpenDocumentReader } from "./office/read-open-document.ts";
import { readPptx } from "./office/read-pptx.ts";
import { createSheetReader } from "./office/read-sheets.ts";
import { readPdf } from "./pdf/read-pdf.ts";
import { formatOf } from "./recognise-format.ts";
import { createCodeReader, readPlainText } from "./text/read-plain-text.ts";
import { readCsv } from "./text/read-csv.ts";
import { readMarkdown } from "./text/read-markdown.ts";
import { readEmail } from "./web/read-email.ts";
import { readEpub } from "./web/read-epub.ts";
import { readHtml } from "./web/read-html.ts";

const readers: Readonly<Record<Exclude<DocumentFormat, "code">, DocumentReader>> = {
  pdf: readPdf,
  docx: readDocx,
  pptx: readPptx,
  xlsx: createSheetReader("xlsx"),
  ods: createSheetReader("ods"),
  odt: createOpenDocumentReader("odt"),
  odp: createOpenDocumentReader("odp"),
  epub: readEpub,
  html: readHtml,
  markdown: readMarkdown,
  text: readPlainText,
  csv: readCsv,
  email: readEmail,
  image: readImage,
};

/** Reads a document of whatever format, told from its content. Throws ReadError, or anything a reader stumbles over. */
export const readDocument: DocumentReader = async (source: DocumentSource, options) => {
  if (source.bytes.length === 0) throw new ReadError("empty", "no bytes");
  const { format, language } = formatOf(source);
  const reader = format === "code" ? createCodeReader(language) : readers[format];
  const document = finishDocument(await reader(source, options), options);
  if (document.blocks.length === 0) throw new ReadError("empty", "no text");
  return document;
};
