import type { HostileFile } from "../../hostile-file.ts";
import { hostilePage, nestedDictionary, pdfFile, slow, visibleText } from "./hostile-page.ts";
import type { PdfObjects } from "../pdf-objects.ts";

/** A page in a font that is described by `font`. */
const withFont =
  (font: (objects: PdfObjects) => string, content = visibleText) =>
  (): Buffer =>
    hostilePage((objects) => ({ resources: `/Font << /F1 ${font(objects)} >>`, content }));
const composite = (descendant: string, more: string): string =>
  `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ${descendant} >>] ${more} >>`;
const map = (objects: PdfObjects, body: string, dictionary = ""): number =>
  objects.stream(`/CIDInit /ProcSet findresource begin begincmap ${body} endcmap end`, { dictionary, isPacked: true });
const mapEnds = ["document", "scanned-without-ocr", "memory-limit"];

/** Wrong in how their fonts say what is written. */
export const hostilePdfFonts: readonly HostileFile[] = [
  pdfFile(
    "a character map that uses itself",
    mapEnds,
    withFont((objects) => {
      const own = objects.reserve();
      objects.put(own, `<< /Type /CMap /CMapName /Own /UseCMap ${own} 0 R /Length 0 >>\nstream\n\nendstream`);
      return `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding ${own} 0 R /ToUnicode ${own} 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X >>] >>`;
    }),
  ),
  pdfFile(
    "a character map over every code of four bytes",
    mapEnds,
    withFont((objects) =>
      composite(
        "",
        `/ToUnicode ${map(objects, "1 begincodespacerange <00000000> <ffffffff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange")} 0 R`,
      ),
    ),
  ),
  pdfFile(
    "a character map with 2,000 ranges over every code of two bytes",
    mapEnds,
    withFont((objects) =>
      composite(
        "",
        `/ToUnicode ${map(objects, `2000 beginbfrange ${"<0000> <ffff> <0041> ".repeat(2000)} endbfrange`)} 0 R`,
      ),
    ),
  ),
  pdfFile(
    "one letter that stands for a text of 2 MB, many times",
    mapEnds,
    withFont(
      (objects) =>
        composite("", `/ToUnicode ${map(objects, `1 beginbfchar <0041> <${"0058".repeat(1_000_000)}> endbfchar`)} 0 R`),
      `BT /F1 12 Tf 72 700 Td <${"0041".repeat(400)}> Tj ET`,
    ),
  ),
  pdfFile(
    "a character map of 40 MB",
    mapEnds,
    withFont((objects) =>
      composite("", `/ToUnicode ${map(objects, `${"1 beginbfchar <0041> <0042> endbfchar\n".repeat(1_000_000)}`)} 0 R`),
    ),
  ),
  slow(
    pdfFile(
      "widths for 2^31 characters",
      mapEnds,
      withFont(() => composite("/W [0 2147483647 500]", "")),
    ),
  ),
  slow(
    pdfFile(
      "vertical widths for 2^31 characters",
      mapEnds,
      withFont(() => composite("/W2 [0 2147483647 500 500 500]", "").replace("Identity-H", "Identity-V")),
    ),
  ),
  pdfFile(
    "a first and a last character beyond number",
    mapEnds,
    withFont(
      () =>
        "<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar -2147483648 /LastChar 2147483647 /Widths [1 2 3] /Encoding << /Differences [2147483647 /a -5 /b 0.5 /c /d] >> >>",
    ),
  ),
  pdfFile(
    "an embedded font of noise, in every format",
    mapEnds,
    withFont((objects) => {
      const noise = objects.stream(Buffer.alloc(100_000, Buffer.from("00010000ffff00ff1000", "hex")), {});
      return `<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 0 /LastChar 255 /Widths [] /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 /FontFile ${noise} 0 R /FontFile2 ${noise} 0 R /FontFile3 ${noise} 0 R >> >>`;
    }),
  ),
  pdfFile(
    "an embedded Type 1 font whose program never ends",
    mapEnds,
    withFont((objects) => {
      const program = objects.stream(
        `%!PS-AdobeFont-1.0: X\n${"{ dup ".repeat(100_000)} eexec ${"a".repeat(100_000)}`,
        {
          dictionary: "/Length1 -5 /Length2 2147483647 /Length3 0",
        },
      );
      return `<< /Type /Font /Subtype /Type1 /BaseFont /X /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 /FontFile ${program} 0 R >> >>`;
    }),
  ),
  pdfFile("a font that is its own descendant", mapEnds, () =>
    hostilePage((objects) => {
      const font = objects.reserve();
      objects.put(
        font,
        `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [${font} 0 R] >>`,
      );
      return { resources: `/Font << /F1 ${font} 0 R >>` };
    }),
  ),
  pdfFile(
    "a font nested 50,000 deep",
    ["damaged"],
    withFont(() => nestedDictionary(50_000)),
  ),
  pdfFile(
    "ligatures, letters from the right, half characters and invisible ones",
    ["document"],
    withFont(
      (objects) =>
        composite(
          "",
          `/ToUnicode ${map(objects, "7 beginbfchar <0001> <fb03> <0002> <05d005d105d2> <0003> <d800> <0004> <200b202e2066feff> <0005> <0000> <0006> <0635fdfa> <0007> <0301030103010301> endbfchar")} 0 R`,
        ),
      "BT /F1 12 Tf 72 700 Td <0001000200030004000500060007> Tj 0 -20 Td <0002000200060006> Tj 0 -20 Td <00030003000100010001> Tj ET",
    ),
  ),
];
