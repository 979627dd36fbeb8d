import { type Block, type Box, type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { splitHeader, tableBlock } from "../text/block-builder.ts";
import { openZip, type ZipFile } from "../zip/open-zip.ts";
import { officeWarnings, titleOf } from "./office-parts.ts";
import { childrenOf, findAll, parseXml, textOf, type XmlNode } from "./parse-xml.ts";

/** PowerPoint: a slide is a page; its title a heading; notes follow. */
export const readPptx: DocumentReader = async ({ bytes }, options) => {
  const zip = openZip(bytes);
  const slides = slidesInOrder(zip).slice(0, options.maximumPages);
  if (slides.length === 0) throw new ReadError("damaged", "no slides");
  const blocks: Block[] = [];
  for (const [index, name] of slides.entries()) {
    options.onProgress?.(index, slides.length);
    const place: PagePlace = { kind: "page", page: index + 1, boxes: [] };
    readShapes(parseXml(zip.text(name)), place, blocks);
    const notes = targetsOf(zip, name).find((target) => target.includes("notesSlide"));
    if (notes !== undefined) readShapes(parseXml(zip.text(notes)), place, blocks);
  }
  const pages = slides.map((_, index) => {
    const hasText = blocks.some((block) =>
      block.spans.some(({ place }) => place.kind === "page" && place.page === index + 1),
    );
    return { width: 960, height: 540, source: hasText ? ("text" as const) : ("empty" as const) };
  });
  return { format: "pptx", title: titleOf(zip), pages, encoding: null, blocks, warnings: officeWarnings(zip) };
};

type PagePlace = { kind: "page"; page: number; boxes: Box[] };

function readShapes(nodes: readonly XmlNode[], place: PagePlace, blocks: Block[]): void {
  const whole = (text: string) => ({ text, spans: [{ start: 0, end: text.length, place }] });
  for (const shape of findAll(nodes, "p:sp")) {
    const kind = findAll(shape.children, "p:ph")[0]?.attributes["type"] ?? "";
    if (["sldNum", "dt", "ftr", "hdr", "sldImg"].includes(kind)) continue;
    for (const paragraph of findAll(shape.children, "a:p")) {
      const text = findAll(paragraph.children, "a:t").map(textOf).join("").trim();
      if (text === "") continue;
      const level = Number(childrenOf(paragraph, "a:pPr")[0]?.attributes["lvl"] ?? 0);
      if (kind === "title" || kind === "ctrTitle") blocks.push({ kind: "heading", level: 2, ...whole(text) });
      else if (kind === "body" && level > 0) blocks.push({ kind: "list-item", depth: level, ...whole(text) });
      else blocks.push({ kind: "paragraph", ...whole(text) });
    }
  }
  for (const table of findAll(nodes, "a:tbl")) {
    const rows = childrenOf(table, "a:tr").map((row) => ({
      cells: childrenOf(row, "a:tc").map((cell) => findAll(cell.children, "a:t").map(textOf).join(" ").trim()),
      place,
    }));
    const { header, rows: body } = splitHeader(rows);
    const block = tableBlock(header, body);
    if (block) blocks.push(block);
  }
}

/** As they are shown: files are numbered in the order they were made. */
function slidesInOrder(zip: ZipFile): string[] {
  const presentation = "ppt/presentation.xml";
  const all = zip.names.filter((name) => /^ppt\/slides\/slide\d+\.xml$/.test(name));
  const byId = relationsOf(zip, presentation);
  const shown = zip.has(presentation)
    ? findAll(parseXml(zip.text(presentation)), "p:sldId").flatMap(
        ({ attributes }) => byId.get(attributes["r:id"] ?? "") ?? [],
      )
    : [];
  const known = [...new Set(shown)].filter((name) => all.includes(name));
  return known.length > 0 ? known : all;
}

function targetsOf(zip: ZipFile, name: string): string[] {
  return [...relationsOf(zip, name).values()].filter((target) => zip.has(target));
}

/** What a part refers to, by id, as names in the archive. */
function relationsOf(zip: ZipFile, name: string): Map<string, string> {
  const folder = name.slice(0, name.lastIndexOf("/"));
  const rels = `${folder}/_rels/${name.slice(folder.length + 1)}.rels`;
  if (!zip.has(rels)) return new Map();
  const nodes = findAll(parseXml(zip.text(rels)), "Relationship");
  return new Map(
    nodes.map(({ attributes }) => [attributes["Id"] ?? "", resolvePart(folder, attributes["Target"] ?? "")]),
  );
}

function resolvePart(folder: string, target: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const parts = folder.split("/");
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
