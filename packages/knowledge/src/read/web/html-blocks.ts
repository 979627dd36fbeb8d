import { parseHTML } from "linkedom";
import type { Block, Place } from "../../document/document-schemas.ts";
import { flattenHtml } from "./flatten-html.ts";
import { linesPlace, splitHeader, tableBlock } from "../text/block-builder.ts";

/** What carries no text of the document. */
const skipped = new Set([
  "SCRIPT",
  "STYLE",
  "NOSCRIPT",
  "TEMPLATE",
  "SVG",
  "MATH",
  "IFRAME",
  "OBJECT",
  "EMBED",
  "HEAD",
  "NAV",
  "BUTTON",
  "SELECT",
  "FORM",
]);
const blockTags = new Set([
  "P",
  "DIV",
  "SECTION",
  "ARTICLE",
  "MAIN",
  "HEADER",
  "FOOTER",
  "ASIDE",
  "BLOCKQUOTE",
  "FIGURE",
  "FIGCAPTION",
  "DL",
  "DT",
  "DD",
  "UL",
  "OL",
  "LI",
  "TABLE",
  "PRE",
  "H1",
  "H2",
  "H3",
  "H4",
  "H5",
  "H6",
  "HR",
  "ADDRESS",
  "DETAILS",
  "SUMMARY",
  "BODY",
  "HTML",
]);
/** A page nested deeper than this was made to break readers. */
const deepest = 200;

export interface HtmlBlocks {
  readonly blocks: Block[];
  readonly title: string | null;
  readonly hasExternal: boolean;
}

/** Places of HTML blocks: numbered in reading order, as the viewer shows them; or one page of a book. */
export type PlaceOf = (position: number) => Place;

/** Blocks of an HTML text. Nothing is fetched or run. */
export function htmlBlocks(html: string, placeOf: PlaceOf = (position) => linesPlace(position)): HtmlBlocks {
  const flat = flattenHtml(html);
  const { document } = parseHTML(flat.includes("<html") ? flat : `<html><body>${flat}</body></html>`);
  const collector = new Collector(placeOf);
  const root = document.body ?? document.documentElement;
  if (root) collector.walk(root, 0, 0);
  collector.flush();
  const title = document.querySelector("title")?.textContent?.trim() || null;
  const hasExternal = document.querySelector('img[src^="http"], link[href^="http"], iframe[src], script[src]') !== null;
  return { blocks: collector.blocks, title, hasExternal };
}

interface ElementLike {
  readonly nodeType: number;
  readonly tagName?: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<ElementLike>;
  getAttribute?(name: string): string | null;
}

class Collector {
  readonly blocks: Block[] = [];
  readonly #placeOf: PlaceOf;
  #inline = "";
  /** Depth of the list item that is being read. */
  #item: number | null = null;

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  walk(node: ElementLike, depth: number, listDepth: number): void {
    if (depth > deepest) {
      this.#inline += node.textContent ?? "";
      return;
    }
    for (const child of node.childNodes) {
      if (child.nodeType === 3) this.#inline += child.textContent ?? "";
      else if (child.nodeType === 1) this.#element(child, depth, listDepth);
    }
  }

  flush(): void {
    const text = this.#take();
    if (text === "") return;
    const depth = this.#item;
    const whole = this.#whole(text);
    this.#push(depth === null ? { kind: "paragraph", ...whole } : { kind: "list-item", depth, ...whole });
  }

  #element(element: ElementLike, depth: number, listDepth: number): void {
    const tag = element.tagName?.toUpperCase() ?? "";
    if (skipped.has(tag)) return;
    if (tag === "BR") {
      this.#inline += "\n";
      return;
    }
    if (!blockTags.has(tag)) return this.walk(element, depth + 1, listDepth);
    this.flush();
    const heading = /^H([1-6])$/.exec(tag)?.[1];
    if (heading !== undefined) {
      const text = tidy(element.textContent ?? "");
      if (text !== "") this.#push({ kind: "heading", level: Number(heading), ...this.#whole(text) });
    } else if (tag === "PRE") {
      const text = (element.textContent ?? "").replace(/\n+$/, "");
      if (text.trim() !== "") this.#push({ kind: "code", language: null, ...this.#whole(text) });
    } else if (tag === "TABLE") this.#table(element);
    else if (tag === "LI") {
      const outer = this.#item;
      this.#item = Math.max(0, listDepth - 1);
      this.walk(element, depth + 1, listDepth);
      this.flush();
      this.#item = outer;
    } else {
      this.walk(element, depth + 1, tag === "UL" || tag === "OL" ? listDepth + 1 : listDepth);
      this.flush();
    }
  }

  #table(table: ElementLike): void {
    const rows = rowsOf(table, 0).map((cells) => ({ cells, place: this.#placeOf(this.blocks.length + 1) }));
    const isLayout = rows.every(({ cells }) => cells.length <= 1);
    if (isLayout) {
      for (const { cells } of rows) {
        this.#inline = cells[0] ?? "";
        this.flush();
      }
      return;
    }
    const { header, rows: body } = splitHeader(rows);
    const block = tableBlock(header, body);
    if (block !== null) this.#push(block);
  }

  #whole(text: string) {
    return { text, spans: [{ start: 0, end: text.length, place: this.#placeOf(this.blocks.length + 1) }] };
  }

  #push(block: Block): void {
    this.blocks.push(block);
  }

  #take(): string {
    const text = tidy(this.#inline);
    this.#inline = "";
    return text;
  }
}

function rowsOf(node: ElementLike, depth: number): string[][] {
  if (depth > 20) return [];
  const rows: string[][] = [];
  for (const child of node.childNodes) {
    if (child.nodeType !== 1) continue;
    const tag = child.tagName?.toUpperCase() ?? "";
    if (tag === "TR") rows.push(cellsOf(child));
    else if (tag !== "TABLE") rows.push(...rowsOf(child, depth + 1));
  }
  return rows;
}

/** A cell over several columns stands in each of them, so that headers and values stay under each other. */
function cellsOf(row: ElementLike): string[] {
  const cells: string[] = [];
  for (const cell of row.childNodes) {
    if (cell.nodeType !== 1 || !/^T[DH]$/i.test(cell.tagName ?? "")) continue;
    const span = Math.min(50, Math.max(1, Number(cell.getAttribute?.("colspan") ?? 1) || 1));
    const text = tidy(cell.textContent ?? "");
    for (let index = 0; index < span; index++) cells.push(index === 0 ? text : "");
  }
  return cells;
}

function tidy(text: string): string {
  return text
    .replaceAll(/[ \t\f\u00a0]+/g, " ")
    .replaceAll(/ *\n\s*/g, "\n")
    .trim();
}
