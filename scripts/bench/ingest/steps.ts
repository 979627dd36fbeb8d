import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { chunkDocument, type ParsedDocument, type Passage, ReadError, searchedText } from "@deskside/knowledge";
import { ocrLanguages } from "@deskside/contract";
import { chooseThreads } from "@deskside/hardware";
import { type EmbeddingEngine, embeddingModelBytes, openEmbeddingEngine } from "../retrieval/embed-texts.ts";
import { type BuiltParser, openBuiltParser, readerResources } from "./built-parser.ts";
import { type MadeFile, makePdfs, makeReports } from "./documents/make-documents.ts";
import { makeScans } from "./documents/make-scans.ts";

/** Seconds are sums over the files, one after the other. */
export interface StepRow {
  readonly kind: string;
  readonly files: number;
  readonly pages: number;
  readonly passages: number;
  readonly tokens: number;
  readonly parse: number;
  readonly recognise: number;
  readonly chunk: number;
  readonly embed: number;
}

export interface Steps {
  readonly rows: readonly StepRow[];
  /** Of parsing: processes started for it, and what one takes at least until it has read a short Word file. */
  readonly processes: number;
  readonly startSeconds: number;
}

export interface MixedSet {
  readonly kind: string;
  readonly files: readonly MadeFile[];
}

/** Passages as a new collection makes them. */
const size = { targetTokens: 256, maximumTokens: 480, overlapTokens: 32 };
/** As many as the backend hands to its engine at once. */
const textsAtOnce = 4;
const startTries = 5;

/** Files of every kind, half of each in Chinese. Scans are left out where no poppler draws them. */
export function makeMixedSet(folder: string): MixedSet[] {
  const fonts = join(readerResources, "standard_fonts");
  const pdf = (name: string, count: number, pages: number, seed: number) =>
    makePdfs(join(folder, name), { ...{ count, seed, fonts }, pages: [pages, pages], chineseEvery: 2 });
  const scans = makeScans(join(folder, "scans"), pdf("to-scan", 2, 2, 22));
  return [
    { kind: "PDF with text", files: pdf("pdf", 2, 10, 21) },
    ...(scans === null ? [] : [{ kind: "PDF of scans", files: scans }]),
    { kind: "Word", files: makeReports(join(folder, "docx"), "docx", { count: 6, seed: 23 }) },
    { kind: "Excel", files: makeReports(join(folder, "xlsx"), "xlsx", { count: 6, seed: 24 }) },
    { kind: "Markdown", files: makeReports(join(folder, "md"), "md", { count: 6, seed: 25 }) },
    { kind: "plain text", files: makeReports(join(folder, "txt"), "txt", { count: 6, seed: 26 }) },
  ];
}

/** Each step by itself over each kind of file: reading, passages, vectors. */
export async function measureSteps(folder: string, sets: readonly MixedSet[]): Promise<Steps> {
  await using parser = openBuiltParser();
  const startSeconds = await measureStart(parser, folder);
  // Its threads as the product plans them, but for cores that share their units.
  const [cores, weightBytes] = [availableParallelism(), embeddingModelBytes];
  const threads = chooseThreads({ physicalCores: cores, availableParallelism: cores, weightBytes });
  await using engine = await openEmbeddingEngine({ threads });
  const rows: StepRow[] = [];
  let processes = 0;
  for (const { kind, files } of sets) {
    process.stderr.write(`\rsteps: ${kind}\x1b[K`);
    const read = await readAll(parser, files);
    processes += read.processes;
    rows.push({ kind, ...read.figures, ...(await makeSearchable(engine, read.documents)) });
  }
  process.stderr.write("\r\x1b[K");
  return { rows, processes, startSeconds };
}

async function measureStart(parser: BuiltParser, folder: string): Promise<number> {
  const [file] = makeReports(join(folder, "start"), "docx", { count: 1, seed: 20 });
  let seconds = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < startTries; attempt++) {
    const started = performance.now();
    await parser.read(file?.path ?? "", []);
    seconds = Math.min(seconds, since(started));
  }
  return seconds;
}

interface Read {
  readonly documents: readonly { readonly name: string; readonly document: ParsedDocument }[];
  /** Started for parsing. */
  readonly processes: number;
  readonly figures: Pick<StepRow, "files" | "pages" | "parse" | "recognise">;
}

/**
 * Recognition is what a file takes longer with languages than without: without them a scan is opened, found to have no
 * text and given up.
 */
async function readAll(parser: BuiltParser, files: readonly MadeFile[]): Promise<Read> {
  const documents: { name: string; document: ParsedDocument }[] = [];
  let [parse, recognise, pages, processes] = [0, 0, 0, 0];
  for (const file of files) {
    const [started, before] = [performance.now(), parser.started];
    const plain = await parser.read(file.path, []).catch((error: unknown) => {
      if (error instanceof ReadError && error.failure === "scanned-without-ocr") return null;
      throw error;
    });
    const opened = performance.now();
    processes += parser.started - before;
    const document = plain ?? (await parser.read(file.path, ocrLanguages));
    parse += (opened - started) / 1000;
    if (plain === null) recognise += since(opened) - (opened - started) / 1000;
    pages += file.pages;
    documents.push({ name: basename(file.path), document });
  }
  return { documents, processes, figures: { files: files.length, pages, parse, recognise } };
}

async function makeSearchable(engine: EmbeddingEngine, documents: Read["documents"]) {
  const passages: Passage[] = [];
  const started = performance.now();
  for (const { name, document } of documents) {
    const countTokens = (texts: readonly string[]) => engine.countTokens(texts);
    passages.push(...(await chunkDocument(document, { ...size, fallbackTitle: name, countTokens })));
  }
  const chunk = since(started);
  const texts = passages.map((passage) => `passage: ${searchedText(passage)}`);
  const embedding = performance.now();
  for (let from = 0; from < texts.length; from += textsAtOnce)
    await engine.embed(texts.slice(from, from + textsAtOnce));
  const tokens = passages.reduce((sum, passage) => sum + passage.tokens, 0);
  return { passages: passages.length, tokens, chunk, embed: since(embedding) };
}

function since(started: number): number {
  return (performance.now() - started) / 1000;
}
