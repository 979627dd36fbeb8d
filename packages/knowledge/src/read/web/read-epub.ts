import { type Block, type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { findAll, parseXml, textOf } from "../office/parse-xml.ts";
import { openZip, type ZipFile } from "../zip/open-zip.ts";
import { htmlBlocks } from "./html-blocks.ts";

/** A book in reading order; a chapter file is a page. */
export const readEpub: DocumentReader = async ({ bytes }, options) => {
  const zip = openZip(bytes);
  const packagePath = packageOf(zip);
  const nodes = parseXml(zip.text(packagePath));
  const folder = packagePath.includes("/") ? packagePath.slice(0, packagePath.lastIndexOf("/") + 1) : "";
  const items = new Map(findAll(nodes, "item").map(({ attributes }) => [attributes["id"], attributes["href"]]));
  const hrefs = findAll(nodes, "itemref").flatMap(({ attributes }) => items.get(attributes["idref"]) ?? []);
  // A chapter is read once, however often the spine comes back to it.
  const chapters = [...new Set([...new Set(hrefs)].map((href) => resolve(folder, href)))]
    .filter((name) => zip.has(name))
    .slice(0, options.maximumPages);
  if (chapters.length === 0) throw new ReadError("damaged", "no chapters");
  const blocks: Block[] = [];
  let left = options.maximumCharacters;
  for (const [index, name] of chapters.entries()) {
    options.onProgress?.(index, chapters.length);
    if (left <= 0) break;
    const text = zip.text(name).slice(0, left);
    left -= text.length;
    blocks.push(...htmlBlocks(text, () => ({ kind: "page", page: index + 1, boxes: [] })).blocks);
  }
  const [title] = findAll(nodes, "dc:title");
  return {
    ...{ format: "epub", encoding: null, blocks, title: (title && textOf(title).trim()) || null },
    pages: chapters.map(() => ({ width: 1, height: 1, source: "text" as const })),
    warnings: left <= 0 ? [{ code: "partial", count: 1 }] : [],
  };
};

function packageOf(zip: ZipFile): string {
  if (!zip.has("META-INF/container.xml")) throw new ReadError("damaged", "no container.xml");
  if (zip.has("META-INF/encryption.xml") && !zip.text("META-INF/encryption.xml").includes("embedding"))
    throw new ReadError("password", "the book is protected");
  const [root] = findAll(parseXml(zip.text("META-INF/container.xml")), "rootfile");
  const path = root?.attributes["full-path"];
  if (path === undefined || !zip.has(path)) throw new ReadError("damaged", "no package document");
  return path;
}

function resolve(folder: string, href: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${decode(href.split("#")[0] ?? "")}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
