import type { HostileFile } from "../../hostile-file.ts";
import { buildPdf } from "../build-pdf.ts";
import {
  catalogNumber,
  hostilePage,
  nestedArray,
  nestedDictionary,
  pageNumber,
  pdfFile,
  rawPdf,
  slow,
  treeNumber,
  visibleText,
} from "./hostile-page.ts";
import { pdfLines } from "../pdf-layout.ts";
import { createPdfObjects, latin } from "../pdf-objects.ts";

const threePages = (): Buffer =>
  buildPdf({
    pages: [1, 2, 3].map((page) => ({
      runs: pdfLines([`Page ${page} has its own line.`], { x: 72, y: 700, size: 12 }),
    })),
  });

/** Readable wherever its objects are looked for; the table says where they are. */
const plainObjects = (): Buffer => hostilePage(() => ({}), { crossReference: "none" });
const withTable = (table: (at: number) => string): Buffer => {
  const body = plainObjects();
  return Buffer.concat([body, latin(table(body.length))]);
};
const tenDigits = (at: number): string => String(at).padStart(10, "0");
const trailer = (entries: string, at: number): string =>
  `trailer\n<< /Size 10 /Root ${catalogNumber} 0 R ${entries} >>\nstartxref\n${tenDigits(at)}\n%%EOF\n`;

const beginnings: readonly HostileFile[] = [
  pdfFile("a PDF of no bytes", ["empty"], () => new Uint8Array()),
  pdfFile("the first line of a PDF alone", ["damaged"], () => latin("%PDF-1.7\n")),
  pdfFile("a wrong mark at the start", ["document", "unsupported-format"], () =>
    latin(threePages().toString("latin1").replace("%PDF-", "%PDX-")),
  ),
  pdfFile("900 bytes of noise before the header", ["document"], () =>
    Buffer.concat([Buffer.alloc(900, 0xa5), threePages()]),
  ),
  pdfFile("5,000 bytes of noise before the header", ["unsupported-format", "document"], () =>
    Buffer.concat([Buffer.alloc(5000, 0xa5), threePages()]),
  ),
  pdfFile("a PDF cut at half", ["document", "damaged", "scanned-without-ocr"], () => {
    const whole = threePages();
    return whole.subarray(0, Math.floor(whole.length / 2));
  }),
  pdfFile("a PDF whose second half is zeros", ["document", "damaged", "scanned-without-ocr"], () => {
    const whole = threePages();
    return Buffer.from(whole).fill(0, Math.floor(whole.length / 2));
  }),
];

const crossReferences: readonly HostileFile[] = [
  pdfFile("a cross-reference table of noise", ["document"], () =>
    withTable((at) => `xref\n0 10\n${"noise ".repeat(50)}\n${trailer("", at)}`),
  ),
  pdfFile("a cross-reference table that points between the objects", ["document"], () =>
    withTable((at) => `xref\n0 6\n0000000000 65535 f \n${"0000000031 00000 n \n".repeat(5)}${trailer("", at)}`),
  ),
  pdfFile("a cross-reference table that is its own predecessor", ["document"], () =>
    withTable((at) => `xref\n0 1\n0000000000 65535 f \n${trailer(`/Prev ${at}`, at)}`),
  ),
  pdfFile("two cross-reference tables, each before the other", ["document"], () =>
    withTable((at) => {
      const table = (previous: number): string =>
        `xref\n0 1\n0000000000 65535 f \n${trailer(`/Prev ${tenDigits(previous)}`, at)}`;
      return table(at + table(0).length) + table(at);
    }),
  ),
  pdfFile("5,000 cross-reference tables, one before the other", ["document"], () =>
    withTable((at) => {
      const table = (previous: number, last: number): string =>
        `xref\n0 1\n0000000000 65535 f \n${trailer(`/Prev ${tenDigits(previous)}`, last)}`;
      const { length } = table(0, 0);
      return Array.from({ length: 5000 }, (_, index) =>
        table(at + Math.max(0, index - 1) * length, at + 4999 * length),
      ).join("");
    }),
  ),
  pdfFile("a cross-reference table of 2^31 entries", ["document", "damaged", "memory-limit"], () =>
    withTable((at) => `xref\n0 2147483647\n0000000000 65535 f \n${trailer("/Size 2147483647", at)}`),
  ),
  pdfFile("a cross-reference stream with fields of 2^31 bytes", ["document", "damaged", "memory-limit"], () =>
    withTable(
      (at) =>
        `9 0 obj\n<< /Type /XRef /Size 2147483647 /Index [0 2147483647] /W [2147483647 2147483647 2147483647] /Root ${catalogNumber} 0 R /Length 20 >>\nstream\n${"\u0001".repeat(20)}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`,
    ),
  ),
  pdfFile("a cross-reference stream of 2^31 entries without bytes", ["document", "damaged", "time-limit"], () =>
    withTable(
      (at) =>
        `9 0 obj\n<< /Type /XRef /Size 2147483647 /Index [0 2147483647] /W [0 0 0] /Root ${catalogNumber} 0 R /Length 20 >>\nstream\n${"\u0001".repeat(20)}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`,
    ),
  ),
  slow(
    pdfFile("200,000 objects that never end", ["document", "damaged", "time-limit"], () =>
      rawPdf(Array.from({ length: 200_000 }, (_, index) => `${index + 1} 0 obj <<`).join("\n")),
    ),
  ),
];

