import { foldCase } from "@deskside/contract";

/** Context kept on each side of a hit, in UTF-16 units; with an ordinary query a snippet has about 120. */
const snippetLength = 120;
const minimalContext = 20;

/** The hit as it stands in the text, with what is around it on one line. */
export function cutSnippet(text: string, query: string): string {
  const [start, end] = findHit(text, query);
  const context = Math.max(minimalContext, snippetLength - (end - start));
  const before = Math.min(start, Math.floor(context / 3));
  const after = context - before;
  const from = boundary(text, start - before);
  const to = boundary(text, Math.min(text.length, end + after));
  const left = from > 0 ? "…" : "";
  const right = to < text.length ? "…" : "";
  return `${left}${oneLine(text.slice(from, start))}${text.slice(start, end)}${oneLine(text.slice(end, to))}${right}`;
}

function findHit(text: string, query: string): [number, number] {
  const match = new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu").exec(text);
  if (match) return [match.index, match.index + match[0].length];
  // Letters that change their length with their case: look where the folded text has it, which is near enough.
  const folded = foldCase(text).indexOf(foldCase(query));
  const start = boundary(text, Math.max(0, Math.min(folded, text.length)));
  return [start, boundary(text, Math.min(text.length, start + query.length))];
}

/** Never between the halves of a surrogate pair. */
function boundary(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 && at > 0 ? at - 1 : at;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
