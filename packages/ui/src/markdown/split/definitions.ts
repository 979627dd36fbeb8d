import { openingFence } from "./line-syntax.ts";

export interface Footnote {
  label: string;
  /** Markdown of the note. */
  text: string;
}

/** What is written once in an answer and referred to from any of its blocks. Keys are normalised labels. */
export interface Definitions {
  /** Source line of each link definition. */
  readonly links: ReadonlyMap<string, string>;
  /** In the order of their first reference; the number shown is the position, from 1. */
  readonly footnotes: readonly Footnote[];
}

export const noDefinitions: Definitions = { links: new Map(), footnotes: [] };

/** Labels compare without case and with white space collapsed, as the standard says. */
export function normalizeLabel(label: string): string {
  return label.replace(/\s+/g, " ").trim().toLowerCase();
}

const definitionStart = /^ {0,3}\[(\^?)([^\]\n]{1,200})\]:[ \t]*(.*)$/;
const reference = /\[\^([^\]\s]{1,200})\](?!:)/g;

/** Definitions of all blocks; nothing is read where the text holds none. */
export function collectDefinitions(blocks: readonly string[]): Definitions {
  const links = new Map<string, string>();
  const notes = new Map<string, Footnote>();
  for (const block of blocks) {
    if (block.includes("]:") && !isCode(block)) readBlock(block, links, notes);
  }
  if (links.size === 0 && notes.size === 0) return noDefinitions;
  return { links, footnotes: inOrderOfUse(blocks, notes) };
}

function isCode(block: string): boolean {
  const first = /[^\r\n]+/.exec(block)?.[0] ?? "";
  return openingFence(first) !== null || /^(?: {4}|\t)/.test(first);
}

function readBlock(block: string, links: Map<string, string>, notes: Map<string, Footnote>): void {
  let open: Footnote | null = null;
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, caret, label = "", rest = ""] = definitionStart.exec(line) ?? [];
    if (caret === undefined) {
      if (open) open.text += `\n${line.replace(/^(?: {1,4}|\t)/, "")}`;
      continue;
    }
    open = null;
    const key = normalizeLabel(label);
    if (caret === "^") {
      open = { label: key, text: rest };
      if (!notes.has(key)) notes.set(key, open);
    } else if (rest.trim() !== "" && !links.has(key)) {
      links.set(key, line.trim());
    }
  }
}

function inOrderOfUse(blocks: readonly string[], notes: ReadonlyMap<string, Footnote>): Footnote[] {
  const used = new Set<string>();
  if (notes.size > 0) {
    for (const block of blocks) {
      if (isCode(block)) continue;
      for (const [, label = ""] of block.matchAll(reference)) {
        const key = normalizeLabel(label);
        if (notes.has(key)) used.add(key);
      }
    }
  }
  return [...used].map((key) => notes.get(key)).filter((note) => note !== undefined);
}

/** The definitions that this block refers to, as Markdown to stand before it; empty for most blocks. */
export function definitionsFor(block: string, definitions: Definitions): string {
  if (definitions === noDefinitions || !block.includes("[") || isCode(block)) return "";
  const lines = new Set<string>();
  for (const [, label = ""] of block.matchAll(/\[(\^?[^\]\n[]{1,200})\]/g)) {
    const key = normalizeLabel(label);
    const link = definitions.links.get(key);
    if (link) lines.add(link);
    else if (label.startsWith("^") && footnoteNumber(definitions, key.slice(1)) > 0) lines.add(`[${key}]: .`);
  }
  return [...lines].map((line) => `${line}\n\n`).join("");
}

/** 1-based number of a footnote, 0 if there is none. */
export function footnoteNumber(definitions: Definitions, label: string): number {
  const key = normalizeLabel(label);
  return definitions.footnotes.findIndex((note) => note.label === key) + 1;
}
