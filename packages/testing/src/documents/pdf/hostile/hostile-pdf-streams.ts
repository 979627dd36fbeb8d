import type { HostileFile } from "../../hostile-file.ts";
import { flateBomb, packTimes } from "./flate-bomb.ts";
import { catalogNumber, hostilePage, pdfFile, pdfScan, visibleText } from "./hostile-page.ts";
import { createPdfObjects, latin, type PdfObjects } from "../pdf-objects.ts";

/** A page that is read by whoever draws it: one picture fills it. */
const scan = (name: string, ends: readonly string[], picture: (objects: PdfObjects) => number): HostileFile =>
  pdfScan(name, ends, () =>
    hostilePage((objects) => ({
      resources: `/XObject << /I ${picture(objects)} 0 R >>`,
      content: "q 595 0 0 842 0 0 cm /I Do Q",
    })),
  );

/** The text of the page, packed as `filter` says. */
const packedText = (filter: string, data: Uint8Array): Uint8Array =>
  hostilePage((objects) => ({ content: objects.stream(data, { dictionary: filter }) }));

const twoGigabytes = 2048;
const flate = "/Filter /FlateDecode";
const bombEnds = ["memory-limit", "bomb", "damaged", "scanned-without-ocr", "time-limit"];

/** Catalog, tree and page stand in an object stream whose data begin after `first` bytes. */
function objectStream(data: Uint8Array, { dictionary }: { dictionary: string }): Buffer {
  const objects = createPdfObjects();
  const packed = [0, 1, 2].map((index) => ({ number: objects.reserve(), container: 4, index }));
  objects.stream(data, { dictionary: `/Type /ObjStm ${dictionary}` });
  return objects.toFile({ crossReference: "stream", packed });
}

const bombs: readonly HostileFile[] = [
  pdfFile("an object stream of 2,000 MB", bombEnds, () =>
    objectStream(flateBomb(twoGigabytes, 0x20), { dictionary: `/N 3 /First 2000000000 ${flate}` }),
  ),
  pdfFile("an object stream of two thousand million objects", ["damaged", "memory-limit"], () =>
    objectStream(latin("1 0 2 0 3 0 <<>>"), { dictionary: "/N 2000000000 /First 12" }),
  ),
  pdfFile("an object stream in itself", ["damaged", "memory-limit"], () =>
    objectStream(latin("4 0 4 0 4 0 4 0 R"), { dictionary: "/N 3 /First 12 /Extends 4 0 R" }),
  ),
  pdfFile("text of 2,000 MB of blanks", bombEnds, () => packedText(flate, flateBomb(twoGigabytes, 0x20))),
  pdfFile("text of 2,000 MB, packed twice", bombEnds, () =>
    packedText("/Filter [/FlateDecode /FlateDecode]", packTimes(flateBomb(twoGigabytes, 0x20), 1)),
  ),
  pdfFile("a cross-reference stream of 2,000 MB", ["document", ...bombEnds], () => {
    const body = hostilePage(() => ({}), { crossReference: "none" });
    const bomb = flateBomb(twoGigabytes);
    const head = `90 0 obj\n<< /Type /XRef /Size 300000000 /W [1 4 2] /Root ${catalogNumber} 0 R ${flate} /Length ${bomb.length} >>\nstream\n`;
    return Buffer.concat([body, latin(head), bomb, latin(`\nendstream\nendobj\nstartxref\n${body.length}\n%%EOF\n`)]);
  }),
  pdfFile("a character map of 2,000 MB", ["document", ...bombEnds], () =>
    hostilePage((objects) => {
      const map = objects.stream(flateBomb(twoGigabytes, 0x20), { dictionary: flate });
      const font = `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode ${map} 0 R >>`;
      return { resources: `/Font << /F1 ${font} >>` };
    }),
  ),
  pdfFile("metadata of 2,000 MB", ["document", ...bombEnds], () =>
    hostilePage((objects) => {
      const dictionary = `/Type /Metadata /Subtype /XML ${flate}`;
      return { catalog: `/Metadata ${objects.stream(flateBomb(twoGigabytes, 0x20), { dictionary })} 0 R` };
    }),
  ),
];

