/** Character maps and fonts that a PDF may name without carrying them: each a file of its own, fetched when it is needed. */
const files = {
  ...import.meta.glob<string>("../../../../../node_modules/pdfjs-dist/cmaps/*.bcmap", {
    query: "?url",
    import: "default",
  }),
  ...import.meta.glob<string>("../../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", {
    query: "?url",
    import: "default",
  }),
  ...import.meta.glob<string>("../../../../../node_modules/pdfjs-dist/wasm/*.wasm", {
    query: "?url",
    import: "default",
  }),
};

const byName = new Map(Object.entries(files).map(([path, load]) => [path.split("/").at(-1) ?? path, load]));

/** What pdf.js asks for data by name; it takes the class, not an instance. */
export class PdfDataFactory {
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const url = await byName.get(filename)?.();
    if (url === undefined) throw new Error(`no file of this name: ${filename}`);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${filename}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }
}
