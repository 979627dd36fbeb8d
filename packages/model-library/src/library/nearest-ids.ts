/** The ids most like `wanted`, best first: a mistyped or shortened name. */
export function nearestIds(wanted: string, ids: readonly string[], most = 3): string[] {
  const text = wanted.toLowerCase().slice(0, 100);
  return ids
    .map((id) => ({ id, distance: id.includes(text) || text.includes(id) ? 0 : editDistance(text, id.toLowerCase()) }))
    .filter(({ id, distance }) => text !== "" && distance <= Math.max(3, Math.floor(id.length / 2)))
    .sort((a, b) => a.distance - b.distance || a.id.localeCompare(b.id))
    .slice(0, most)
    .map(({ id }) => id);
}

/** Insertions, deletions and replacements that turn one into the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
