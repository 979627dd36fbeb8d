import mammoth from "mammoth";
import { type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { textDocument } from "../text/read-plain-text.ts";
import { htmlBlocks } from "../web/html-blocks.ts";
import { openZip, type ZipFile } from "../zip/open-zip.ts";
import { repackZip } from "../zip/repack-zip.ts";
import { officeWarnings, titleOf } from "./office-parts.ts";
import { checkXml } from "./parse-xml.ts";

/** Word: headings, lists and tables by their styles. Places are numbered in reading order: pages are the printer's. */
export const readDocx: DocumentReader = async ({ bytes }, options) => {
  const zip = openZip(bytes);
  if (!zip.has("word/document.xml")) throw new ReadError("damaged", "no word/document.xml");
  checkParts(zip);
  const checked = repackZip(zip, isRead);
  let html: string;
  try {
    const result = await mammoth.convertToHtml(
      { buffer: Buffer.from(checked) },
      // Pictures are not read here, and as data addresses they would be most of the text.
      { convertImage: mammoth.images.imgElement(async () => ({ src: "" })), externalFileAccess: false } as never,
    );
    html = result.value;
  } catch (cause) {
    throw new ReadError("damaged", (cause as Error).message, { cause });
  }
  const isCut = html.length > options.maximumCharacters * 2;
  const { blocks } = htmlBlocks(isCut ? html.slice(0, options.maximumCharacters * 2) : html);
  const decoded = { text: "", encoding: "utf-8", isGuessed: false, replaced: 0 };
  const document = textDocument("docx", blocks, decoded, isCut);
  return {
    ...document,
    ...{ encoding: null, title: titleOf(zip) ?? document.title },
    warnings: [...document.warnings, ...officeWarnings(zip)],
  };
};

/** Text has no other parts; pictures and embedded files stay out. */
const isRead = (name: string) => /\.(?:xml|rels)$/.test(name);

/** The library takes many times the memory of a part; this is a book of some five thousand pages. */
const mostCharacters = 32 * 1024 ** 2;

/** The library reads these by itself: what ours refuses must not reach it. */
function checkParts(zip: ZipFile): void {
  for (const name of zip.names) {
    if (!isRead(name)) continue;
    const text = zip.text(name);
    if (text.length > mostCharacters) throw new ReadError("too-large", `${name}: ${text.length} characters`);
    checkXml(text);
  }
}
