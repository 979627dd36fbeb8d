import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../../retrieval/xquad.ts";
import { createSentenceWriter, type SentenceWriter } from "./sample-text.ts";
import { type Section, writeDocx, writeXlsx } from "./write-office.ts";
import { lineLength, linesOnPage, writePdf } from "./write-pdf.ts";

export interface MadeFile {
  readonly path: string;
  /** Of a PDF; files of other formats count as one. */
  readonly pages: number;
}

export type TextFormat = "docx" | "xlsx" | "md" | "txt";

export interface PdfOrder {
  readonly count: number;
  readonly seed: number;
  /** Least and most pages. */
  readonly pages: readonly [number, number];
  /** Of these files one is Chinese: 2 for every other one. */
  readonly chineseEvery: number;
  /** Folder of the font that is embedded. */
  readonly fonts: string;
}

/** PDFs of full pages with a text layer. The same order gives the same files. */
export function makePdfs(folder: string, { count, seed, pages: [least, most], chineseEvery, fonts }: PdfOrder) {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index): MadeFile => {
    const writer = writerFor(index, seed, chineseEvery);
    const pages = Array.from({ length: least + writer.pick(most - least + 1) }, () => fillPage(writer));
    const title = titleOf(writer, index);
    const path = join(folder, `paper-${index + 1}.pdf`);
    writeFileSync(path, writePdf({ language: writer.language, title, pages }, fonts));
    return { path, pages: pages.length };
  });
}

/** Files of a page or two in one format, every other one in Chinese. */
export function makeReports(folder: string, format: TextFormat, { count, seed }: { count: number; seed: number }) {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const writer = writerFor(index, seed, 2);
    const sections = Array.from({ length: 3 }, () => ({
      heading: titleOf(writer, index),
      paragraphs: Array.from({ length: 2 + writer.pick(3) }, writer.paragraph),
    }));
    return writeFormat(folder, `report-${index + 1}`, format, { writer, sections });
  });
}

/** Files of a sentence, every fourth in Chinese; of ten, one is a Word file, one a sheet, four Markdown, four text. */
export function makeNotes(folder: string, { count, seed }: { count: number; seed: number }): MadeFile[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const writer = writerFor(index, seed, 4);
    const sections = [{ heading: titleOf(writer, index), paragraphs: [writer.sentence()] }];
    const format = index % 10 === 4 ? "docx" : index % 10 === 9 ? "xlsx" : index % 2 === 0 ? "md" : "txt";
    return writeFormat(folder, `note-${String(index + 1).padStart(5, "0")}`, format, { writer, sections });
  });
}

function writerFor(index: number, seed: number, chineseEvery: number): SentenceWriter {
  const language: Language = index % chineseEvery === chineseEvery - 1 ? "zh" : "en";
  return createSentenceWriter(language, seed * 100_003 + index);
}

function titleOf(writer: SentenceWriter, index: number): string {
  const words = writer.sentence();
  return writer.language === "en"
    ? `${index + 1} ${words.split(" ").slice(0, 5).join(" ")}`
    : `${index + 1} ${words.slice(0, 12)}`;
}

function writeFormat(
  folder: string,
  name: string,
  format: TextFormat,
  { writer, sections }: { writer: SentenceWriter; sections: readonly Section[] },
): MadeFile {
  const path = join(folder, `${name}.${format}`);
  if (format === "docx") writeFileSync(path, writeDocx(sections));
  else if (format === "xlsx") writeFileSync(path, writeXlsx(rowsOf(sections, writer)));
  else writeFileSync(path, sections.map((section) => plainText(section, format)).join("\n"));
  return { path, pages: 1 };
}

function plainText({ heading, paragraphs }: Section, format: "md" | "txt"): string {
  return `${format === "md" ? "# " : ""}${heading}\n\n${paragraphs.join("\n\n")}\n`;
}

function rowsOf(sections: readonly Section[], { pick }: SentenceWriter): (string | number)[][] {
  const head = ["Item", "Description", "Quantity", "Price"];
  const texts = sections.flatMap(({ heading, paragraphs }) => paragraphs.map((text) => [heading, text] as const));
  return [head, ...texts.map(([heading, text]) => [heading, text.slice(0, 200), pick(500), pick(100_000) / 100])];
}

function fillPage(writer: SentenceWriter): string[] {
  const lines: string[] = [];
  while (lines.length < linesOnPage) lines.push(...breakLines(writer.paragraph(), writer.language), "");
  return lines.slice(0, linesOnPage);
}

function breakLines(text: string, language: Language): string[] {
  const length = lineLength[language];
  if (language === "zh") return text.match(new RegExp(`.{1,${length}}`, "gu")) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + word.length >= length) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}
