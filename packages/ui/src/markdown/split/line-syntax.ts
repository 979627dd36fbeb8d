/** Column of the first character that is not white space; tabs reach to the next multiple of four. */
export function indentOf(line: string): number {
  let column = 0;
  for (let i = 0; i < line.length; i++) {
    const unit = line.charCodeAt(i);
    if (unit === 0x20) column++;
    else if (unit === 0x09) column += 4 - (column % 4);
    else break;
  }
  return column;
}

export function isBlank(line: string): boolean {
  return line.trim() === "";
}

export interface Fence {
  char: string;
  length: number;
}

const fenceOpening = /^(`{3,})([^`]*)$|^(~{3,})(.*)$/;

/** The fence that a complete line opens, if it does. The caller decides whether its indentation allows it. */
export function openingFence(line: string): Fence | null {
  const found = fenceOpening.exec(line.trim());
  const run = found?.[1] ?? found?.[3];
  return run === undefined ? null : { char: run[0] ?? "`", length: run.length };
}

/** Whether a complete line closes the fence. */
export function closesFence(line: string, fence: Fence): boolean {
  if (indentOf(line) > 3) return false;
  const text = line.trim();
  if (text.length < fence.length) return false;
  for (const char of text) if (char !== fence.char) return false;
  return true;
}

export interface ListMarker {
  /** Column where the content of the item starts: deeper lines belong to it. */
  contentOffset: number;
  empty: boolean;
  /** Number of an ordered item, else null. */
  number: number | null;
}

const listMarker = /^([-*+]|(\d{1,9})[.)])([ \t]+|$)(.?)/;

/** Reads a list marker at the start of the line; "maybe" while an unfinished line could still become one. */
export function readListMarker(line: string, complete: boolean): ListMarker | "maybe" | null {
  const indent = indentOf(line);
  if (indent > 3) return null;
  const text = line.trimStart();
  const found = listMarker.exec(text);
  if (!found) return !complete && /^\d{1,9}$/.test(text) ? "maybe" : null;
  const [, marker = "", number, space = "", first = ""] = found;
  if (space === "" && !complete) return "maybe";
  const empty = first === "";
  const width = indentOf(space);
  const gap = empty || width > 4 ? 1 : width;
  return {
    contentOffset: indent + marker.length + gap,
    empty,
    number: number === undefined ? null : Number(number),
  };
}

/** A footnote's definition reaches over blank lines as long as what follows is indented. */
export function opensFootnote(line: string): boolean {
  return /^ {0,3}\[\^[^\]\s]+\]:/.test(line);
}

/** What closes the display formula that this line opens and does not close itself. */
export function opensDisplayMath(line: string): "$$" | "\\]" | null {
  const text = line.replace(/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?/, "");
  if (text.startsWith("$$")) return text.includes("$$", 2) ? null : "$$";
  if (text.startsWith("\\[")) return text.includes("\\]", 2) ? null : "\\]";
  return null;
}

/** A line after which a paragraph cannot go on: heading or rule. */
export function endsParagraph(line: string): boolean {
  return /^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$)/.test(line);
}
