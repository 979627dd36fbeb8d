import type { Passage } from "./passage.ts";

/** Longest title or heading that goes before a passage. */
const characters = 120;
/** Of the headings above a passage those nearest to it. */
const headings = 4;

/** What is searched and embedded: the title and the headings above, then the text. */
export function searchedText({ context, text }: Pick<Passage, "context" | "text">): string {
  const lines = [context.title, context.sections.join(" › ")].filter((line) => line !== "");
  return [...lines, text].join("\n");
}

/** Title and headings of a length that leaves room for the text. */
export function contextOf(title: string, sections: readonly string[]): Passage["context"] {
  const short = title.replace(/\s+/g, " ").trim();
  // A document that begins with its title as heading says it once.
  const below = sections[0] === short ? sections.slice(1) : sections;
  return { title: clip(short), sections: below.slice(-headings).map(clip) };
}

/** The next shorter one: without the outermost heading, without the title, empty. */
export function shorterContext({ title, sections }: Passage["context"]): Passage["context"] {
  return sections.length > 0 ? { title, sections: sections.slice(1) } : { title: "", sections };
}

function clip(text: string): string {
  if (text.length <= characters) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text[characters - 2] ?? "");
  return `${text.slice(0, isHalf ? characters - 2 : characters - 1).trimEnd()}…`;
}
