import type { Message, Statement } from "@deskside/contract";
import type { CitedAnswer } from "./cited-answer.ts";
import type { ExportWords } from "./export-words.ts";

/** The answer in its own Markdown, numbers as `[1]`, the sentences they stand for below. */
export function writeMarkdown(
  answer: CitedAnswer,
  message: Pick<Message, "text">,
  statements: readonly Statement[],
  words: ExportWords,
): string {
  const quotes = answer.quotes.map(
    (quote) =>
      `${quote.n}. **${escape(words.placeOf(quote))}**\n\n   > ${escape(quote.text).replaceAll("\n", "\n   > ")}`,
  );
  const parts = [`# ${escape(words.title).replaceAll(/\s+/g, " ")}`, withNumbers(message.text, statements, words)];
  if (quotes.length > 0) parts.push(`## ${words.sources}`, quotes.join("\n\n"));
  return `${[...parts, `*${escape(words.facts)}*`].join("\n\n")}\n`;
}

const ownMarks = /\s?(?:\[\d{1,3}\]|【\d{1,3}】)/g;

function withNumbers(text: string, statements: readonly Statement[], words: ExportWords): string {
  let written = "";
  let from = 0;
  for (const { start, end, support, citations } of statements) {
    const body = text.slice(start, end);
    written += text.slice(from, start);
    from = end;
    if (support === "plain") {
      written += body;
      continue;
    }
    const row = /\s*\|\s*$/.exec(body)?.[0] ?? "";
    const numbers = [...new Set(citations.map(({ source }) => source))].map((n) => `[${n}]`).join("");
    const note = support === "unsupported" ? ` (${words.unsupported})` : "";
    written += `${body.slice(0, body.length - row.length).replaceAll(ownMarks, "")}${numbers}${note}${row}`;
  }
  return written + text.slice(from);
}

/** Names and quotes are text, whatever they look like in Markdown. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|]/g, "\\$&");
}
