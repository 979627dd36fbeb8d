import { join } from "node:path";
import { median } from "../product/speed.ts";
import { openBuiltParser, readerResources } from "./built-parser.ts";
import { type MadeFile, makePdfs } from "./documents/make-documents.ts";
import { runProgram } from "./run-program.ts";

interface Reading {
  /** Seconds of all files, and of a file of one page, which is nearly all start. */
  readonly all: number;
  readonly onePage: number;
  /** Characters found, white space left out. */
  readonly characters: number;
}

export interface PdfSpeed {
  readonly files: number;
  readonly pages: number;
  readonly ours: Reading;
  /** Null: it is not installed. */
  readonly pdftotext: Reading | null;
}

const rounds = 3;

/** The text; null where the program is not installed. */
type Read = (file: MadeFile) => Promise<string | null>;

/** PDFs of 10 to 30 pages, every fourth in Chinese, read by both in turns, a process for each file and reader. */
export async function comparePdfs(folder: string, count: number): Promise<PdfSpeed> {
  const order = { count, seed: 11, chineseEvery: 4, fonts: join(readerResources, "standard_fonts") };
  const pdfs = makePdfs(join(folder, "pdfs"), { ...order, pages: [10, 30] });
  const onePage = makePdfs(join(folder, "one-page"), { ...order, pages: [1, 1] });
  await using parser = openBuiltParser();
  const readers: Read[] = [
    async ({ path }) => (await parser.read(path, [])).blocks.map(({ text }) => text).join("\n"),
    async ({ path }) => runProgram("pdftotext", [path, "-"]),
  ];
  if (runProgram("pdftotext", ["-listenc"]) === null) readers.pop();
  const laps: { whole: Lap[]; one: Lap[] }[] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`\rPDFs, round ${round} of ${rounds}   `);
    laps.push({ whole: await readInTurns(readers, pdfs), one: await readInTurns(readers, onePage) });
  }
  process.stderr.write("\r\x1b[K");
  const readingOf = (reader: number): Reading => ({
    all: median(laps.flatMap(({ whole }) => whole[reader]?.seconds ?? [])),
    onePage: median(laps.flatMap(({ one }) => one[reader]?.seconds ?? [])) / count,
    characters: laps[0]?.whole[reader]?.characters ?? 0,
  });
  const pages = pdfs.reduce((sum, file) => sum + file.pages, 0);
  return { files: count, pages, ours: readingOf(0), pdftotext: readers.length > 1 ? readingOf(1) : null };
}

interface Lap {
  readonly seconds: number;
  readonly characters: number;
}

/** Each file by every reader before the next one: what else the machine does meets all of them. */
async function readInTurns(readers: readonly Read[], files: readonly MadeFile[]): Promise<Lap[]> {
  const laps = readers.map(() => ({ seconds: 0, characters: 0 }));
  for (const file of files) {
    for (const [index, lap] of laps.entries()) {
      const started = performance.now();
      const text = await readers[index]?.(file);
      lap.seconds += (performance.now() - started) / 1000;
      lap.characters += text?.replaceAll(/\s/g, "").length ?? 0;
    }
  }
  return laps;
}
