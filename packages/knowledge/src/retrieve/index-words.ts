const pairedRun = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}〇]+/gu;

/**
 * What full-text search sees of a text: NFKC; runs of Chinese and kana as overlapping pairs of characters, because
 * nothing separates words there, and the last character once more, so that every character begins a word.
 */
export function indexWords(text: string): string {
  return text.normalize("NFKC").replaceAll(pairedRun, (run) => {
    const characters = [...run];
    const pairs = characters.map((character, index) => character + (characters[index + 1] ?? ""));
    return ` ${pairs.join(" ")} `;
  });
}

/**
 * FTS5 expression for one word or run of a question; null when it holds nothing that is indexed. A single Chinese
 * character finds every word that begins with it, and thus every place where it stands.
 */
export function wordExpression(surface: string): string | null {
  const words = surface
    .normalize("NFKC")
    .replaceAll(pairedRun, (run) => {
      const characters = [...run];
      if (characters.length === 1) return ` ${run} `;
      return ` ${characters
        .slice(0, -1)
        .map((character, index) => character + (characters[index + 1] ?? ""))
        .join(" ")} `;
    })
    .split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u)
    .filter((word) => word !== "");
  const [first] = words;
  if (first === undefined) return null;
  const isSingle = words.length === 1 && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u.test(first);
  return `"${words.join(" ")}"${isSingle ? " *" : ""}`;
}
