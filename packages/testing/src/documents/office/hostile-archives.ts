import type { HostileFile } from "../hostile-file.ts";
import { buildOverlappingZip, buildZip, type ZipPart } from "./build-zip.ts";
import { buildDocx, buildXlsx, docx, docxParts } from "./office-files.ts";

const mebibyte = 1024 ** 2;
const body = docx.paragraph("Text");
const zeros = (size: number): Uint8Array => Buffer.alloc(size);
const withMore = (...more: ZipPart[]): Uint8Array => buildDocx({ body, more });
const file = (name: string, fileName: string, ends: readonly string[], make: () => Uint8Array): HostileFile => ({
  ...{ name, fileName, ends, make },
});

/** Wrong as archives, whatever is in them. */
export const hostileArchives: readonly HostileFile[] = [
  file("a part of 200 MB of zeros", "zeros.docx", ["bomb"], () =>
    withMore({ name: "word/media/image1.bin", content: zeros(200 * mebibyte) }),
  ),
  file("many parts of 20 MB each", "many.docx", ["bomb"], () => {
    const content = Buffer.alloc(20 * mebibyte, "The quick brown fox. ");
    return withMore(...Array.from({ length: 40 }, (_, index) => ({ name: `word/part${index}.bin`, content })));
  }),
  file("a part larger than it says", "liar.docx", ["bomb", "damaged"], () => {
    const content = `<w:document>${" ".repeat(50 * mebibyte)}</w:document>`;
    return withMore({ name: "word/document.xml", content, saysSize: 1000 });
  }),
  file("a styles part larger than it says", "liar-styles.docx", ["bomb", "damaged"], () =>
    withMore({ name: "word/styles.xml", content: zeros(80 * mebibyte), saysSize: 100 }),
  ),
  file("a picture larger than it says", "liar-picture.docx", ["document", "bomb", "damaged"], () =>
    withMore({ name: "word/media/image1.png", content: zeros(80 * mebibyte), saysSize: 100 }),
  ),
  file("a sheet larger than it says", "liar.xlsx", ["bomb", "damaged"], () =>
    buildXlsx({ One: "<sheetData/>" }, [], [{ name: "xl/styles.xml", content: zeros(80 * mebibyte), saysSize: 100 }]),
  ),
  file("the same bytes under 900 names", "overlap.docx", ["bomb"], () =>
    buildOverlappingZip(
      Array.from({ length: 900 }, (_, index) => `word/part${index}.xml`),
      Buffer.alloc(mebibyte / 2),
    ),
  ),
  file("60,000 parts", "entries.docx", ["bomb"], () =>
    buildZip(Array.from({ length: 60_000 }, (_, index) => ({ name: `p${index}`, content: "", isStored: true }))),
  ),
  file("the same name twice", "twice.docx", ["damaged"], () =>
    buildZip([...docxParts({ body }), ...docxParts({ body }).slice(-1)]),
  ),
  file("an archive in an archive in an archive", "nested.docx", ["document", "bomb", "unsupported-format"], () => {
    let inner = buildZip([{ name: "deep.txt", content: "deep" }]);
    for (let depth = 0; depth < 10; depth++) inner = buildZip([{ name: "inner.zip", content: inner }]);
    return withMore({ name: "word/embeddings/inner.zip", content: inner });
  }),
  file("archives alone, within one another", "nested.zip", ["unsupported-format"], () =>
    buildZip([{ name: "nested.zip", content: buildZip([{ name: "nested.zip", content: "PK" }]) }]),
  ),
  file("an encrypted part", "locked.docx", ["password"], () =>
    buildZip(docxParts({ body }).map((part) => ({ ...part, isEncrypted: true }))),
  ),
  file("an unknown packing method", "method.docx", ["unsupported-format", "damaged"], () =>
    buildZip(docxParts({ body }).map((part) => ({ ...part, method: 99 }))),
  ),
  file("packed bytes that are none", "noise.docx", ["damaged"], () =>
    withMore({ name: "word/document.xml", content: "x", packed: Buffer.alloc(300, 0xa5), saysSize: 300 }),
  ),
  file("names that climb out of the archive", "climb.docx", ["document"], () =>
    withMore(
      { name: "../../../../tmp/deskside-climbed", content: "no" },
      { name: "/etc/deskside-climbed", content: "no" },
    ),
  ),
  file("names of the language's own objects", "prototype.docx", ["document"], () =>
    withMore(
      { name: "__proto__", content: "no" },
      { name: "constructor", content: "no" },
      { name: "word/toString", content: "" },
    ),
  ),
  ...[1, 25, 50, 75, 99].map((percent) =>
    file(`a Word file cut at ${percent} %`, "cut.docx", ["damaged"], () => {
      const whole = buildDocx({ body: docx.paragraph("A text that is cut. ".repeat(500)) });
      return whole.subarray(0, Math.ceil((whole.length * percent) / 100));
    }),
  ),
  file("a directory that points beyond the file", "beyond.docx", ["damaged", "bomb"], () => {
    const whole = Buffer.from(buildDocx({ body }));
    whole.writeUInt32LE(0x7fff_ffff, whole.length - 6);
    return whole;
  }),
];
