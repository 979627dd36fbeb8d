import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { buildPdf, type PdfImage, pdfLines } from "@deskside/testing/documents";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyReaderResources } from "../../reader-resources.ts";
import { openPdf } from "../pdf/open-pdf.ts";
import { readDocument } from "../read-document.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-ocr-"));
const resources = join(folder, "resources");
beforeAll(() => copyReaderResources(resources));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = ["The warranty of the pump ends after", "twenty-four months, whoever installed it.", "Keep the invoice."];
const [x, y, size, leading] = [72, 700, 16, 40];
const printed = buildPdf({ pages: [{ runs: pdfLines(lines, { x, y, size, leading }) }] });

/** The first page as a scanner makes it: grey points, no text. */
async function scanned(bytes: Uint8Array): Promise<PdfImage> {
  const pdf = await openPdf(bytes, { resources, password: null });
  const viewport = (await pdf.getPage(1)).getViewport({ scale: 2 });
  const canvas = createCanvas(viewport.width, viewport.height);
  await (await pdf.getPage(1)).render({ canvas: canvas as never, viewport, background: "white" }).promise;
  await pdf.loadingTask.destroy();
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const pixels = Uint8Array.from({ length: width * height }, (_, index) => data[index * 4] ?? 0);
  return { pixels, pixelWidth: width, pixelHeight: height, x: 0, y: 0, width: 595, height: 842 };
}

it("a scanned page is read from its picture, each line at its place", async () => {
  const scan = buildPdf({ pages: [{ images: [await scanned(printed)] }] });
  const options = { resources, password: null, maximumPages: 9, maximumCharacters: 10_000 };
  const { blocks, pages } = await readDocument(
    { name: "scan.pdf", bytes: scan },
    { ...options, ocrLanguages: ["eng"] },
  );
  expect(pages).toMatchObject([{ source: "ocr" }]);
  expect(blocks.map(({ text }) => text).join(" ")).toBe(lines.join(" "));
  const boxes = blocks.flatMap(({ spans }) => spans.flatMap(({ place }) => (place.kind === "page" ? place.boxes : [])));
  expect(boxes).toHaveLength(lines.length);
  for (const [index, box] of boxes.entries()) {
    const baseLine = 842 - y + index * leading;
    expect(Math.abs(box.x * 595 - x)).toBeLessThan(4);
    expect(box.y * 842).toBeGreaterThan(baseLine - size);
    expect((box.y + box.height) * 842).toBeGreaterThan(baseLine - 1);
    expect((box.y + box.height) * 842).toBeLessThan(baseLine + size * 0.4);
  }
});
