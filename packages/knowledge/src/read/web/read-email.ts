import PostalMime, { type Address } from "postal-mime";
import { type Block, type DocumentReader, ReadError, type ReadWarning } from "../../document/document-schemas.ts";
import { linesPlace } from "../text/block-builder.ts";
import { htmlBlocks } from "./html-blocks.ts";

/** A message: who, when, what about, then its text. Attachments are counted, not read. */
export const readEmail: DocumentReader = async ({ bytes }, options) => {
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: 50, attachmentEncoding: "arraybuffer" }).catch(
    (cause: unknown) => {
      throw new ReadError("damaged", (cause as Error).message, { cause });
    },
  );
  const blocks: Block[] = [];
  const push = (text: string, make: (whole: { text: string; spans: Block["spans"] }) => Block) => {
    if (text.trim() !== "")
      blocks.push(make({ text, spans: [{ start: 0, end: text.length, place: linesPlace(blocks.length + 1) }] }));
  };
  push(mail.subject ?? "", (whole) => ({ kind: "heading", level: 1, ...whole }));
  const head = [
    ["From", address(mail.from)],
    ["To", (mail.to ?? []).map(address).join(", ")],
    ["Cc", (mail.cc ?? []).map(address).join(", ")],
    ["Date", mail.date ?? ""],
  ];
  for (const [name, value] of head) if (value) push(`${name}: ${value}`, (whole) => ({ kind: "paragraph", ...whole }));
  const text = (mail.text ?? "").slice(0, options.maximumCharacters);
  if (text.trim() !== "") {
    for (const paragraph of text.split(/\n\s*\n/)) push(paragraph.trim(), (whole) => ({ kind: "paragraph", ...whole }));
  } else if (mail.html) {
    const offset = blocks.length;
    blocks.push(...htmlBlocks(mail.html.slice(0, options.maximumCharacters), (n) => linesPlace(offset + n)).blocks);
  }
  const warnings: ReadWarning[] =
    mail.attachments.length === 0 ? [] : [{ code: "embedded-files-ignored", count: mail.attachments.length }];
  return { format: "email", title: mail.subject ?? null, pages: [], encoding: null, blocks, warnings };
};

function address(one: Address | undefined): string {
  if (!one) return "";
  const parts = [one.name, one.address && `<${one.address}>`, (one.group ?? []).map(address).join(", ")];
  return parts.filter(Boolean).join(" ");
}
