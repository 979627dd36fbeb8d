/** Longest title made from a question, in characters. */
const longest = 48;

/** A title from the first exchange: the first sentence of the question, on one line, cut at a word. */
export function titleOf(question: string): string {
  const line = question.replace(/\s+/gu, " ").trim();
  const sentence = line.match(/^.+?[.!?。！？](?=\s|$|[^\d\p{L}])/u)?.[0] ?? line;
  const bare = sentence.replace(/[.。]+$/u, "");
  const characters = [...bare];
  if (characters.length <= longest) return bare;
  const cut = characters.slice(0, longest - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${space > longest / 2 ? cut.slice(0, space) : cut}…`;
}
