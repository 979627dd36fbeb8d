import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block, ParsedDocument } from "../document/document-schemas.ts";
import { chunkDocument, type ChunkOptions } from "./chunk-document.ts";
import type { Passage } from "./passage.ts";
import { searchedText } from "./passage-context.ts";

/** Like a real tokenizer: a token a Chinese character, one for each four letters of a word. */
const count = (text: string): number =>
  [...text.matchAll(/\p{Script=Han}|[\p{L}\p{N}]{1,4}|[^\s\p{L}\p{N}]/gu)].length + (/\S/.test(text) ? 1 : 0);

const options: ChunkOptions = {
  ...{ fallbackTitle: "file.txt", targetTokens: 64, maximumTokens: 96, overlapTokens: 16 },
  countTokens: async (texts) => texts.map(count),
};

/** A block whose every line is a place of its own. */
function block<Kind extends Block["kind"]>(kind: Kind, text: string, line: number, more: object = {}): Block {
  let at = 0;
  const spans = text.split("\n").flatMap((part, index) => {
    const start = at;
    at += part.length + 1;
    const place = { kind: "lines" as const, from: line + index, to: line + index };
    return part === "" ? [] : [{ start, end: start + part.length, place }];
  });
  const own = { heading: { level: 1 }, paragraph: {}, "list-item": { depth: 0 }, code: { language: null } };
  const table = { header: [], rows: [] };
  return { kind, text, spans, ...(kind === "table" ? table : own[kind as keyof typeof own]), ...more } as Block;
}

function documentOf(blocks: Block[], title: string | null = "Handbook"): ParsedDocument {
  return { format: "markdown", title, pages: [], encoding: null, blocks, warnings: [] };
}

const sentences = (words: string, n: number) => Array.from({ length: n }, (_, i) => `${words} number ${i}.`).join(" ");

describe("passages", () => {
  it("stand under their headings and do not mix sections once they are long enough", async () => {
    const passages = await chunkDocument(
      documentOf([
        block("heading", "Pumps", 1, { level: 1 }),
        block("heading", "Warranty", 2, { level: 2 }),
        block("paragraph", sentences("The pump is guaranteed for years", 5), 3),
        block("heading", "Service", 4, { level: 2 }),
        block("paragraph", sentences("Call the workshop before noon", 5), 5),
      ]),
      options,
    );
    expect(passages[0]?.text.startsWith("Pumps\n\nWarranty\n\nThe pump")).toBe(true);
    expect(passages[0]?.context).toEqual({ title: "Handbook", sections: [] });
    const service = passages.find(({ text }) => text.startsWith("Service"));
    expect(service?.context.sections).toEqual(["Pumps"]);
    expect(passages.some(({ text }) => text.includes("guaranteed") && text.includes("workshop"))).toBe(false);
  });

  it("cut between sentences, Chinese ones too, and repeat the last one", async () => {
    const chinese = Array.from({ length: 12 }, (_, n) => `第${n}条规定设备必须每年检查一次。`).join("");
    const passages = await chunkDocument(documentOf([block("paragraph", chinese, 1)]), options);
    expect(passages.length).toBeGreaterThan(2);
    for (const { text } of passages) expect(text).toMatch(/^第\d+条[^]*。$/);
    for (const [index, { text }] of passages.slice(1).entries()) {
      const first = /^第\d+条[^。]*。/.exec(text)?.[0] ?? "?";
      expect(passages[index]?.text.endsWith(first)).toBe(true);
    }
  });

  it("keep lists together with their marks, tables by rows, code by blocks", async () => {
    const rows = Array.from({ length: 20 }, (_, n) => `Model: X${n}; Warranty: ${n} months`).join("\n");
    const code = Array.from({ length: 12 }, (_, n) => `function f${n}() {\n  return ${n};\n}`).join("\n\n");
    const passages = await chunkDocument(
      documentOf([
        block("paragraph", sentences("Before you start read this", 5), 1),
        ...["Stop the pump.", "Close the valve.", "Open the cover."].map((item, n) => block("list-item", item, 2 + n)),
        block("table", rows, 10),
        block("code", code, 40),
      ]),
      options,
    );
    expect(passages.some(({ text }) => text.includes("- Stop the pump.\n- Close the valve.\n- Open the cover."))).toBe(
      true,
    );
    const tables = passages.filter(({ kind }) => kind === "table");
    expect(tables.length).toBeGreaterThan(2);
    for (const line of tables.flatMap(({ text }) => text.split("\n")).filter((line) => line.startsWith("Model")))
      expect(line).toMatch(/^Model: X\d+; Warranty: \d+ months$/);
    const listings = passages.filter(({ kind }) => kind === "code");
    expect(listings.length).toBeGreaterThan(1);
    for (const { text } of listings) expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
  });

  it("cut a sentence that is too long alone at its clauses, never inside a character", async () => {
    const clause = "一二三四五六七八九十，".repeat(30);
    const emoji = "😀".repeat(300);
    const passages = await chunkDocument(
      documentOf([block("paragraph", clause, 1), block("paragraph", emoji, 2)]),
      options,
    );
    for (const { text, tokens } of passages) {
      expect(tokens).toBeLessThanOrEqual(options.maximumTokens);
      expect(text.isWellFormed()).toBe(true);
    }
    expect(
      passages.filter(({ text }) => text.includes("一")).every(({ text }) => /，(?:\n\n😀*)?$|，/.test(text)),
    ).toBe(true);
  });

  it("give up long headings before text", async () => {
    const passages = await chunkDocument(
      documentOf([block("heading", "word ".repeat(80), 1), block("paragraph", "A sentence.", 2)], "title ".repeat(60)),
      options,
    );
    for (const { tokens } of passages) expect(tokens).toBeLessThanOrEqual(options.maximumTokens);
    expect(passages.map(({ text }) => text).join(" ")).toContain("A sentence.");
  });

  it("of an empty document are none; a cancelled call ends with its reason", async () => {
    expect(await chunkDocument(documentOf([block("paragraph", " \n", 1)]), options)).toEqual([]);
    const reason = new Error("closed");
    const signal = AbortSignal.abort(reason);
    await expect(chunkDocument(documentOf([block("paragraph", "a", 1)]), { ...options, signal })).rejects.toBe(reason);
  });
});

