import { XMLParser } from "fast-xml-parser";
import { ReadError } from "../../document/document-schemas.ts";

/** An element in document order: `tag`, its attributes, and its children; text has the tag `#text`. */
export interface XmlNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const mostCharacters = 100 * 1024 ** 2;
const deepest = 200;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  // The five of XML itself are enough; a document that brings its own is refused below.
  processEntities: true,
  maxNestedTags: deepest,
});

/** What `parseXml` would refuse, without the memory of a tree: for parts that a library parses. Throws ReadError("bomb"). */
export function checkXml(text: string): void {
  refuseDocumentType(text);
  let depth = 0;
  for (const [, closes, isEmpty] of text.matchAll(/<(\/?)[^<>!?/][^<>]*?(\/?)>/g)) {
    if (isEmpty === "/") continue;
    depth += closes === "/" ? -1 : 1;
    if (depth > deepest) throw new ReadError("bomb", "nested too deeply");
  }
}

function refuseDocumentType(text: string): void {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new ReadError("bomb", "an XML part with a document type");
}

/** XML without a document type: no entities of its own, nothing from elsewhere. Throws ReadError("bomb" | "damaged"). */
export function parseXml(text: string): XmlNode[] {
  if (text.length > mostCharacters) throw new ReadError("bomb", "an XML part of impossible size");
  refuseDocumentType(text);
  try {
    return toNodes(parser.parse(text) as RawNode[], 0);
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError("damaged", `XML: ${(cause as Error).message}`, { cause });
  }
}

type RawNode = Record<string, unknown>;

function toNodes(raw: readonly RawNode[], depth: number): XmlNode[] {
  if (depth > deepest) throw new ReadError("bomb", "nested too deeply");
  return raw.flatMap((node): XmlNode[] => {
    const tag = Object.keys(node).find((key) => key !== ":@");
    if (tag === undefined || tag.startsWith("?")) return [];
    const value = node[tag];
    const attributes = (node[":@"] ?? {}) as Record<string, string>;
    if (tag === "#text") return [{ tag, attributes, children: [], text: String(value) }];
    return [
      { tag, attributes, children: Array.isArray(value) ? toNodes(value as RawNode[], depth + 1) : [], text: "" },
    ];
  });
}

/** Every element of this tag below, in order; those inside of one another too. */
export function findAll(nodes: readonly XmlNode[], tag: string): XmlNode[] {
  return nodes.flatMap((node) => [...(node.tag === tag ? [node] : []), ...findAll(node.children, tag)]);
}

export function childrenOf(node: XmlNode, tag: string): XmlNode[] {
  return node.children.filter((child) => child.tag === tag);
}

/** All text below. */
export function textOf(node: XmlNode): string {
  return node.tag === "#text" ? node.text : node.children.map(textOf).join("");
}
