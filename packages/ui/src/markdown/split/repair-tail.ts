import { findMath } from "../math/math-segments.ts";
import { closesFence, type Fence, indentOf, openingFence } from "./line-syntax.ts";

/** Address that a link has while its own is still being written. */
export const pendingLink = "deskside-pending:";

/**
 * Makes the last block of a growing answer look as it will look when its syntax is closed, so that nothing flickers:
 * half-written marks are closed or held back until their meaning is known.
 */
export function repairTail(block: string): string {
  const fence = openFenceAtEnd(block);
  if (fence) return holdPartialFence(block, fence);
  const held = holdPartialLine(block);
  return closeInline(completeTable(held));
}

/** The fence that is still open at the end of the text, wherever it is nested. */
function openFenceAtEnd(block: string): Fence | null {
  let fence: Fence | null = null;
  const lines = block.split("\n");
  lines.pop();
  for (const raw of lines) {
    const line = raw.replace(/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?/, "");
    if (fence) {
      if (closesFence(line, fence)) fence = null;
    } else fence = openingFence(line);
  }
  return fence;
}

function lastLineStart(block: string): number {
  return block.lastIndexOf("\n") + 1;
}

/** The closing fence comes mark by mark; its first marks are not code. */
function holdPartialFence(block: string, fence: Fence): string {
  const start = lastLineStart(block);
  const line = block
    .slice(start)
    .replace(/^[ \t>]*/, "")
    .trimEnd();
  const partial = line !== "" && [...line].every((char) => char === fence.char);
  return partial ? block.slice(0, start) : block;
}

const onlyMarks = /^(?:[-=*+_#>|]+|\d{1,9}[.)]?|`{1,2}|[-*+][ \t]+(?:\[[ xX]?\]?)?|(?:[-*][ \t]*)+)$/;

/** A last line that consists of marks only could still become anything: a rule, a list, a heading, a fence. */
function holdPartialLine(block: string): string {
  const start = lastLineStart(block);
  const line = block.slice(start);
  const text = line.replace(/^(?:[ \t]*>)*[ \t]*/, "").trimEnd();
  if (text === "") return block;
  const opensFence = /^(?:`{3,}|~{3,})/.test(text) && openingFence(text) !== null;
  const definition = /^\[[^\]]*\]:?[^\s]*$/.test(text) && text.includes("]:");
  // "12" may be a number at the end of a text line; "12." at the start of one will be a list.
  if (opensFence || definition || onlyMarks.test(text)) return block.slice(0, start);
  return block;
}

/** Shows a table from its first complete line on, before its ruler has arrived. */
function completeTable(block: string): string {
  const lines = block.split("\n");
  const from = firstLineOfParagraph(lines);
  const header = lines[from] ?? "";
  if (!/^[ \t>]*\|/.test(header)) return block;
  const rest = lines.slice(from + 1);
  const ruler = rest[0] ?? "";
  if (rest.length === 0) return lines.slice(0, from).join("\n");
  if (rest.length === 1 && /^[ \t>]*\|?[-:| \t]*$/.test(ruler)) {
    const columns = Math.max(1, countCells(header));
    return `${lines.slice(0, from + 1).join("\n")}\n${quotePrefix(header)}|${" - |".repeat(columns)}`;
  }
  return block;
}

function firstLineOfParagraph(lines: readonly string[]): number {
  let from = lines.length - 1;
  while (from > 0 && (lines[from - 1] ?? "").replace(/^[ \t>]*/, "").trim() !== "") from--;
  return from;
}

function quotePrefix(line: string): string {
  return /^[ \t>]*/.exec(line)?.[0] ?? "";
}

function countCells(line: string): number {
  const inner = line
    .trim()
    .replace(/^[>\s]*\|/, "")
    .replace(/\|\s*$/, "");
  return inner.split(/(?<!\\)\|/).length;
}

/** Closes what is open in the last paragraph: formulas, code spans, emphasis, links. */
function closeInline(block: string): string {
  const lines = block.split("\n");
  const from = firstLineOfParagraph(lines);
  const head = lines.slice(0, from).join("\n");
  const tail = lines.slice(from).join("\n");
  if (indentOf(tail) >= 4 && head === "") return block;
  const math = openFormula(tail);
  if (math !== null) return joinLines(head, tail.trimEnd() + math, from);
  const trimmed = tail.replace(/<(?:b(?:r(?:\s*\/?)?)?)?$/i, "").replace(/(^|[^\\])\\$/, "$1");
  return joinLines(head, closeMarks(closeLink(trimmed)), from);
}

function joinLines(head: string, tail: string, from: number): string {
  return from === 0 ? tail : `${head}\n${tail}`;
}

/** What would close a formula that is open at the end, or null. */
function openFormula(tail: string): string | null {
  const done = findMath(tail).at(-1)?.to ?? 0;
  const rest = tail.slice(done);
  for (const [open, close] of [
    ["\\[", "\\]"],
    ["\\(", "\\)"],
    ["$$", "$$"],
  ] as const) {
    const at = rest.indexOf(open);
    if (at === -1 || rest[at - 1] === "\\" || insideCode(rest.slice(0, at))) continue;
    const body = rest.slice(at + 2);
    if (body.trim() === "" || body.length > 2_000) continue;
    // Half a closing mark is already there.
    return body.endsWith(close.slice(0, 1)) ? close.slice(1) : close;
  }
  return null;
}

function insideCode(text: string): boolean {
  return (text.match(/`/g)?.length ?? 0) % 2 === 1;
}

/** `[text](addr` looks like a link already; `![alt` shows nothing until it is complete. */
function closeLink(tail: string): string {
  const image = /!(?:\[[^\]\n]*(?:\](?:\([^)\n]*)?)?)?$/.exec(tail);
  if (image?.[0].startsWith("![")) return tail.slice(0, image.index);
  const link = /\[([^[\]\n]*)\]\([^)\n]*$/.exec(tail);
  if (!link || insideCode(tail.slice(0, link.index))) return tail;
  return `${tail.slice(0, link.index)}[${link[1]}](${pendingLink})`;
}

