import { personalDataKinds } from "@deskside/contract";
import { expect, it } from "vitest";
import type { ParsedDocument } from "../document/document-schemas.ts";
import { scrubDocument } from "./scrub-document.ts";
import { createScrubState } from "./scrub-state.ts";

const state = (kinds = personalDataKinds as readonly (typeof personalDataKinds)[number][]) =>
  createScrubState({ kinds, language: "en", key: new Uint8Array(32) });

const place = (line: number) => ({ kind: "lines" as const, from: line, to: line });
const rowOne = "Name: Li; Number: 110105; Rest: 19491231002X; Phone: 13812345678";
const rowTwo = "Name: Wu; Number: 7; Rest: 8; Phone: 010-62345678";

const document: ParsedDocument = {
  ...{ format: "csv", title: "Files of 13812345678", pages: [], encoding: null, warnings: [] },
  blocks: [
    { kind: "paragraph", text: "Call 13812345678.", spans: [{ start: 0, end: 17, place: place(1) }] },
    {
      kind: "table",
      header: ["Name", "Number", "Rest", "Phone"],
      rows: [
        ["Li", "110105", "19491231002X", "13812345678"],
        ["Wu", "7", "8", "010-62345678"],
      ],
      text: `${rowOne}\n${rowTwo}`,
      spans: [
        { start: 0, end: rowOne.length, place: place(2) },
        { start: rowOne.length + 1, end: rowOne.length + 1 + rowTwo.length, place: place(3) },
      ],
    },
  ],
};

it("replaces values in title, texts and cells, also one that is cut by a cell, and keeps places", () => {
  const { document: scrubbed, replaced } = scrubDocument(document, state());
  expect(scrubbed.title).toBe("Files of [Mobile 1]");
  const [paragraph, table] = scrubbed.blocks;
  expect(paragraph?.text).toBe("Call [Mobile 1].");
  if (table?.kind !== "table") throw new Error("no table");
  expect(table.rows).toEqual([
    ["Li", "[ID 1]", "", "[Mobile 1]"],
    ["Wu", "7", "8", "[Phone 1]"],
  ]);
  const lines = [
    "Name: Li; Number: [ID 1]; Rest: ; Phone: [Mobile 1]",
    "Name: Wu; Number: 7; Rest: 8; Phone: [Phone 1]",
  ];
  expect(table.text).toBe(lines.join("\n"));
  expect(table.spans.map(({ start, end }) => table.text.slice(start, end))).toEqual(lines);
  expect(replaced).toEqual({ mobile: 2, "id-number": 1, landline: 1 });
});

it("leaves everything where scrubbing is off", () => {
  expect(scrubDocument(document, state([]))).toEqual({ document, replaced: {} });
});
