import { buildZip, type ZipPart } from "./build-zip.ts";

const namespaces = ["office", "text", "table", "draw", "presentation"]
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name === "draw" ? "drawing" : name}:1.0"`)
  .join(" ");

/** An OpenDocument file; `body` is what stands inside of `office:text` or `office:presentation`. */
export function buildOpenDocument(kind: "text" | "presentation", body: string, more: readonly ZipPart[] = []): Buffer {
  return buildZip([
    { name: "mimetype", content: `application/vnd.oasis.opendocument.${kind}`, isStored: true },
    {
      name: "content.xml",
      content: `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${namespaces}><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    },
    ...more,
  ]);
}

export interface EpubParts {
  readonly title?: string;
  /** XHTML bodies by file name, in the order of the manifest. */
  readonly chapters: Readonly<Record<string, string>>;
  /** File names as they are read; the manifest's order without it. A name may come more than once. */
  readonly spine?: readonly string[];
  readonly more?: readonly ZipPart[];
}

export function buildEpub({ title = "A book", chapters, spine, more = [] }: EpubParts): Buffer {
  const names = Object.keys(chapters);
  const idOf = (name: string) => `c${names.indexOf(name)}`;
  const manifest = names.map((name) => `<item id="${idOf(name)}" href="${name}" media-type="application/xhtml+xml"/>`);
  const order = (spine ?? names).map((name) => `<itemref idref="${idOf(name)}"/>`);
  return buildZip([
    { name: "mimetype", content: "application/epub+zip", isStored: true },
    {
      name: "META-INF/container.xml",
      content: `<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    },
    {
      name: "OEBPS/content.opf",
      content: `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title></metadata><manifest>${manifest.join("")}</manifest><spine>${order.join("")}</spine></package>`,
    },
    ...names.map((name) => ({
      name: `OEBPS/${name}`,
      content: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>${name}</title></head><body>${chapters[name]}</body></html>`,
    })),
    ...more,
  ]);
}
