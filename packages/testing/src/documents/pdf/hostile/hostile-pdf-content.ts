import type { HostileFile } from "../../hostile-file.ts";
import { hostilePage, pdfFile, pdfScan, slow, visibleText } from "./hostile-page.ts";

const drawnEnds = ["empty", "scanned-without-ocr"];
const formHead = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]";

const recursion: readonly HostileFile[] = [
  pdfFile("a form that draws itself", ["document"], () =>
    hostilePage((objects) => {
      const form = objects.reserve();
      const content = `${visibleText} /Own Do`;
      const entries = `${formHead} /Resources << /XObject << /Own ${form} 0 R >> >> /Length ${content.length}`;
      objects.put(form, `<< ${entries} >>\nstream\n${content}\nendstream`);
      return { resources: `/XObject << /Own ${form} 0 R >>`, content: `${visibleText} /Own Do` };
    }),
  ),
  pdfFile("two forms that draw each other", ["document"], () =>
    hostilePage((objects) => {
      const [first, second] = [objects.reserve(), objects.reserve()];
      const body = (other: number) =>
        `<< ${formHead} /Resources << /XObject << /Other ${other} 0 R >> >> /Length 9 >>\nstream\n/Other Do\nendstream`;
      objects.put(first, body(second));
      objects.put(second, body(first));
      return { resources: `/XObject << /Other ${first} 0 R >>`, content: `${visibleText} /Other Do` };
    }),
  ),
  pdfFile("forms that draw the next one ten times: a million million", ["document"], () =>
    hostilePage((objects) => {
      const content = "/Next Do ".repeat(10);
      let next = objects.stream("0 0 m", { dictionary: formHead });
      for (let depth = 0; depth < 12; depth++) {
        const dictionary = `${formHead} /Resources << /XObject << /Next ${next} 0 R >> >>`;
        next = objects.stream(content, { dictionary });
      }
      return { resources: `/XObject << /Next ${next} 0 R >>`, content: `${visibleText} /Next Do` };
    }),
  ),
  pdfFile("forms that write in the next one ten times: a million million", ["document"], () =>
    hostilePage((objects) => {
      let next = objects.stream("BT /F1 9 Tf 9 9 Td (again and again) Tj ET", { dictionary: formHead });
      for (let depth = 0; depth < 12; depth++) {
        const dictionary = `${formHead} /Resources << /XObject << /Next ${next} 0 R >> >>`;
        next = objects.stream("/Next Do ".repeat(10), { dictionary });
      }
      return { resources: `/XObject << /Next ${next} 0 R >>`, content: `${visibleText} /Next Do` };
    }),
  ),
  pdfFile("a font whose letters are written in itself", ["document"], () => type3Page(false)),
  pdfScan("a drawn font whose letters are written in itself", ["document"], () => type3Page(true)),
  pdfScan("a pattern that is filled with itself, and a mask that masks itself", drawnEnds, () =>
    hostilePage((objects) => {
      const [pattern, state] = [objects.reserve(), objects.reserve()];
      const resources = `/Resources << /Pattern << /P ${pattern} 0 R >> /ExtGState << /G ${state} 0 R >> >>`;
      const content = "/G gs /Pattern cs /P scn 0 0 90 90 re f";
      const body = `/Length ${content.length} >>\nstream\n${content}\nendstream`;
      objects.put(
        pattern,
        `<< /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.001 /YStep 0.001 ${resources} ${body}`,
      );
      const group = objects.put(
        objects.reserve(),
        `<< ${formHead} /Group << /S /Transparency /CS /DeviceGray >> ${resources} ${body}`,
      );
      objects.put(state, `<< /Type /ExtGState /SMask << /Type /Mask /S /Luminosity /G ${group} 0 R >> >>`);
      return { resources: `/Pattern << /P ${pattern} 0 R >> /ExtGState << /G ${state} 0 R >>`, content };
    }),
  ),
  pdfScan("functions of functions, samples without number, mathematics nested 20,000 deep", drawnEnds, () =>
    hostilePage((objects) => {
      const stitched = objects.reserve();
      objects.put(
        stitched,
        `<< /FunctionType 3 /Domain [0 1] /Functions [${stitched} 0 R] /Bounds [] /Encode [0 1] >>`,
      );
      const sampled = objects.stream("x", {
        dictionary: "/FunctionType 0 /Domain [0 1 0 1] /Range [0 1] /Size [2147483647 2147483647] /BitsPerSample 32",
      });
      const deep = objects.stream(`${"{".repeat(20_000)}${"}".repeat(20_000)}`, {
        dictionary: "/FunctionType 4 /Domain [0 1] /Range [0 1]",
      });
      const shading = (fn: number) =>
        `<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 9 9] /Function ${fn} 0 R >>`;
      return {
        resources: `/Shading << /A ${shading(stitched)} /B ${shading(sampled)} /C ${shading(deep)} >>`,
        content: "/A sh /B sh /C sh",
      };
    }),
  ),
];

function type3Page(isDrawn: boolean): Buffer {
  return hostilePage((objects) => {
    const font = objects.reserve();
    const glyph = objects.stream("500 0 0 0 500 500 d1 BT /T 1 Tf (a) Tj ET", {});
    objects.put(
      font,
      `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /a ${glyph} 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [500] /Resources << /Font << /T ${font} 0 R >> >> >>`,
    );
    const letters = "BT /T 20 Tf 72 600 Td (aaaa) Tj ET";
    return {
      resources: isDrawn
        ? `/Font << /T ${font} 0 R >>`
        : `/Font << /T ${font} 0 R /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>`,
      content: isDrawn ? letters : `${visibleText} ${letters}`,
    };
  });
}

