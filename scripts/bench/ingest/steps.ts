import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunkDocument, type ParsedDocument, searchedText } from "@deskside/knowledge";
import { readDocument } from "@deskside/knowledge/parser";
import { openEmbeddingEngine } from "../retrieval/embed-texts.ts";
import type { MadeFile } from "./make-documents.ts";

export interface Steps {
  readonly files: number;
  readonly passages: number;
  readonly tokens: number;
  /** Seconds of each step over all files, one after the other, without the product around them. */
  readonly parse: number;
  readonly chunk: number;
  readonly embed: number;
}

/** Passages of the size a new collection makes. */
const size = { targetTokens: 256, maximumTokens: 480, overlapTokens: 32 };
const textsAtOnce = 32;

export async function measureSteps(files: readonly MadeFile[], resources: string): Promise<Steps> {
  let started = performance.now();
  const lap = (): number => {
    const seconds = (performance.now() - started) / 1000;
    started = performance.now();
    return seconds;
  };
  const documents: ParsedDocument[] = [];
  for (const { name, bytes } of files) documents.push(await read(name, bytes, resources));
  const parse = lap();
  await using engine = await openEmbeddingEngine();
  lap();
  const passages = [];
  for (const [index, document] of documents.entries())
    passages.push(
      ...(await chunkDocument(document, {
        ...size,
        fallbackTitle: files[index]?.name ?? "",
        countTokens: (texts) => engine.countTokens(texts),
      })),
    );
  const chunk = lap();
  const texts = passages.map((passage) => `passage: ${searchedText(passage)}`);
  for (let from = 0; from < texts.length; from += textsAtOnce)
    await engine.embed(texts.slice(from, from + textsAtOnce));
  const tokens = passages.reduce((sum, passage) => sum + passage.tokens, 0);
  return { files: files.length, passages: passages.length, tokens, parse, chunk, embed: lap() };
}

/** Seconds a scanned page takes to be recognised; null where no `pdftoppm` makes one. */
export async function measureRecognition(pdf: MadeFile, pages: number, resources: string): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-scan-"));
  try {
    writeFileSync(join(folder, "a.pdf"), pdf.bytes);
    if (
      !runs("pdftoppm", ["-r", "200", "-gray", "-png", "-l", String(pages), join(folder, "a.pdf"), join(folder, "p")])
    )
      return null;
    const digits = String(pdf.pages).length;
    const started = performance.now();
    for (let page = 1; page <= pages; page++) {
      const name = `p-${String(page).padStart(digits, "0")}.png`;
      await read(name, readFileSync(join(folder, name)), resources);
    }
    return (performance.now() - started) / 1000 / pages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds `pdftotext` takes over the files, a process for each; null where it is not installed. */
export function measurePdftotext(pdfs: readonly MadeFile[]): number | null {
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-pdftotext-"));
  try {
    for (const { name, bytes } of pdfs) writeFileSync(join(folder, name), bytes);
    const started = performance.now();
    for (const { name } of pdfs) if (!runs("pdftotext", [join(folder, name), join(folder, `${name}.txt`)])) return null;
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** False where the program is not installed. Throws when it fails. */
function runs(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function read(name: string, bytes: Buffer, resources: string): Promise<ParsedDocument> {
  return readDocument(
    { bytes: new Uint8Array(bytes), name },
    { resources, ocrLanguages: ["eng"], password: null, maximumPages: 1_000, maximumCharacters: 1e8 },
  );
}