const filters: readonly HostileFile[] = [
  pdfFile("text packed 60 times", ["document"], () =>
    packedText(`/Filter [${"/FlateDecode ".repeat(60)}]`, packTimes(latin(visibleText), 60)),
  ),
  pdfFile("100,000 filters on one text", ["document", "damaged", "scanned-without-ocr"], () =>
    packedText(`/Filter [${"/ASCIIHexDecode ".repeat(100_000)}]`, latin(visibleText)),
  ),
  pdfFile("a filter that nobody knows", ["scanned-without-ocr", "document"], () =>
    packedText("/Filter /DesksideDecode", latin(visibleText)),
  ),
  pdfFile("a predictor of 2^31 columns", ["damaged", "scanned-without-ocr", "memory-limit"], () =>
    packedText(
      `${flate} /DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 32 /BitsPerComponent 32 >>`,
      packTimes(latin(visibleText), 1),
    ),
  ),
  pdfFile("packed text that breaks off and goes on as noise", ["document", "scanned-without-ocr"], () => {
    const packed = packTimes(latin(`${visibleText}\n`.repeat(500)), 1);
    return packedText(
      flate,
      Buffer.concat([packed.subarray(0, Math.floor(packed.length / 2)), Buffer.alloc(5000, 0xa5)]),
    );
  }),
  pdfFile("a run of lengths that unpacks to 128 MB", ["scanned-without-ocr", "memory-limit"], () =>
    packedText("/Filter /RunLengthDecode", Buffer.alloc(2 * 1024 ** 2, Buffer.from([129, 0x20]))),
  ),
  pdfFile("a length far beyond the file", ["document"], () =>
    hostilePage((objects) => ({ content: objects.stream(visibleText, { saysLength: "99999999999999999999" }) })),
  ),
  pdfFile("a length below zero", ["document", "scanned-without-ocr"], () =>
    hostilePage((objects) => ({ content: objects.stream(visibleText, { saysLength: "-12" }) })),
  ),
];

const image = (entries: string, data: Uint8Array) => (objects: PdfObjects) =>
  objects.stream(data, { dictionary: `/Type /XObject /Subtype /Image ${entries}` });
const grey = "/ColorSpace /DeviceGray /BitsPerComponent 8";
const drawnEnds = ["empty", "scanned-without-ocr"];

/** The head of a JPEG file of 65,500 × 65,500 points and nothing else. */
const jpegHead = Buffer.from(
  "ffd8ffc0000b08ffdcffdc01011100ffc40014000100000000000000000000000000000003ffda0008010100003f00",
  "hex",
);

const pictures: readonly HostileFile[] = [
  scan(
    "a picture of 100,000 by 100,000 points",
    drawnEnds,
    image(`/Width 100000 /Height 100000 ${grey} ${flate}`, packTimes(Buffer.alloc(100_000, 0x80), 1)),
  ),
  scan("a picture of 30,000 by 30,000 points that is there: 900 MB", drawnEnds, (objects) =>
    image(`/Width 30000 /Height 30000 ${grey} ${flate}`, flateBomb(859))(objects),
  ),
  scan(
    "a picture of 2^31 by 2^31 points",
    drawnEnds,
    image(`/Width 2147483647 /Height 2147483647 ${grey}`, Buffer.alloc(64)),
  ),
  scan(
    "a mask of 60,000 by 60,000 points",
    drawnEnds,
    image("/Width 60000 /Height 60000 /ImageMask true /BitsPerComponent 1", Buffer.alloc(64)),
  ),
  scan("a picture of no and of fewer than no points", drawnEnds, image(`/Width 0 /Height -7 ${grey}`, Buffer.alloc(9))),
  scan(
    "a JPEG of 65,500 by 65,500 points",
    drawnEnds,
    image("/Width 65500 /Height 65500 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", jpegHead),
  ),
  scan(
    "a JPEG that is none",
    drawnEnds,
    image(`/Width 60 /Height 60 ${grey} /Filter /DCTDecode`, Buffer.alloc(900, 0xff)),
  ),
  scan(
    "JPEG 2000 and JBIG2 that are none",
    drawnEnds,
    image(`/Width 60 /Height 60 ${grey} /Filter [/JPXDecode /JBIG2Decode]`, Buffer.alloc(900, 0x5a)),
  ),
  scan(
    "a fax of 2^31 columns",
    drawnEnds,
    image(
      "/Width 60 /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 >>",
      Buffer.alloc(900, 0x35),
    ),
  ),
  scan("a picture that is its own mask", drawnEnds, (objects) => {
    const own = objects.reserve();
    const head = `/Type /XObject /Subtype /Image /Width 4 /Height 4 ${grey} /SMask ${own} 0 R /Length 16`;
    return objects.put(own, Buffer.concat([latin(`<< ${head} >>\nstream\n`), Buffer.alloc(16), latin("\nendstream")]));
  }),
  scan("a colour space within itself", drawnEnds, (objects) => {
    const space = objects.reserve();
    objects.put(space, `[/Indexed ${space} 0 R 255 (x)]`);
    return image(`/Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace ${space} 0 R`, Buffer.alloc(16))(objects);
  }),
];

/** Wrong in what their streams unpack to. Sizes in the names are sizes after unpacking. */
export const hostilePdfStreams: readonly HostileFile[] = [...bombs, ...filters, ...pictures];