const withContent = (content: () => string) => () => hostilePage(() => ({ content: content() }));
const manyEnds = ["document"];

const operators: readonly HostileFile[] = [
  pdfFile(
    "a million texts on a page",
    manyEnds,
    withContent(() => {
      const texts = Array.from(
        { length: 1_000_000 },
        (_, n) => `1 0 0 1 ${n % 500} ${(n * 7) % 800} Tm (x${n % 97}) Tj`,
      );
      return `BT /F1 8 Tf ${texts.join("\n")} ET`;
    }),
  ),
  slow(
    pdfFile(
      "300,000 letters in one line",
      manyEnds,
      withContent(() => {
        const texts = Array.from({ length: 300_000 }, (_, n) => `1 0 0 1 ${(n * 0.0019).toFixed(4)} 400 Tm (x) Tj`);
        return `BT /F1 8 Tf ${texts.join("\n")} ET`;
      }),
    ),
  ),
  pdfFile(
    "a text of 8 MB in one operator",
    manyEnds,
    withContent(() => `BT /F1 8 Tf 9 9 Td (${"word ".repeat(1_600_000)}) Tj ET`),
  ),
  pdfFile(
    "60 MB of lines and curves",
    ["document"],
    withContent(() => `${visibleText} ${"1 2 m 3 4 5 6 7 8 c S\n".repeat(2_700_000)}`),
  ),
  slow(
    pdfFile(
      "half a million saved states",
      ["document", "time-limit"],
      withContent(() => `${"q ".repeat(500_000)} ${visibleText}`),
    ),
  ),
  pdfFile(
    "restored states that were never saved",
    ["document"],
    withContent(() => `${"Q ".repeat(100_000)} ${visibleText}`),
  ),
  pdfFile(
    "marked contents, 200,000 of them and none ends",
    ["document"],
    withContent(() => `${"/P BMC ".repeat(200_000)} ${visibleText}`),
  ),
  pdfFile(
    "an inline image that never ends",
    ["document"],
    withContent(() => `${visibleText} BI /W 9 /H 9 /BPC 8 /CS /G ID ${"EI EIEI ".repeat(200_000)}`),
  ),
  pdfFile(
    "20,000 inline images that never end",
    ["document", "scanned-without-ocr"],
    withContent(() => `${visibleText} ${"BI /W 9 /H 9 ID \u0001".repeat(20_000)}`),
  ),
  pdfFile(
    "operators that are none, and a text that never ends",
    ["document"],
    withContent(() => `${visibleText} ${"frobnicate 1 2 3 [ ( ".repeat(50_000)}`),
  ),
  pdfFile(
    "numbers that are none",
    ["document"],
    withContent(
      () =>
        `${visibleText} ${"--5 +-.e 1e999 .. 4.4.4 Td 0 0 0 0 0 0 Tm NaN Infinity Tf -1e308 0 0 1e308 9e307 9e307 cm".repeat(20)} BT /F1 1e308 Tf 1e308 1e308 1e308 1e308 1e308 1e308 Tm (beyond) Tj (number) Tj ET`,
    ),
  ),
  pdfFile(
    "letters of no size, and larger than the world",
    ["document", "scanned-without-ocr"],
    withContent(
      () =>
        "BT /F1 0 Tf 9 9 Td (nothing to be seen here) Tj /F1 99999999999 Tf (everything is seen here) Tj 0 0 0 0 0 0 Tm (a place that is none) Tj ET",
    ),
  ),
  pdfFile(
    "words so far apart that none is on the page",
    ["document"],
    withContent(
      () => `${visibleText} BT /F1 12 Tf 1000000000 0 0 1 -99999999999 99999999999 Tm (far away from everything) Tj ET`,
    ),
  ),
];

const boxes = (name: string, page: string): HostileFile =>
  pdfFile(name, ["document", "scanned-without-ocr"], () => hostilePage(() => ({ page })));

const sizes: readonly HostileFile[] = [
  boxes("a page of fewer than no points", "/MediaBox [595 842 -595 -842]"),
  boxes("a page of no points", "/MediaBox [0 0 0 0]"),
  boxes("a page of 10^30 points", `/MediaBox [0 0 1${"0".repeat(30)} 1${"0".repeat(30)}]`),
  boxes("a page whose sides are no numbers", "/MediaBox [(a) /b null << >>]"),
  boxes("a page of half a box", "/MediaBox [0 0] /CropBox [-9 -9 1 99999999] /Rotate 37"),
  boxes("a unit of 10^12 points", "/UserUnit 1000000000000 /Rotate 2147483647"),
  pdfScan("an empty page, a mile long and a hair wide", drawnEnds, () =>
    hostilePage(() => ({ page: "/MediaBox [0 0 4000000 0.01]", content: "0 0 9 9 re f" })),
  ),
  slow(
    pdfScan("an empty page of 10^12 points", drawnEnds, () =>
      hostilePage(() => ({ page: "/MediaBox [0 0 1000000000000 1000000000000]", content: "0 0 9 9 re f" })),
    ),
  ),
];

/** Wrong in what their pages say. */
export const hostilePdfContent: readonly HostileFile[] = [...recursion, ...operators, ...sizes];
