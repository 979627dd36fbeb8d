import type { PersonalDataKind } from "@deskside/contract";
import type { Block, ParsedDocument } from "../document/document-schemas.ts";
import { findPersonalData } from "./find-personal-data.ts";
import type { ScrubState } from "./scrub-state.ts";
import { countKinds, moveSpans, type Replacement, scrubText } from "./scrub-text.ts";

export interface ScrubbedDocument {
  readonly document: ParsedDocument;
  /** How often each kind was replaced. */
  readonly replaced: Partial<Record<PersonalDataKind, number>>;
}

/** Stands between cells while a row is searched: a value may be cut by it. */
const cellMark = " | ";

/**
 * The document with every value of the state's kinds replaced by its label, in title, texts, table headers and cells;
 * places stay with the text they belong to. A value whose parts stand in neighbouring cells of a row is replaced in the
 * first of them and taken out of the others.
 */
export function scrubDocument(document: ParsedDocument, state: ScrubState): ScrubbedDocument {
  if (state.kinds.size === 0) return { document, replaced: {} };
  const replacements: Replacement[] = [];
  const blocks = document.blocks.map((block) => scrubBlock(block, state, replacements));
  const title = document.title === null ? null : scrubText(document.title, state).text;
  return { document: { ...document, title, blocks }, replaced: countKinds(replacements) };
}

function scrubBlock(block: Block, state: ScrubState, replacements: Replacement[]): Block {
  if (block.kind !== "table") {
    const scrubbed = scrubText(block.text, state);
    if (scrubbed.replacements.length === 0) return block;
    replacements.push(...scrubbed.replacements);
    return { ...block, text: scrubbed.text, spans: moveSpans(block.spans, scrubbed.replacements) };
  }
  const header = block.header.map((cell) => scrubText(cell, state).text);
  const rows = block.rows.map((row) => scrubRow(row, state));
  const split = splitValues(block.text, rows);
  const whole = scrubText(split.text, state);
  replacements.push(...split.replacements.filter(({ length }) => length > 0), ...whole.replacements);
  const spans = moveSpans(moveSpans(block.spans, split.replacements), whole.replacements);
  return { ...block, header, rows: rows.map(({ cells }) => cells), text: whole.text, spans };
}

interface CutValue {
  readonly kind: PersonalDataKind;
  readonly label: string;
  /** What of it stood in each cell. */
  readonly parts: readonly string[];
}

interface ScrubbedRow {
  readonly cells: string[];
  readonly cut: readonly CutValue[];
}

function scrubRow(row: readonly string[], state: ScrubState): ScrubbedRow {
  const line = row.join(cellMark);
  const found = findPersonalData(line, state.kinds);
  if (found.length === 0) return { cells: [...row], cut: [] };
  const cells: string[] = [];
  const cut = new Map<number, CutValue>();
  let cellStart = 0;
  for (const cell of row) {
    const cellEnd = cellStart + cell.length;
    let text = "";
    let at = cellStart;
    for (const [index, { kind, start, end, value }] of found.entries()) {
      if (end <= cellStart || start >= cellEnd) continue;
      const from = Math.max(start, cellStart);
      const to = Math.min(end, cellEnd);
      text += line.slice(at, from);
      const label = state.labelOf(kind, value);
      if (start >= cellStart) text += label;
      if (start < cellStart || end > cellEnd) {
        const parts = [...(cut.get(index)?.parts ?? []), line.slice(from, to)];
        cut.set(index, { kind, label, parts });
      }
      at = to;
    }
    cells.push(text + line.slice(at, cellEnd));
    cellStart = cellEnd + cellMark.length;
  }
  return { cells, cut: [...cut.values()] };
}

/** The same in the text of the table, where a row's cells stand behind their headers: its parts are found by what they are. */
function splitValues(text: string, rows: readonly ScrubbedRow[]): { text: string; replacements: Replacement[] } {
  const replacements: Replacement[] = [];
  const written: string[] = [];
  let at = 0;
  let searched = 0;
  for (const { kind, label, parts } of rows.flatMap(({ cut }) => cut)) {
    for (const [index, part] of parts.entries()) {
      const start = text.indexOf(part, searched);
      if (start < 0) continue;
      const put = index === 0 ? label : "";
      written.push(text.slice(at, start), put);
      at = start + part.length;
      searched = at;
      replacements.push({ kind, start, end: at, length: put.length });
    }
  }
  return { text: written.join("") + text.slice(at), replacements };
}
