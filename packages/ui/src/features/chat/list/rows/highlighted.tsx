import { foldCase, queryTerms } from "@deskside/contract";

/** Text with the words that were searched for marked, without regard to case. */
export function Highlighted({ text, query }: { text: string; query: string }) {
  const terms = queryTerms(query);
  const folded = foldCase(text);
  // Some letters change their length in lower case; then positions would not fit.
  if (terms.length === 0 || folded.length !== text.length) return text;
  return parts(text, folded, terms).map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text));
}

function parts(text: string, folded: string, terms: readonly string[]): { text: string; hit: boolean }[] {
  const found: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (;;) {
    const next = nextHit(folded, terms, at);
    if (next === null) break;
    if (next.start > at) found.push({ text: text.slice(at, next.start), hit: false });
    found.push({ text: text.slice(next.start, next.end), hit: true });
    at = next.end;
  }
  if (at < text.length) found.push({ text: text.slice(at), hit: false });
  return found;
}

/** The first hit of any term; of two at one place the longer. */
function nextHit(folded: string, terms: readonly string[], from: number): { start: number; end: number } | null {
  let best: { start: number; end: number } | null = null;
  for (const term of terms) {
    const start = folded.indexOf(term, from);
    if (start < 0) continue;
    const end = start + term.length;
    if (best === null || start < best.start || (start === best.start && end > best.end)) best = { start, end };
  }
  return best;
}
