/** An index is one file or a few tables: what a collection takes is its share of the passages. */
export function shareBytes<T extends { readonly passages: number }>(
  bytes: number,
  collections: readonly T[],
): (T & { readonly bytes: number })[] {
  const all = collections.reduce((sum, { passages }) => sum + passages, 0);
  return collections.map((one) => ({ ...one, bytes: all === 0 ? 0 : Math.round((bytes * one.passages) / all) }));
}
