import type { DocumentFormat, DocumentSource } from "../document/document-schemas.ts";
import { ReadError } from "../document/document-schemas.ts";
import { openZip, type ZipFile } from "./zip/open-zip.ts";

export interface RecognisedFormat {
  readonly format: DocumentFormat;
  /** Of source code, as it is called after three backticks. */
  readonly language: string | null;
}

const codeLanguages: Readonly<Record<string, string>> = {
  ...{ js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "jsx", ts: "typescript", tsx: "tsx", py: "python" },
  ...{
    c: "c",
    h: "c",
    cpp: "cpp",
    cc: "cpp",
    hpp: "cpp",
    cs: "csharp",
    java: "java",
    kt: "kotlin",
    go: "go",
    rs: "rust",
  },
  ...{
    rb: "ruby",
    php: "php",
    swift: "swift",
    sh: "bash",
    ps1: "powershell",
    bat: "bat",
    sql: "sql",
    r: "r",
    m: "matlab",
  },
  ...{
    json: "json",
    yaml: "yaml",
    yml: "yaml",
    toml: "toml",
    xml: "xml",
    ini: "ini",
    css: "css",
    scss: "scss",
    vue: "vue",
  },
  ...{ lua: "lua", pl: "perl", scala: "scala", dart: "dart", st: "iecst", scl: "scl", tex: "latex" },
};

const textFormats: Readonly<Record<string, DocumentFormat>> = {
  ...{
    md: "markdown",
    markdown: "markdown",
    csv: "csv",
    tsv: "csv",
    tab: "csv",
    html: "html",
    htm: "html",
    xhtml: "html",
  },
  ...{ eml: "email", txt: "text", text: "text", log: "text" },
};

const startsWith = (bytes: Uint8Array, mark: readonly number[], at = 0): boolean =>
  mark.every((byte, index) => bytes[at + index] === byte);

/** What a file is by its content; the name decides between kinds of text. Throws ReadError("unsupported-format"). */
export function formatOf({ bytes, name }: DocumentSource): RecognisedFormat {
  const binary = binaryFormat(bytes);
  if (binary !== null) return { format: binary, language: null };
  const extension = /\.([^./\\]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (isBinary(bytes)) throw new ReadError("unsupported-format", extension === "" ? "unknown" : extension);
  const language = codeLanguages[extension];
  if (language !== undefined) return { format: "code", language };
  const known = textFormats[extension];
  if (known !== undefined) return { format: known, language: null };
  return { format: textFormat(bytes), language: null };
}

function binaryFormat(bytes: Uint8Array): DocumentFormat | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  if (head.includes("%PDF-")) return "pdf";
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]) || startsWith(bytes, [0xff, 0xd8, 0xff])) return "image";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "image";
  if (head.startsWith("GIF8") || (/^BM.{12}/s.test(head.slice(0, 20)) && bytes[14] === 40)) return "image";
  if (startsWith(bytes, [0x50, 0x4b, 3, 4]) || startsWith(bytes, [0x50, 0x4b, 5, 6])) return zipFormat(openZip(bytes));
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return compoundFormat(bytes);
  return null;
}

function zipFormat(zip: ZipFile): DocumentFormat {
  if (zip.has("word/document.xml")) return "docx";
  if (zip.has("xl/workbook.xml") || zip.has("xl/workbook.bin")) return "xlsx";
  if (zip.has("ppt/presentation.xml")) return "pptx";
  const type = zip.has("mimetype") ? zip.text("mimetype").trim() : "";
  if (type === "application/epub+zip") return "epub";
  if (type.includes("opendocument.text")) return "odt";
  if (type.includes("opendocument.spreadsheet")) return "ods";
  if (type.includes("opendocument.presentation")) return "odp";
  throw new ReadError("unsupported-format", "zip");
}

/** The old formats of Office, and encrypted ones of the new. Names inside are UTF-16. */
function compoundFormat(bytes: Uint8Array): DocumentFormat {
  const has = (word: string) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(word, "utf16le"));
  if (has("EncryptedPackage")) throw new ReadError("password", "an encrypted Office file");
  if (has("Workbook") || has("Book")) return "xlsx";
  throw new ReadError("unsupported-format", has("WordDocument") ? "doc" : "an old Office format");
}

/** Control characters that no text has. */
function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 8192);
  if (startsWith(sample, [0xff, 0xfe]) || startsWith(sample, [0xfe, 0xff])) return false;
  let [zeros, controls] = [0, 0];
  for (const byte of sample) {
    if (byte === 0) zeros++;
    else if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) controls++;
  }
  // UTF-16 of Latin text has a zero in every second place.
  return (
    controls > sample.length * 0.02 || (zeros > sample.length * 0.02 && Math.abs(zeros / sample.length - 0.5) > 0.2)
  );
}

function textFormat(bytes: Uint8Array): DocumentFormat {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(head)) return "html";
  if (
    /^(?:Received|From|Return-Path|MIME-Version|Date|Delivered-To): /im.test(head.slice(0, 400)) &&
    /^Subject: /im.test(head)
  )
    return "email";
  return "text";
}