/** `kids` pages that are all the same object. */
const flatTree = (kids: number): Uint8Array =>
  hostilePage(() => ({ tree: `/Count ${kids} /Kids [${`${pageNumber} 0 R `.repeat(kids)}]` }));

const pageTrees: readonly HostileFile[] = [
  pdfFile("a page tree that goes round", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage(() => ({ tree: `/Count 2 /Kids [${treeNumber} 0 R ${treeNumber} 0 R]` })),
  ),
  pdfFile("a page whose parent is itself, and inherits from it", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage(() => ({ page: `/Parent ${pageNumber} 0 R /MediaBox null /Rotate null` })),
  ),
  pdfFile("a page tree nested 100,000 deep", ["document", "damaged", "scanned-without-ocr"], () => {
    const objects = createPdfObjects();
    for (let number = 1; number < 100_000; number++) {
      const kid = `/Count 1 /Kids [${number + 1} 0 R] /Parent ${number - 1} 0 R`;
      objects.add(number === 1 ? "<< /Type /Catalog /Pages 2 0 R >>" : `<< /Type /Pages ${kid} >>`);
    }
    objects.add("<< /Type /Page /Parent 99999 0 R /MediaBox [0 0 595 842] >>");
    return objects.toFile();
  }),
  pdfFile("a page tree of 100,000 pages", ["too-many-pages"], () => flatTree(100_000)),
  pdfFile("many pages, all the same: 9,000 in a row", ["document"], () => flatTree(9000)),
  pdfFile("a count of two thousand pages where one is", ["document"], () =>
    hostilePage(() => ({ tree: "/Count 2000" })),
  ),
  pdfFile("a count of 2^31 pages where one is", ["document", "too-many-pages"], () =>
    hostilePage(() => ({ tree: "/Count 2147483647" })),
  ),
  pdfFile("a count below zero", ["document", "damaged", "empty"], () => hostilePage(() => ({ tree: "/Count -5" }))),
  pdfFile("a page tree that is a number", ["damaged", "document"], () => hostilePage(() => ({ catalog: "/Pages 42" }))),
];

const nesting: readonly HostileFile[] = [
  pdfFile("arrays nested 100,000 deep", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage(() => ({ page: `/Nested ${nestedArray(100_000)}` })),
  ),
  pdfFile("dictionaries nested 100,000 deep", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage(() => ({ page: `/Nested ${nestedDictionary(100_000)}` })),
  ),
  pdfFile("a catalog nested 100,000 deep", ["document", "damaged"], () =>
    hostilePage(() => ({ catalog: `/Nested ${nestedDictionary(100_000)}` })),
  ),
  pdfFile("operands nested 100,000 deep", ["document", "scanned-without-ocr"], () =>
    hostilePage(() => ({ content: `${visibleText} ${nestedArray(100_000)} TJ` })),
  ),
  pdfFile("open brackets in the page's text, 300,000 of them", ["document", "scanned-without-ocr"], () =>
    hostilePage(() => ({ content: `${visibleText} ${"[".repeat(300_000)}` })),
  ),
  pdfFile("a chain of 20,000 references", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage((objects) => {
      const first = objects.reserve();
      let last = first;
      for (let index = 0; index < 20_000; index++) {
        const next = objects.reserve();
        objects.put(last, `${next} 0 R`);
        last = next;
      }
      objects.put(last, "[]");
      return { content: first };
    }),
  ),
  pdfFile("an object that is a reference to itself", ["document", "damaged", "scanned-without-ocr"], () =>
    hostilePage((objects) => {
      const own = objects.reserve();
      objects.put(own, `${own} 0 R`);
      return { content: own, catalog: `/Names ${own} 0 R /Metadata ${own} 0 R` };
    }),
  ),
  pdfFile("a stream whose length is the stream itself", ["document", "scanned-without-ocr"], () =>
    hostilePage((objects) => {
      const own = objects.reserve();
      objects.put(own, `<< /Length ${own} 0 R >>\nstream\n${visibleText}\nendstream`);
      return { content: own };
    }),
  ),
  pdfFile("an outline that goes round", ["document"], () =>
    hostilePage((objects) => {
      const [root, first, second] = [objects.reserve(), objects.reserve(), objects.reserve()];
      objects.put(root, `<< /Type /Outlines /First ${first} 0 R /Last ${second} 0 R /Count 1000000 >>`);
      const entry = (other: number) =>
        `<< /Title (Again) /Parent ${root} 0 R /Next ${other} 0 R /Prev ${other} 0 R /First ${root} 0 R >>`;
      objects.put(first, entry(second));
      objects.put(second, entry(first));
      return { catalog: `/Outlines ${root} 0 R` };
    }),
  ),
  pdfFile("names of attachments in a tree that goes round", ["document"], () =>
    hostilePage((objects) => {
      const names = objects.reserve();
      objects.put(names, `<< /Kids [${names} 0 R ${names} 0 R] /Names [(a) ${names} 0 R] >>`);
      return { catalog: `/Names << /EmbeddedFiles ${names} 0 R >>` };
    }),
  ),
];

/** Wrong in how their objects are found and hang together. */
export const hostilePdfStructure: readonly HostileFile[] = [
  ...beginnings,
  ...crossReferences,
  ...pageTrees,
  ...nesting,
];
