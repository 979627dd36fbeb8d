import {
  buildPdf,
  type PdfPage,
  pdfLines,
  pdfParagraph,
  type PdfRun,
  pdfTable,
  pdfTextWidth,
} from "@deskside/testing/documents";
import { expect, it } from "vitest";
import type { Box } from "../../document/document-schemas.ts";
import { readDocument } from "../read-document.ts";

const options = { resources: null, ocrLanguages: [], password: null, maximumPages: 9, maximumCharacters: 1_000_000 };

interface Line {
  readonly text: string;
  /** Points of the page as it is shown, from its upper left corner. */
  readonly box: Box;
}

/** As they were read, each with its own box. */
async function linesOf(page: PdfPage): Promise<Line[]> {
  const { blocks, pages } = await readDocument({ name: "a.pdf", bytes: buildPdf({ pages: [page] }) }, options);
  const { width = 0, height = 0 } = pages[0] ?? {};
  return blocks.flatMap(({ text, spans }) =>
    spans.flatMap(({ start, end, place }) => {
      const [box] = place.kind === "page" ? place.boxes : [];
      if (!box) return [];
      const inPoints = { x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height };
      return [{ text: text.slice(start, end), box: inPoints }];
    }),
  );
}

/** Where a run is to be seen, worked out from what the file says: its four corners, turned as it and its page are. */
function shownBox({ text, x, y, size, angle = 0 }: PdfRun, page: PdfPage): Box {
  const { width = 595, height = 842, rotate = 0, origin = [0, 0], unit = 1 } = page;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const corners = [0, pdfTextWidth(text, size)].flatMap((along) =>
    [-0.15 * size, 0.85 * size].map((up) => {
      const [left, top] = [x + along * cos - up * sin - origin[0], height - (y + along * sin + up * cos - origin[1])];
      if (rotate === 90) return [height - top, left] as const;
      if (rotate === 180) return [width - left, height - top] as const;
      if (rotate === 270) return [top, width - left] as const;
      return [left, top] as const;
    }),
  );
  const [xs, ys] = [corners.map(([left]) => left * unit), corners.map(([, top]) => top * unit)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

const sentence = "The pump in the second hall has run without a fault since the spring of last year.";
const many = (of: string) => Array.from({ length: 120 }, (_, index) => `${of}${index}`).join(" ");
const sideways = (angle: number, x: number, y: number): PdfRun[] =>
  [0, 1, 2].map((index) => ({
    text: `Line ${index} of the text that is turned`,
    x: x + index * 20,
    y,
    size: 12,
    angle,
  }));

const pages: readonly (readonly [string, PdfPage])[] = [
  ["a page", { runs: [{ text: "Heading", x: 56, y: 780, size: 22 }, ...paragraph(56, 740, sentence.repeat(4))] }],
  ["two columns", { runs: [...paragraph(56, 740, many("left"), 230), ...paragraph(310, 740, many("right"), 230)] }],
  ["Chinese", { runs: pdfLines(["泵的保修期为24个月，", "从安装之日起计算。"], { x: 56, y: 700, size: 14 }) }],
  ["coordinates that begin elsewhere", { origin: [-300, 1000], runs: paragraph(-200, 1700, sentence.repeat(3)) }],
  ["a unit of its own", { width: 300, height: 400, unit: 3, runs: paragraph(20, 350, sentence, 250) }],
  ["the edges", { runs: [edge(1, 829), edge(300, 3)] }],
  ["a page turned by 90°, its text upright when shown", { rotate: 90, runs: sideways(90, 100, 100) }],
  ["a page turned by 180°, its text upright when shown", { rotate: 180, runs: upsideDown() }],
  ["a page turned by 270°, its text upright when shown", { rotate: 270, runs: sideways(-90, 100, 700).reverse() }],
  ["a page turned by 90°, its text along the side", { rotate: 90, runs: paragraph(56, 740, sentence.repeat(2)) }],
  ["a page turned by 180°, its text upside down", { rotate: 180, runs: paragraph(56, 740, sentence.repeat(2)) }],
  ["text that climbs", { runs: sideways(90, 100, 100) }],
  ["text that falls", { runs: sideways(-90, 100, 700).reverse() }],
];

function paragraph(x: number, y: number, text: string, width = 480): PdfRun[] {
  return pdfParagraph(text, { x, y, width, size: 11 });
}

function edge(x: number, y: number): PdfRun {
  return { text: "near the edge of the page", x, y, size: 12 };
}

function upsideDown(): PdfRun[] {
  return [100, 120].map((y) => ({ text: `A line at ${y} that is turned`, x: 500, y, size: 12, angle: 180 }));
}

it.each(pages)("every line of %s has its box where it is shown", async (_, page) => {
  const lines = await linesOf(page);
  const runs = page.runs ?? [];
  expect(lines.map(({ text }) => text)).toEqual(runs.map(({ text }) => text));
  for (const [index, run] of runs.entries()) {
    const [found, shown] = [lines[index]?.box, shownBox(run, page)];
    for (const side of ["x", "y", "width", "height"] as const)
      expect(Math.abs((found?.[side] ?? Number.NaN) - shown[side]), `${run.text}: ${side}`).toBeLessThan(2);
  }
});

it("a table printed sideways keeps its rows, each with its box along the side", async () => {
  const rows = [
    ["Pump", "Flow"],
    ["P-101", "118"],
    ["P-102", "109"],
    ["P-103", "104"],
  ];
  const upright = pdfTable(rows, { columns: [100, 300], y: 500, size: 12 });
  // Turned about the page's corner, against the clock.
  const runs = upright.map(({ x, y, ...run }) => ({ ...run, x: 595 - y, y: x, angle: 90 }));
  const lines = await linesOf({ runs });
  expect(lines.map(({ text }) => text)).toEqual([
    "Pump: P-101; Flow: 118",
    "Pump: P-102; Flow: 109",
    "Pump: P-103; Flow: 104",
  ]);
  for (const [index, { box }] of lines.entries()) {
    const [first, last] = runs.slice(index * 2 + 2, index * 2 + 4).map((run) => shownBox(run, {}));
    expect(Math.abs(box.x - (first?.x ?? 0))).toBeLessThan(2);
    expect(Math.abs(box.y - (last?.y ?? 0))).toBeLessThan(2);
    expect(Math.abs(box.y + box.height - (first?.y ?? 0) - (first?.height ?? 0))).toBeLessThan(2);
  }
});
