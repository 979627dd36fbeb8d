import {
  buildPdf,
  type PdfPage,
  type PdfRun,
  pdfLines,
  pdfParagraph,
  pdfRunningLines,
  pdfTable,
} from "@deskside/testing/documents";
import { describe, expect, it } from "vitest";
import type { Block, ParsedDocument, ReadOptions } from "../../document/document-schemas.ts";
import { readDocument } from "../read-document.ts";

async function read(
  pages: readonly PdfPage[],
  more: Partial<ReadOptions> & { lockedBy?: string; title?: string } = {},
) {
  const { lockedBy, title, ...options } = more;
  const parts = { pages, ...(lockedBy === undefined ? {} : { password: lockedBy }), ...(title ? { title } : {}) };
  return await readDocument(
    { name: "a.pdf", bytes: buildPdf(parts) },
    {
      ...{ resources: null, ocrLanguages: [], password: null, maximumPages: 100, maximumCharacters: 1_000_000 },
      ...options,
    },
  );
}

const outline = ({ blocks }: ParsedDocument) => blocks.map(({ kind, text }) => `${kind}: ${text}`);
const textOf = ({ blocks }: ParsedDocument) => blocks.map(({ text }) => text).join("\n");
const pagesOf = (block: Block | undefined) =>
  block?.spans.map(({ place }) => (place.kind === "page" ? place.page : null));

const sentence = "The pump in the second hall has run without a fault since the spring of last year.";
const words = (count: number, of: string) => Array.from({ length: count }, (_, index) => `${of}${index}`).join(" ");
const body = { x: 56, width: 480, size: 11 };
const line = (text: string, y = 700): PdfRun => ({ text, x: 72, y, size: 12 });

describe("blocks of a PDF", () => {
  it("headings by their size, paragraphs by their distance, lists by their marks", async () => {
    const document = await read([
      {
        runs: [
          { text: "Handbook", x: 56, y: 780, size: 24 },
          { text: "Care", x: 56, y: 740, size: 16 },
          ...pdfParagraph(`${sentence} ${sentence}`, { ...body, y: 710 }),
          ...pdfParagraph(sentence, { ...body, y: 660 }),
          ...pdfLines(["1. Stop the pump", "2. Close the valve"], { ...body, y: 620 }),
          { text: "Oil", x: 56, y: 580, size: 13 },
          ...pdfParagraph(sentence, { ...body, y: 560 }),
        ],
      },
    ]);
    expect(outline(document)).toEqual([
      "heading: Handbook",
      "heading: Care",
      `paragraph: ${sentence} ${sentence}`,
      `paragraph: ${sentence}`,
      "list-item: 1. Stop the pump",
      "list-item: 2. Close the valve",
      "heading: Oil",
      `paragraph: ${sentence}`,
    ]);
    expect(document.blocks.flatMap((block) => (block.kind === "heading" ? [block.level] : []))).toEqual([1, 2, 3]);
    expect(document).toMatchObject({ title: "Handbook", pages: [{ width: 595, height: 842, source: "text" }] });
  });

  it("text of a landscape page among others is no heading for being higher on its page", async () => {
    const upright = { runs: pdfParagraph(`${sentence} ${sentence}`, { ...body, y: 700 }) };
    const landscape = { width: 842, height: 595, runs: pdfParagraph(sentence, { ...body, y: 500 }) };
    expect((await read([upright, landscape, upright])).blocks.map(({ kind }) => kind)).toEqual(
      Array(3).fill("paragraph"),
    );
  });

  it("two columns one after the other, below a heading over both", async () => {
    const [left, right] = [words(160, "left"), words(160, "right")];
    const document = await read([
      {
        runs: [
          { text: "A heading that goes over both columns of it", x: 56, y: 780, size: 20 },
          ...pdfParagraph(left, { x: 56, y: 740, width: 230, size: 10 }),
          ...pdfParagraph(right, { x: 310, y: 740, width: 230, size: 10 }),
        ],
      },
    ]);
    // The sentence goes on in the next column: it is one paragraph.
    expect(outline(document)).toEqual([
      "heading: A heading that goes over both columns of it",
      `paragraph: ${left} ${right}`,
    ]);
  });

  it("a table keeps its rows, and each row says what its values are", async () => {
    const document = await read([
      {
        runs: [
          ...pdfParagraph(sentence, { ...body, y: 760 }),
          ...pdfTable(
            [
              ["Pump", "Flow", "Head"],
              ["P-101", "118", "42"],
              ["P-103", "104", "39"],
              ["P-104", "99", "38"],
            ],
            { columns: [56, 200, 340], y: 700, size: 11 },
          ),
          ...pdfParagraph(sentence, { ...body, y: 560 }),
        ],
      },
    ]);
    expect(outline(document)).toEqual([
      `paragraph: ${sentence}`,
      "table: Pump: P-101; Flow: 118; Head: 42\nPump: P-103; Flow: 104; Head: 39\nPump: P-104; Flow: 99; Head: 38",
      `paragraph: ${sentence}`,
    ]);
    expect(document.blocks[1]).toMatchObject({
      header: ["Pump", "Flow", "Head"],
      rows: [["P-101", "118", "42"], {}, {}],
    });
    expect(pagesOf(document.blocks[1])).toEqual([1, 1, 1]);
  });

  it("a word cut at a line's end is whole again, a word with a hyphen of its own stays", async () => {
    const lines = ["The mainte-", "nance of the pump is due, says the DIN-", "Norm of the well-known kind."];
    const document = await read([{ runs: pdfLines(lines, { ...body, y: 700 }) }]);
    expect(textOf(document)).toBe("The maintenance of the pump is due, says the DIN- Norm of the well-known kind.");
  });

  it("Chinese by the map in the file, without blanks between lines; ligatures as letters", async () => {
    const document = await read([
      { runs: pdfLines(["泵的保修期为24个月，", "从安装之日起计算。"], { ...body, y: 700 }) },
      { runs: [line("the e\ufb03cient \ufb01lter of 泵 P-101")] },
    ]);
    expect(textOf(document)).toBe("泵的保修期为24个月，从安装之日起计算。\nthe efficient filter of 泵 P-101");
  });

  it("what is on every page at the same place is no text of the document", async () => {
    const pages = Array.from({ length: 4 }, (_, index) => ({
      runs: [
        ...pdfRunningLines("Handbook of pumps", `Page ${index + 1} of 4`),
        line(`Only page ${index + 1} says it.`),
      ],
    }));
    expect(textOf(await read(pages))).toBe([1, 2, 3, 4].map((page) => `Only page ${page} says it.`).join("\n"));
  });

  it("a stamp across the page and words beside it are left out", async () => {
    const document = await read([
      {
        runs: [
          line(sentence),
          { text: "DRAFT COPY", x: 150, y: 300, size: 70, angle: 45 },
          { ...line(sentence), x: 700 },
        ],
      },
    ]);
    expect(textOf(document)).toBe(sentence);
  });
});

