import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { Block, DocumentReader, Place } from "../../document/document-schemas.ts";
import { linesPlace, tableBlock } from "./block-builder.ts";
import { decodeText } from "./decode-text.ts";
import { limit, readPlainText, textDocument } from "./read-plain-text.ts";

/** A node of the tree, as far as it is used here. */
interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null;
  readonly lang?: string | null;
  readonly depth?: number;
  readonly children?: readonly MarkdownNode[];
  readonly position?: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
}

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter);

/** Markdown by its structure. Raw HTML inside is left out. */
export const readMarkdown: DocumentReader = async (source, options) => {
  const decoded = decodeText(source.bytes);
  const { text, isCut } = limit(decoded.text, options);
  if (isHostile(text)) return readPlainText(source, options);
  const blocks: Block[] = [];
  collect(parser.parse(text) as unknown as MarkdownNode, 0, blocks);
  return textDocument("markdown", blocks, decoded, isCut);
};

/** The parser takes the square of the time for these; nobody wrote them to be read. */
function isHostile(text: string): boolean {
  return (
    text.length > 5_000_000 ||
    /^(?:[ \t]{0,8}(?:>|[-*+]|\d{1,9}[.)])){40}/m.test(text) ||
    /[[\]]{200}/.test(text) ||
    /^[ \t]{120,}(?:>|[-*+]|\d{1,9}[.)])/m.test(text) ||
    hasCostlyParagraph(text)
  );
}

/** Marks times characters of one paragraph; a page full of emphasis and links comes to a few million. */
const mostCost = 100_000_000;

/** Every mark within a paragraph is compared with those before it. A list item or table row counts for itself. */
function hasCostlyParagraph(text: string): boolean {
  let [marks, length] = [0, 0];
  for (const line of text.split("\n")) {
    if (/^\s*(?:$|[-*+#|]\s?\S|\d{1,9}[.)])/.test(line)) [marks, length] = [0, 0];
    for (const _ of line.matchAll(/[*_~]+|`+|[[\]<]/g)) marks++;
    length += line.length;
    if (marks * length > mostCost) return true;
  }
  return false;
}

/** Deeper lists and quotes are taken as text of this depth. */
const deepest = 20;

function collect(parent: { children?: readonly MarkdownNode[] }, depth: number, blocks: Block[]): void {
  for (const node of parent.children ?? []) {
    const place = placeOf(node);
    const whole = (text: string) => ({ text, spans: [{ start: 0, end: text.length, place }] });
    if (node.type === "heading") push(blocks, { kind: "heading", level: node.depth ?? 1, ...whole(plain(node)) });
    else if (node.type === "paragraph") push(blocks, { kind: "paragraph", ...whole(plain(node)) });
    else if (node.type === "code")
      push(blocks, { kind: "code", language: node.lang ?? null, ...whole(node.value ?? "") });
    else if (node.type === "table") push(blocks, readTable(node));
    else if (node.type === "list") for (const item of node.children ?? []) collectItem(item, depth, blocks);
    else if (node.type === "blockquote" || node.type === "footnoteDefinition")
      collect(node, Math.min(depth + 1, deepest), blocks);
  }
}

function collectItem(item: { children?: readonly MarkdownNode[] }, depth: number, blocks: Block[]): void {
  const [first, ...rest] = item.children ?? [];
  if (first?.type === "paragraph") {
    const text = plain(first);
    push(blocks, { kind: "list-item", depth, text, spans: [{ start: 0, end: text.length, place: placeOf(first) }] });
    collect({ children: rest }, Math.min(depth + 1, deepest), blocks);
  } else collect(item, Math.min(depth + 1, deepest), blocks);
}

function push(blocks: Block[], block: Block | null): void {
  if (block !== null && block.text.trim() !== "") blocks.push(block);
}

function readTable(table: MarkdownNode): Block | null {
  const rows = (table.children ?? []).map((row) => ({ cells: (row.children ?? []).map(plain), place: placeOf(row) }));
  return tableBlock(rows[0]?.cells ?? [], rows.slice(1));
}

function plain(node: MarkdownNode): string {
  if (node.type === "break") return "\n";
  if (node.type === "image") return node.alt ?? "";
  return node.value ?? (node.children ?? []).map(plain).join("");
}

function placeOf(node: MarkdownNode): Place {
  const { start, end } = node.position ?? { start: { line: 1 }, end: { line: 1 } };
  return linesPlace(start.line, end.line);
}
