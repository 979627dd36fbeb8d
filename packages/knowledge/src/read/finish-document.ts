import type { Block, ParsedDocument, ReadOptions } from "../document/document-schemas.ts";

/**
 * What holds for a document of any format: its text can be stored and sent (no zeros, no halves of characters; every
 * replacement is as long as what it replaces, so that spans stay right), and there is no more of it than was asked for.
 */
export function finishDocument(document: ParsedDocument, { maximumCharacters }: ReadOptions): ParsedDocument {
  const blocks: Block[] = [];
  let left = maximumCharacters;
  let isCut = false;
  for (const block of document.blocks) {
    const kept = finishBlock(block.text.length > left ? cutBlock(block, left) : block);
    if (kept.text !== "") blocks.push(kept);
    isCut ||= block.text.length > left;
    left -= block.text.length;
    if (left <= 0) break;
  }
  isCut ||= blocks.length < document.blocks.length;
  const isPartial = document.warnings.some(({ code }) => code === "partial");
  return {
    ...document,
    blocks,
    title: document.title === null ? null : storable(document.title),
    warnings: isCut && !isPartial ? [...document.warnings, { code: "partial", count: 1 }] : document.warnings,
  };
}

/** A table ends with its last row that fits; other text anywhere. */
function cutBlock(block: Block, left: number): Block {
  if (block.kind !== "table") {
    const spans = block.spans
      .filter(({ start }) => start < left)
      .map((span) => ({ ...span, end: Math.min(span.end, left) }));
    return { ...block, text: block.text.slice(0, left), spans };
  }
  const spans = block.spans.filter(({ end }) => end <= left);
  return {
    ...block,
    spans,
    rows: block.rows.slice(0, spans.length),
    text: block.text.slice(0, spans.at(-1)?.end ?? 0),
  };
}

function finishBlock(block: Block): Block {
  const text = storable(block.text);
  if (block.kind !== "table") return { ...block, text };
  return { ...block, text, header: block.header.map(storable), rows: block.rows.map((row) => row.map(storable)) };
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", " ");
}
