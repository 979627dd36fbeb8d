/** Longest name most file systems take, in UTF-8, with room for the extension. */
const mostBytes = 120;

/** A file name any system takes, from a question. */
export function fileNameOf(question: string): string {
  const plain = question
    // Joiners stay: emoji and several scripts need them. Marks of writing direction would show another name than it is.
    .replaceAll(/[\p{Cc}<>:"/\\|?*\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  let name = "";
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter().segment(plain)) {
    bytes += new TextEncoder().encode(segment).length;
    if (bytes > mostBytes) break;
    name += segment;
  }
  // Windows takes no name that ends in a dot or a space.
  return name.replace(/[. ]+$/, "") || "answer";
}
