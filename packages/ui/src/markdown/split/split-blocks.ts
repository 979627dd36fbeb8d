import {
  closesFence,
  endsParagraph,
  type Fence,
  indentOf,
  isBlank,
  openingFence,
  opensDisplayMath,
  opensFootnote,
  readListMarker,
} from "./line-syntax.ts";

export interface BlockSplit {
  readonly source: string;
  /** Joined they are the source. All but the last are settled: no appended text changes them. */
  readonly blocks: readonly string[];
}

/** A formula that never closes must not swallow the rest of the answer. */
const maxMathLines = 60;

/**
 * Splits Markdown into pieces that can be parsed one by one with the same result as the whole.
 * Where a border is not certain yet, lines stay together: that is always right, only slower.
 * @param previous the last result for the same growing text; only its last block is read again
 */
export function splitBlocks(source: string, previous?: BlockSplit): BlockSplit {
  if (previous && previous.source.length <= source.length && source.startsWith(previous.source)) {
    if (previous.source.length === source.length) return previous;
    const settled = previous.blocks.slice(0, -1);
    const from = previous.source.length - (previous.blocks.at(-1)?.length ?? 0);
    return { source, blocks: [...settled, ...scan(source, from)] };
  }
  return { source, blocks: scan(source, 0) };
}

function scan(source: string, from: number): string[] {
  const blocks: string[] = [];
  let start = from;
  let state = freshState();
  let at = from;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const complete = end.next > end.textEnd;
    const line = source.slice(at, end.textEnd);
    if (startsBlock(state, line, complete) && at > start) {
      blocks.push(source.slice(start, at));
      start = at;
      state = freshState();
    }
    if (complete) take(state, line);
    at = Math.max(end.next, end.textEnd);
  }
  if (start < source.length) blocks.push(source.slice(start));
  return blocks;
}

/** A carriage return at the very end is no line end yet: a line feed may follow. */
function lineEnd(source: string, from: number): { textEnd: number; next: number } {
  for (let i = from; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    if (unit === 0x0a) return { textEnd: i, next: i + 1 };
    if (unit === 0x0d && i + 1 < source.length) {
      return { textEnd: i, next: source.charCodeAt(i + 1) === 0x0a ? i + 2 : i + 1 };
    }
  }
  return { textEnd: source.length, next: 0 };
}

interface State {
  kind: "start" | "text" | "list" | "footnote" | "indented" | "fence" | "closed";
  /** List: column from which lines belong to the last item of the outermost list. */
  contentOffset: number;
  fence: Fence | null;
  math: { close: string; lines: number } | null;
  afterBlank: boolean;
  /** The last line can be continued by a following line of text. */
  inParagraph: boolean;
}

function freshState(): State {
  return { kind: "start", contentOffset: 0, fence: null, math: null, afterBlank: false, inParagraph: false };
}

/** Whether this line certainly begins a new block. */
function startsBlock(state: State, line: string, complete: boolean): boolean {
  if (state.kind === "start" || state.kind === "fence" || state.math || isBlank(line)) return false;
  if (state.kind === "closed") return true;
  if (!state.afterBlank) return complete && opensTopLevelFence(state, line);
  const indent = indentOf(line);
  if (state.kind === "list") return indent < state.contentOffset && readListMarker(line, complete) === null;
  if (state.kind === "footnote" || state.kind === "indented") return indent < 4;
  return true;
}

function opensTopLevelFence(state: State, line: string): boolean {
  const indent = indentOf(line);
  if (indent > 3 || (state.kind === "list" && indent >= state.contentOffset)) return false;
  return openingFence(line) !== null;
}

/** Moves the state over a complete line. */
function take(state: State, line: string): void {
  if (state.kind === "fence" && state.fence) {
    if (closesFence(line, state.fence)) state.kind = "closed";
    return;
  }
  if (state.math && opensTopLevelFence(state, line)) state.math = null;
  if (state.math) {
    state.math.lines++;
    if (line.includes(state.math.close) || state.math.lines > maxMathLines) state.math = null;
    state.inParagraph = true;
    state.afterBlank = false;
    return;
  }
  if (isBlank(line)) {
    state.afterBlank = state.kind !== "start";
    state.inParagraph = false;
    return;
  }
  takeText(state, line);
  state.afterBlank = false;
}

function takeText(state: State, line: string): void {
  if (opensTopLevelFence(state, line)) {
    state.kind = "fence";
    state.fence = openingFence(line);
    return;
  }
  const indent = indentOf(line);
  const marker = readListMarker(line, true);
  if (marker !== null && marker !== "maybe" && startsItem(state, indent, marker)) {
    state.kind = "list";
    state.contentOffset = marker.contentOffset;
  } else if (state.kind === "start") {
    state.kind = indent >= 4 ? "indented" : opensFootnote(line) ? "footnote" : "text";
  } else if (state.kind === "indented" && indent < 4) {
    state.kind = "text";
  } else if (state.kind === "text" && opensFootnote(line)) {
    state.kind = "footnote";
  }
  const close = opensDisplayMath(line);
  if (close && state.kind !== "indented") state.math = { close, lines: 0 };
  state.inParagraph = !endsParagraph(line);
}

/** An item deeper than the content of the last one is nested in it; an empty item or a late number interrupts no text. */
function startsItem(state: State, indent: number, marker: { empty: boolean; number: number | null }): boolean {
  if (state.kind === "list") return indent < state.contentOffset;
  if (!state.inParagraph) return true;
  return !marker.empty && (marker.number === null || marker.number === 1);
}
