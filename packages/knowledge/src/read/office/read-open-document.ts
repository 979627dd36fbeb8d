import {
  type Block,
  type DocumentFormat,
  type DocumentReader,
  type Place,
  ReadError,
} from "../../document/document-schemas.ts";
import { linesPlace, splitHeader, tableBlock } from "../text/block-builder.ts";
import { openZip } from "../zip/open-zip.ts";
import { officeWarnings, titleOf } from "./office-parts.ts";
import { childrenOf, findAll, parseXml, type XmlNode } from "./parse-xml.ts";

/** OpenDocument texts and presentations; a slide is a page. */
export function createOpenDocumentReader(format: Extract<DocumentFormat, "odt" | "odp">): DocumentReader {
  return async ({ bytes }) => {
    const zip = openZip(bytes);
    if (!zip.has("content.xml")) throw new ReadError("damaged", "no content.xml");
    const manifest = zip.has("META-INF/manifest.xml") ? zip.text("META-INF/manifest.xml") : "";
    if (manifest.includes("encryption-data")) throw new ReadError("password", "the document is encrypted");
    const content = parseXml(zip.text("content.xml"));
    const blocks: Block[] = [];
    const slides = format === "odp" ? findAll(content, "draw:page") : [];
    if (format === "odp") {
      for (const [index, slide] of slides.entries())
        walk(slide.children, { blocks, depth: 0, placeOf: () => ({ kind: "page", page: index + 1, boxes: [] }) });
    } else {
      const [body] = findAll(content, "office:text");
      walk(body?.children ?? [], { blocks, depth: 0, placeOf: () => linesPlace(blocks.length + 1) });
    }
    const pages = slides.map(() => ({ width: 960, height: 540, source: "text" as const }));
    return { format, title: titleOf(zip), pages, encoding: null, blocks, warnings: officeWarnings(zip) };
  };
}

interface Walk {
  readonly blocks: Block[];
  readonly depth: number;
  readonly placeOf: () => Place;
}

function walk(nodes: readonly XmlNode[], state: Walk): void {
  const { blocks, depth, placeOf } = state;
  const push = (text: string, make: (whole: { text: string; spans: Block["spans"] }) => Block) => {
    if (text !== "") blocks.push(make({ text, spans: [{ start: 0, end: text.length, place: placeOf() }] }));
  };
  for (const node of nodes) {
    if (node.tag === "text:h") {
      const level = Math.min(6, Math.max(1, Number(node.attributes["text:outline-level"] ?? 1)));
      push(written(node), (whole) => ({ kind: "heading", level, ...whole }));
    } else if (node.tag === "text:p") {
      push(written(node), (whole) =>
        depth > 0 ? { kind: "list-item", depth: depth - 1, ...whole } : { kind: "paragraph", ...whole },
      );
      // Text boxes hang inside of the paragraph that holds them.
      for (const frame of findAll(node.children, "draw:text-box")) walk(frame.children, state);
    } else if (node.tag === "table:table") {
      const rows = findAll(node.children, "table:table-row").map((row) => ({ cells: cellsOf(row), place: placeOf() }));
      const { header, rows: body } = splitHeader(rows);
      const block = tableBlock(header, body);
      if (block) blocks.push(block);
    } else if (node.tag === "text:list") walk(node.children, { ...state, depth: depth + 1 });
    else if (node.tag !== "text:tracked-changes" && node.tag !== "office:annotation") walk(node.children, state);
  }
}

/** A longer text was repeated to make the document large. */
const longestRepeated = 200;

function cellsOf(row: XmlNode): string[] {
  return childrenOf(row, "table:table-cell").flatMap((cell) => {
    const times = Math.min(50, Math.max(1, Number(cell.attributes["table:number-columns-repeated"] ?? 1) || 1));
    const text = findAll(cell.children, "text:p").map(written).join(" ");
    return Array.from(
      { length: text === "" ? Math.min(times, 5) : text.length > longestRepeated ? 1 : times },
      () => text,
    );
  });
}

/** Text as it stands, with its tabs, breaks and runs of spaces; notes and boxes left out. */
function written(node: XmlNode): string {
  const parts = node.children.map((child): string => {
    if (child.tag === "#text") return child.text.replaceAll(/\s+/g, " ");
    if (child.tag === "text:s") return " ".repeat(Math.min(50, Number(child.attributes["text:c"] ?? 1)));
    if (child.tag === "text:tab") return "\t";
    if (child.tag === "text:line-break") return "\n";
    return ["draw:frame", "office:annotation", "text:note"].includes(child.tag) ? "" : written(child);
  });
  return parts.join("").trim();
}
