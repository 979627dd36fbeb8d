import type { Statement } from "@deskside/contract";

/** `[2]` or `【2】`: the model's own number, which ours replace. */
const ownMarks = /\s?(?:\[\d{1,3}\]|【\d{1,3}】)/g;

export type CiteTarget =
  | { readonly kind: "source"; readonly statement: number; readonly citation: number }
  | { readonly kind: "unsupported"; readonly statement: number }
  | { readonly kind: "missing"; readonly statement: number; readonly index: number };

const address = /^#cite-([a-z0-9]+)-(s|u|m)-(\d+)-(\d+)$/;

/**
 * The answer with a link behind every statement, for each passage that carries it, and around what no passage contains.
 * `token` is drawn anew for each rendering: a model that writes such a link itself does not know it.
 */
export function withCiteMarks(text: string, statements: readonly Statement[], token: string): string {
  let marked = "";
  let from = 0;
  for (const [index, statement] of statements.entries()) {
    marked += text.slice(from, statement.start) + markStatement(text, statement, index, token);
    from = statement.end;
  }
  return marked + text.slice(from);
}

function markStatement(text: string, statement: Statement, index: number, token: string): string {
  const { start, end, support, citations, missing } = statement;
  if (support === "plain") return text.slice(start, end);
  let body = "";
  let from = start;
  const plain = (to: number) => text.slice(from, to).replaceAll(ownMarks, "");
  for (const [at, range] of missing.entries()) {
    body += `${plain(range.start)}[${text.slice(range.start, range.end)}](#cite-${token}-m-${index}-${at})`;
    from = range.end;
  }
  body += plain(end);
  const seen = new Set<number>();
  const chips = citations.map(({ source }, at) => {
    if (seen.has(source)) return "";
    seen.add(source);
    return `[${source}](#cite-${token}-s-${index}-${at})`;
  });
  if (support === "unsupported") chips.push(`[?](#cite-${token}-u-${index}-0)`);
  const row = /\s*\|\s*$/.exec(body)?.[0] ?? "";
  return body.slice(0, body.length - row.length) + chips.join("") + row;
}

/** What a link of `withCiteMarks` points to; null for any other address. */
export function citeTarget(href: string, token: string): CiteTarget | null {
  const [, owner, kind, first, second] = address.exec(href) ?? [];
  if (owner !== token || token === "") return null;
  const statement = Number(first);
  if (kind === "s") return { kind: "source", statement, citation: Number(second) };
  return kind === "u" ? { kind: "unsupported", statement } : { kind: "missing", statement, index: Number(second) };
}