const alphabet = [
  "pump ",
  "valve",
  "。",
  "他说：“好。”",
  "; ",
  ".\n",
  "\n\n",
  "3.5 ",
  "， ",
  "水泵保修",
  "😀",
  " ",
  "Dr. Who! ",
  "\t",
  "1) ",
];
const text = fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 120 }).map((parts) => parts.join(""));
const anyBlocks = fc
  .array(fc.tuple(fc.constantFrom("heading", "paragraph", "list-item", "code", "table"), text, fc.nat(3)), {
    maxLength: 8,
  })
  .map((drawn) =>
    drawn.map(([kind, of, level], index) =>
      block(kind as Block["kind"], of, index * 1000 + 1, kind === "heading" ? { level: level + 1 } : {}),
    ),
  );

/** In order and with repetitions, the passages hold each block's visible characters one after the other. */
function expectNothingLost(blocks: readonly Block[], passages: readonly Passage[]): void {
  const all = passages.map((passage) => passage.text.replace(/\s/g, ""));
  let [passage, at] = [0, 0];
  for (const character of blocks.flatMap((one) => [...one.text.replace(/\s/g, "")])) {
    let found = all[passage]?.indexOf(character, at) ?? -1;
    while (found < 0 && passage < all.length) {
      passage += 1;
      found = all[passage]?.indexOf(character) ?? -1;
    }
    expect(found).toBeGreaterThanOrEqual(0);
    at = found + character.length;
  }
}

/** Each span shows a part of its own line; what no span shows are spaces and the marks of list items. */
function expectExactPlaces(blocks: readonly Block[], passage: Passage): void {
  let last = 0;
  for (const { start, end, place } of passage.spans) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThan(start);
    expect(passage.text.slice(last, start)).toMatch(/^[\s-]*$/);
    const line = place.kind === "lines" ? place.from - 1 : -1;
    expect(blocks[Math.floor(line / 1000)]?.text.split("\n")[line % 1000]).toContain(passage.text.slice(start, end));
    last = end;
  }
  expect(passage.text.slice(last)).toBe("");
}

describe("properties", () => {
  it("loses no character, keeps the maximum, carries places exactly, and is the same every time", async () => {
    const check = async (blocks: Block[], overlapTokens: number) => {
      const given = { ...options, overlapTokens };
      const passages = await chunkDocument(documentOf(blocks), given);
      for (const [index, passage] of passages.entries()) {
        expect(passage.index).toBe(index);
        expect(passage.tokens).toBeLessThanOrEqual(options.maximumTokens);
        expect(passage.tokens).toBe(count(searchedText(passage)));
        expect(passage.text.trim()).not.toBe("");
        expectExactPlaces(blocks, passage);
      }
      expectNothingLost(blocks, passages);
      expect(await chunkDocument(documentOf(blocks), given)).toEqual(passages);
    };
    await fc.assert(fc.asyncProperty(anyBlocks, fc.nat(24), check), { numRuns: 300, seed: 5 });
  });
});