/** Closes code spans and emphasis in the order they were opened; marks without content yet are held back. */
function closeMarks(tail: string): string {
  const open: string[] = [];
  let text = tail;
  let code = "";
  const marks = /\\.|`+|\*{1,3}|_{1,3}|~~/gs;
  for (const found of tail.matchAll(marks)) {
    const mark = found[0];
    if (mark.startsWith("\\") && code === "") continue;
    if (mark.startsWith("`")) code = code === "" ? mark : code === mark ? "" : code;
    else if (code === "") toggle(open, mark, tail[found.index - 1] ?? " ", tail[found.index + mark.length] ?? "");
  }
  if (code !== "") return text.endsWith(code) ? text.slice(0, -code.length) : text + code;
  const hanging = /(?:\*{1,3}|_{1,3}|~{1,2})$/.exec(text);
  if (hanging && (text[hanging.index - 1] ?? " ").match(/[\s（(「]/)) {
    text = text.slice(0, hanging.index).trimEnd();
  } else if (hanging && open.length > 0 && open.at(-1) !== hanging[0] && open.at(-1)?.startsWith(hanging[0])) {
    // Half of the closing mark has arrived.
    text = text.slice(0, hanging.index);
  }
  const space = /\s*$/.exec(text)?.[0] ?? "";
  return open.length === 0 ? text : text.slice(0, text.length - space.length) + open.reverse().join("") + space;
}

/** Emphasis opens before a character that is not a space and closes after one. */
function toggle(open: string[], mark: string, before: string, after: string): void {
  const canClose = !/\s/.test(before);
  const canOpen = after !== "" && !/\s/.test(after) && !(mark.startsWith("_") && /[\p{L}\p{N}]/u.test(before));
  if (canClose && open.at(-1) === mark) open.pop();
  else if (canClose && mark.length === 3 && open.length >= 2) open.splice(-2);
  else if (canOpen) open.push(mark);
}
