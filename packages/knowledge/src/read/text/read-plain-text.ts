import type {
  Block,
  DocumentReader,
  ParsedDocument,
  ReadOptions,
  ReadWarning,
} from "../../document/document-schemas.ts";
import { joinPieces, linesPlace, type Piece } from "./block-builder.ts";
import { type DecodedText, decodeText } from "./decode-text.ts";

/** Notes, logs and the like: a paragraph is what stands between blank lines. */
export const readPlainText: DocumentReader = async ({ bytes }, options) => {
  const decoded = decodeText(bytes);
  const { text, isCut } = limit(decoded.text, options);
  return textDocument("text", paragraphs(text), decoded, isCut);
};

/** Source code: blocks between blank lines, line by line as it stands. */
export function createCodeReader(language: string | null): DocumentReader {
  return async ({ bytes }, options) => {
    const decoded = decodeText(bytes);
    const { text, isCut } = limit(decoded.text, options);
    const blocks = groupLines(text).map((lines): Block => {
      const pieces = lines.map(
        ({ line, number }): Piece => ({ text: line === "" ? " " : line, place: linesPlace(number) }),
      );
      return { kind: "code", language, ...joinPieces(pieces, "\n") };
    });
    return textDocument("code", blocks, decoded, isCut);
  };
}

export function textDocument(
  format: ParsedDocument["format"],
  blocks: Block[],
  decoded: DecodedText,
  isCut: boolean,
): ParsedDocument {
  const [first] = blocks;
  const title = first?.kind === "heading" ? first.text : null;
  return { format, title, pages: [], encoding: decoded.encoding, blocks, warnings: textWarnings(decoded, isCut) };
}

function textWarnings({ isGuessed, replaced }: DecodedText, isCut: boolean): ReadWarning[] {
  return [
    ...(isCut ? [{ code: "partial" as const, count: 1 }] : []),
    ...(replaced > 0 ? [{ code: "characters-replaced" as const, count: replaced }] : []),
    ...(isGuessed ? [{ code: "encoding-guessed" as const, count: 1 }] : []),
  ];
}

export function limit(text: string, { maximumCharacters }: ReadOptions): { text: string; isCut: boolean } {
  const isCut = text.length > maximumCharacters;
  const kept = isCut ? text.slice(0, maximumCharacters).toWellFormed() : text;
  return { text: kept.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\u0000", " "), isCut };
}

interface Line {
  readonly line: string;
  readonly number: number;
}

/** Runs of lines between blank ones. */
function groupLines(text: string): Line[][] {
  const groups: Line[][] = [];
  let group: Line[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") {
      if (group.length > 0) groups.push(group);
      group = [];
    } else group.push({ line, number: index + 1 });
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** Lines this long and longer were wrapped by whoever wrote them; shorter ones end on purpose. */
const wrappedFrom = 60;

/** Hard-wrapped lines are one paragraph; lines that end early (addresses, lists) stay lines. */
function paragraphs(text: string): Block[] {
  return groupLines(text).flatMap((lines): Block[] => {
    const isWrapped = lines.length > 1 && lines.slice(0, -1).every(({ line }) => line.trim().length >= wrappedFrom);
    const pieces = lines.map(({ line, number }): Piece => ({ text: line.trim(), place: linesPlace(number) }));
    const isHan = /\p{Script=Han}/u.test(lines[0]?.line ?? "");
    return [{ kind: "paragraph", ...joinPieces(pieces, isWrapped ? (isHan ? "" : " ") : "\n") }];
  });
}
