import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { DocumentText } from "@deskside/contract";
import { type ParsedDocument, parsedDocumentSchema } from "@deskside/knowledge";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The document as it was read, for the viewer: small on disk, parsed again when it comes back. */
export async function packDocument(document: ParsedDocument): Promise<Uint8Array> {
  return pack(JSON.stringify(document));
}

export async function unpackDocument(content: Uint8Array): Promise<ParsedDocument> {
  return parsedDocumentSchema.parse(JSON.parse((await unpack(content)).toString("utf8")));
}

type Block = DocumentText["blocks"][number];

/** `limit` blocks from `offset` on. */
export function documentText(document: ParsedDocument, offset: number, limit: number): DocumentText {
  const { blocks } = document;
  return {
    format: document.format,
    blocks: blocks.slice(offset, offset + limit).map(describeBlock),
    offset,
    total: blocks.length,
  };
}

function describeBlock(block: ParsedDocument["blocks"][number]): Block {
  const places = block.spans.map(({ place }) => place);
  const page = places.find((place) => place.kind === "page")?.page ?? null;
  const lines = places.filter((place) => place.kind === "lines");
  const cells = places.filter((place) => place.kind === "cells");
  return {
    kind: block.kind,
    level: block.kind === "heading" ? block.level : 0,
    text: block.text,
    header: block.kind === "table" ? block.header : [],
    rows: block.kind === "table" ? block.rows : [],
    page,
    lines:
      lines.length === 0
        ? null
        : { from: Math.min(...lines.map(({ from }) => from)), to: Math.max(...lines.map(({ to }) => to)) },
    sheet: cells[0]?.sheet ?? null,
    rowCells: cells.map(({ from, to }) => ({ from, to })),
  };
}
