import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import type { DocumentReader } from "../../document/document-schemas.ts";
import { countReplaced, decodeText } from "../text/decode-text.ts";
import { limit, textDocument } from "../text/read-plain-text.ts";
import { flattenHtml } from "./flatten-html.ts";
import { htmlBlocks } from "./html-blocks.ts";

/** Readability keeps less than this of the text: then it left out more than menus. */
const leastKept = 0.5;
/** It walks the tree many times. */
const mostForReadability = 2_000_000;

/** A saved page: its main text where that can be told, else everything. */
export const readHtml: DocumentReader = async ({ bytes }, options) => {
  const decoded = decodeHtml(bytes);
  const { text, isCut } = limit(decoded.text, options);
  const whole = htmlBlocks(text);
  const main = text.length > mostForReadability ? null : mainPart(text);
  const length = (blocks: typeof whole.blocks) => blocks.reduce((sum, block) => sum + block.text.length, 0);
  const article = main === null ? null : htmlBlocks(main);
  const blocks = article && length(article.blocks) > leastKept * length(whole.blocks) ? article.blocks : whole.blocks;
  const document = textDocument("html", blocks, decoded, isCut);
  const warnings = whole.hasExternal
    ? [...document.warnings, { code: "external-content-ignored" as const, count: 1 }]
    : document.warnings;
  return { ...document, title: whole.title ?? document.title, warnings };
};

/** The page's own word on its encoding counts before a guess. */
function decodeHtml(bytes: Uint8Array) {
  const decoded = decodeText(bytes);
  if (!decoded.isGuessed) return decoded;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  const named = /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1];
  if (named === undefined) return decoded;
  try {
    const text = new TextDecoder(named).decode(bytes);
    return { text, encoding: named.toLowerCase(), isGuessed: false, replaced: countReplaced(text) };
  } catch {
    // A name that nobody knows.
    return decoded;
  }
}

function mainPart(html: string): string | null {
  try {
    const { document } = parseHTML(flattenHtml(html));
    return new Readability(document as never).parse()?.content ?? null;
  } catch {
    // What it cannot take apart is read as a whole.
    return null;
  }
}
