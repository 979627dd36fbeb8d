import { buildDocx, docx } from "@deskside/testing/documents";
import { createRandom } from "../retrieval/mixed-passages.ts";
import { linesOnPage, writePdf } from "./write-pdf.ts";

export interface MadeFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Of PDFs; other formats have none. */
  readonly pages: number;
}

const formats = ["txt", "md", "html", "docx"] as const;

/** `count` files of one page of text or two in four formats, each unlike every other, the same for the same seed. */
export function makeTextFiles(count: number, seed: number): MadeFile[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const format = formats[index % formats.length] ?? "txt";
    const title = `Report ${index + 1} on ${word(random)} ${word(random)}`;
    const paragraphs = Array.from({ length: 6 + Math.floor(random() * 6) }, () => paragraphOf(random));
    return { name: `report-${index + 1}.${format}`, bytes: inFormat(format, title, paragraphs), pages: 0 };
  });
}

/** Files of a sentence or two. */
export function makeSmallFiles(count: number, seed: number): MadeFile[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    name: `note-${index + 1}.txt`,
    bytes: Buffer.from(`Note ${index + 1}. ${sentenceOf(random)} ${sentenceOf(random)}\n`),
    pages: 0,
  }));
}

/** PDFs of `pages` full pages with a text layer. */
export function makePdfs(count: number, pages: number, seed: number): MadeFile[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const text = Array.from({ length: pages }, () => linesOf(random));
    return { name: `paper-${index + 1}.pdf`, bytes: writePdf(text), pages };
  });
}

function inFormat(format: (typeof formats)[number], title: string, paragraphs: readonly string[]): Buffer {
  if (format === "docx")
    return buildDocx({ body: docx.heading(1, title) + paragraphs.map((one) => docx.paragraph(one)).join("") });
  if (format === "html") {
    const body = paragraphs.map((one) => `<p>${one}</p>`).join("\n");
    return Buffer.from(`<!doctype html><title>${title}</title><main><h1>${title}</h1>\n${body}</main>`);
  }
  return Buffer.from(`${format === "md" ? "# " : ""}${title}\n\n${paragraphs.join("\n\n")}\n`);
}

function linesOf(random: () => number): string[] {
  const lines: string[] = [];
  let line = "";
  while (lines.length < linesOnPage) {
    for (const part of sentenceOf(random).split(" ")) {
      if (line.length + part.length > 84) {
        lines.push(line);
        line = "";
      }
      line += line === "" ? part : ` ${part}`;
    }
  }
  return lines.slice(0, linesOnPage);
}

function paragraphOf(random: () => number): string {
  return Array.from({ length: 4 + Math.floor(random() * 3) }, () => sentenceOf(random)).join(" ");
}

function sentenceOf(random: () => number): string {
  const words = Array.from({ length: 9 + Math.floor(random() * 9) }, () =>
    random() < 0.08 ? String(Math.floor(random() * 5000)) : word(random),
  ).join(" ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const beginnings = "con pre in re de ex sub trans over under pro dis".split(" ");
const stems = "form struct port press duct spect vent ject tract scrib flect vers plic serv cept mit".split(" ");
const endings = "ion ing ed or ive ure ment s able".split(" ");

function word(random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const kind = random();
  if (kind < 0.35) return pick("the of and to in for with on is was by at from that this are".split(" "));
  return pick(beginnings) + pick(stems) + (kind < 0.8 ? pick(endings) : "");
}