describe("limits and refusals of a PDF", () => {
  const page = { runs: [line(sentence)] };
  const blank = {
    images: [{ pixels: new Uint8Array(4), pixelWidth: 2, pixelHeight: 2, x: 0, y: 0, width: 595, height: 842 }],
  };

  it("a password is asked for, checked, and opens", async () => {
    const lockedBy = "correct horse";
    await expect(read([page], { lockedBy })).rejects.toMatchObject({ failure: "password", message: "encrypted" });
    const wrong = read([page], { lockedBy, password: "battery" });
    await expect(wrong).rejects.toMatchObject({ failure: "password", message: "wrong password" });
    expect(textOf(await read([page], { lockedBy, password: lockedBy }))).toBe(sentence);
  });

  it("pages up to the limit, not one more", async () => {
    expect((await read([page, page, page], { maximumPages: 3 })).pages).toHaveLength(3);
    const four = read([page, page, page, page], { maximumPages: 3 });
    await expect(four).rejects.toMatchObject({ failure: "too-many-pages" });
  });

  it("text up to the limit, and it is said that there is more", async () => {
    const long = { runs: pdfLines(Array<string>(60).fill(sentence), { ...body, y: 800 }) };
    const document = await read([long, long, long], { maximumCharacters: 6000 });
    expect(textOf(document).length).toBeGreaterThan(5000);
    expect(textOf(document).length).toBeLessThanOrEqual(6001);
    expect(document.warnings).toEqual([{ code: "partial", count: 1 }]);
  });

  it("pages that are pictures need recognition: said for a whole file, counted among others", async () => {
    await expect(read([blank])).rejects.toMatchObject({ failure: "scanned-without-ocr" });
    const document = await read([page, blank, blank]);
    expect(document).toMatchObject({
      warnings: [{ code: "pages-without-text", count: 2 }],
      pages: [{ source: "text" }, { source: "empty" }, { source: "empty" }],
    });
  });

  it("the title that the file states, unless it is the name of a file", async () => {
    expect((await read([page], { title: "A report (final)" })).title).toBe("A report (final)");
    expect((await read([page], { title: "report-v2.docx" })).title).toBeNull();
  });
});
