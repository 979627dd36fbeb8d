/** Text with the parts that were searched for marked, without regard to case. */
export function Highlighted({ text, query }: { text: string; query: string }) {
  const wanted = query.trim().toLowerCase();
  const lower = text.toLowerCase();
  // Some letters change their length in lower case; then positions would not fit.
  if (wanted === "" || lower.length !== text.length) return text;
  const parts: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (let found = lower.indexOf(wanted); found !== -1; found = lower.indexOf(wanted, at)) {
    if (found > at) parts.push({ text: text.slice(at, found), hit: false });
    at = found + wanted.length;
    parts.push({ text: text.slice(found, at), hit: true });
  }
  if (at < text.length) parts.push({ text: text.slice(at), hit: false });
  return parts.map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text));
}
