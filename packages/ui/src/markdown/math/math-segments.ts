export interface MathSegment {
  /** Offsets in the source, delimiters included. */
  from: number;
  to: number;
  tex: string;
  display: boolean;
}

const maxDisplayLines = 60;
const maxInlineLength = 1_000;
const maxCodeSpan = 5_000;

/**
 * Finds formulas: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. Code is skipped. A dollar sign that is a price is left alone:
 * an opening `$` has no letter or digit before and no space after it, a closing one no space before and no digit after it.
 */
export function findMath(source: string): MathSegment[] {
  if (!source.includes("$") && !source.includes("\\(") && !source.includes("\\[")) return [];
  const segments: MathSegment[] = [];
  const closers = createCloserSearch(source);
  let at = 0;
  while (at < source.length) {
    const next = nextInteresting(source, at);
    if (next === -1) break;
    const found = readAt(source, next, closers);
    if (typeof found === "number") at = found;
    else {
      segments.push(found);
      at = found.to;
    }
  }
  return segments;
}

function nextInteresting(source: string, from: number): number {
  for (let i = from; i < source.length; i++) {
    const char = source[i];
    if (char === "$" || char === "\\" || char === "`" || char === "~") return i;
  }
  return -1;
}

type CloserSearch = (close: string, from: number) => number;

/** Looks for a closing mark; what was not found once is not looked for again. */
function createCloserSearch(source: string): CloserSearch {
  const missing = new Set<string>();
  return (close, from) => {
    if (missing.has(close)) return -1;
    const at = source.indexOf(close, from);
    if (at === -1) missing.add(close);
    return at;
  };
}

/** A segment that starts here, or where to look on. */
function readAt(source: string, at: number, closers: CloserSearch): MathSegment | number {
  const char = source[at];
  if (char === "`" || char === "~") return skipCode(source, at, char);
  if (char === "\\") {
    const after = source[at + 1];
    if (after === "(") return delimited(source, at, closers, inlineMarks) ?? at + 2;
    if (after === "[") return delimited(source, at, closers, displayMarks) ?? at + 2;
    return at + 2;
  }
  if (source[at + 1] === "$") return delimited(source, at, closers, dollarMarks) ?? skipDollars(source, at);
  return inlineDollar(source, at) ?? at + 1;
}

function skipDollars(source: string, at: number): number {
  let end = at;
  while (source[end] === "$") end++;
  return end;
}

/** Behind a code span, or behind a fence when the run stands at the start of a line. */
function skipCode(source: string, at: number, char: string): number {
  let end = at;
  while (source[end] === char) end++;
  const length = end - at;
  const lineStart = source.lastIndexOf("\n", at - 1) + 1;
  const atLineStart = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?$/.test(source.slice(lineStart, at));
  if (length >= 3 && atLineStart) {
    const closing = new RegExp(`^[ \\t>]*${char === "~" ? "~" : "`"}{${length},}[ \\t]*\\r?$`, "gm");
    closing.lastIndex = end;
    return closing.exec(source) ? closing.lastIndex : source.length;
  }
  if (char === "~") return end;
  const run = new RegExp(`(?<!\`)\`{${length}}(?!\`)`, "g");
  run.lastIndex = end;
  const found = run.exec(source.slice(0, paragraphEnd(source, end, maxCodeSpan)));
  return found ? run.lastIndex : end;
}

/** Where the paragraph ends, at most `limit` characters on. */
function paragraphEnd(source: string, from: number, limit: number): number {
  const text = source.slice(from, from + limit);
  const blank = text.search(/\n[ \t]*\r?\n/);
  return from + (blank === -1 ? text.length : blank);
}

interface Marks {
  open: string;
  close: string;
  display: boolean;
}
const inlineMarks: Marks = { open: "\\(", close: "\\)", display: false };
const displayMarks: Marks = { open: "\\[", close: "\\]", display: true };
const dollarMarks: Marks = { open: "$$", close: "$$", display: true };

function delimited(source: string, at: number, closers: CloserSearch, marks: Marks): MathSegment | null {
  const { open, close, display } = marks;
  const start = at + open.length;
  let end = closers(close, start);
  while (close !== "$$" && end > 0 && source[end - 1] === "\\") end = closers(close, end + 1);
  if (end === -1) return null;
  const raw = source.slice(start, end);
  if (raw.trim() === "" || raw.length > 20_000) return null;
  const lines = raw.split("\n");
  if (lines.length > (display ? maxDisplayLines : 3)) return null;
  if (!display && raw.length > maxInlineLength) return null;
  return { from: at, to: end + close.length, tex: withoutQuoteMarks(lines).trim(), display };
}

/** In a block quote every line of the formula begins with the mark of the quote. */
function withoutQuoteMarks(lines: string[]): string {
  const [first = "", ...rest] = lines;
  const quoted = rest.length > 0 && rest.every((line) => /^[ \t]*>/.test(line));
  return [first, ...(quoted ? rest.map((line) => line.replace(/^[ \t]*>[ \t]?/, "")) : rest)].join("\n");
}

function inlineDollar(source: string, at: number): MathSegment | null {
  const before = source[at - 1] ?? " ";
  const after = source[at + 1] ?? " ";
  if (/[A-Za-z0-9]/.test(before) || /\s/.test(after)) return null;
  const limit = paragraphEnd(source, at, maxInlineLength);
  for (let end = at + 1; end < limit; end++) {
    const char = source[end];
    if (char === "\\") end++;
    else if (char === "`") return null;
    else if (char === "$") {
      if (/\s/.test(source[end - 1] ?? " ") || /[0-9]/.test(source[end + 1] ?? " ")) return null;
      const tex = source.slice(at + 1, end);
      return tex === "" || isPrice(tex) ? null : { from: at, to: end + 1, tex, display: false };
    }
  }
  return null;
}

/** "$5 apples and 6$": a number, then plain words. A formula would show at least one sign of mathematics. */
function isPrice(tex: string): boolean {
  return /^\d[\d.,]*(?:\s+\p{L}{2,}|\p{Script=Han})/u.test(tex) && !/[\\^_=+<>{}]/.test(tex);
}
