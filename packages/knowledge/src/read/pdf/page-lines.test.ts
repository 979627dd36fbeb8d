import { expect, it } from "vitest";
import { pageBlocks, usualSize } from "./page-blocks.ts";
import { type PdfItem, pageLines } from "./page-lines.ts";

const size = 0.012;
const item = (text: string, x: number, y: number, width = text.length * 0.006): PdfItem => ({
  ...{ text, size, box: { x, y, width, height: size } },
});

it("pieces of a line are joined, with blanks where there are gaps; cells stand apart", () => {
  const [line] = pageLines([
    item("pump", 0.13, 0.1),
    item("The", 0.1, 0.1001),
    item("24", 0.5, 0.1),
    item("h", 0.512, 0.1),
  ]);
  expect(line).toMatchObject({ text: "The pump 24h", cells: [{ text: "The pump" }, { text: "24h" }] });
});

it("two hundred thousand pieces in one line are a line", () => {
  const items = Array.from({ length: 200_000 }, (_, index) => item("x", index * 0.000004, 0.1, 0));
  const [line, ...more] = pageLines(items);
  expect(more).toEqual([]);
  expect(line?.text).toHaveLength(200_000);
});

it("two hundred thousand lines are a paragraph, with a place for each", () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => ({
    ...{ text: "a line of it", size, cells: [], box: { x: 0.1, y: index * 0.000004, width: 0.5, height: size } },
  }));
  const [block, ...more] = pageBlocks(lines, 1, usualSize(lines));
  expect(more).toEqual([]);
  expect(block?.spans).toHaveLength(200_000);
});
