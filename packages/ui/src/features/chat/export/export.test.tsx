import type { Message } from "@deskside/contract";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import JSZip from "jszip";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answerText, groundedChat, grounding, statement, statements } from "../test/grounded-chat.ts";
import { renderChat, settle } from "../test/render-chat.tsx";
import { citedAnswer } from "./cited-answer.ts";
import type { ExportWords } from "./export-words.ts";
import { fileNameOf } from "./file-name.ts";
import { readBlocks } from "./read-blocks.ts";
import { writeDocx } from "./write-docx.ts";
import { writeMarkdown } from "./write-markdown.ts";

const words: ExportWords = {
  title: "How *long*?",
  facts: "Model · date",
  sources: "Sources",
  unsupported: "not in the documents",
  placeOf: ({ document, page }) => (page === null ? document : `${document}, p. ${page}`),
};
const message = (text: string): Message => {
  const { fake, messageId } = groundedChat();
  const found = fake.controls.world.messages.get(messageId);
  if (!found) throw new Error("no answer");
  return { ...found, text };
};
const answer = (text = answerText, marks = statements) =>
  citedAnswer("How *long*?", message(text), { ...grounding, statements: [...marks] });

describe("an exported answer", () => {
  it("counts what is cited and quotes each sentence once, by number", () => {
    const { checked, cited, quotes } = answer();
    expect([checked, cited]).toEqual([3, 1]);
    expect(quotes.map(({ n, text }) => [n, text])).toEqual([
      [1, "The warranty of the X200 is 24 months."],
      [2, "P-103 delivers 104 cubic metres per hour."],
    ]);
  });

  it("keeps emphasis, numbers and marks of the answer as runs", () => {
    const [first, second] = readBlocks(answerText, statements);
    expect(first).toMatchObject({ kind: "paragraph" });
    const runs = first?.kind === "paragraph" ? first.runs : [];
    expect(runs.find(({ bold }) => bold)?.text).toBe("24 months");
    expect(runs.filter(({ cite }) => cite === "number").map(({ text }) => text)).toEqual(["1", "2", "1"]);
    expect(runs.find(({ cite }) => cite === "missing")?.text).toBe("900");
    const marks = second?.kind === "paragraph" ? second.runs.map(({ cite }) => cite) : [];
    expect(marks).toContain("unsupported");
  });

  it("reads lists, tables, code, quotes and headings", () => {
    const text =
      "# Pumps\n\n1. one\n2. two\n   - inner\n\n> said\n\n```js\nlet a;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    const blocks = readBlocks(text, []);
    expect(blocks.map(({ kind }) => kind)).toEqual(["heading", "item", "item", "item", "quote", "code", "table"]);
    expect(blocks[2]).toMatchObject({ number: 2, depth: 0 });
    expect(blocks[3]).toMatchObject({ number: null, depth: 1 });
    expect(blocks[6]).toMatchObject({
      rows: [
        [[{ text: "a" }], [{ text: "b" }]],
        [[{ text: "1" }], [{ text: "2" }]],
      ],
    });
  });

  it("takes a link that looks like one of its marks for what it is: text", () => {
    const text = "See [7](#cite-export0-source-1-0) here.";
    const blocks = readBlocks(text, [statement(text, {}, text)]);
    const runs = blocks[0]?.kind === "paragraph" ? blocks[0].runs : [];
    expect(runs.some(({ cite }) => cite !== undefined)).toBe(false);
    expect(runs.map((run) => run.text).join("")).toBe("See 7 here.");
  });

  it("never lets HTML of the answer through as markup", () => {
    const text = "Before <img src=x onerror=alert(1)> after";
    expect(JSON.stringify(readBlocks(text, []))).toContain("<img src=x onerror=alert(1)>");
  });
});

describe("Markdown", () => {
  it("writes numbers behind the statements and the sentences below, names escaped", () => {
    const text = writeMarkdown(answer(), { text: answerText }, statements, words);
    expect(text).toContain("# How \\*long\\*?");
    expect(text).toContain("The X200 is covered for **24 months**.[1]");
    expect(text).toContain("weighs 900 kg.[2][1]");
    expect(text).toContain("It was painted blue. (not in the documents)");
    expect(text).toContain("1. **plant/handbook.md**\n\n   > The warranty of the X200 is 24 months.");
    expect(text.endsWith("*Model · date*\n")).toBe(true);
  });

  it("replaces the model's own numbers, and keeps a table row a row", () => {
    const row = "| X200 | 24 months [3] |";
    const text = `| type | warranty |\n|---|---|\n${row}`;
    const one = statement(row, { citations: [{ source: 1, start: 0, end: 38 }] }, text);
    expect(writeMarkdown(answer(text, [one]), { text }, [one], words)).toContain("| X200 | 24 months[1] |");
  });
});

describe("Word", () => {
  it("holds question, answer, numbers, marks and sentences", async () => {
    const file = await JSZip.loadAsync(await (await writeDocx(answer(), words)).arrayBuffer());
    const xml = (await file.file("word/document.xml")?.async("string")) ?? "";
    const written = [...xml.matchAll(/<w:t[^>]*>([^<]*)</g)].map(([, text]) => text).join("");
    expect(written).toContain("How *long*?The X200 is covered for 24 months.[1]");
    expect(written).toContain("(not in the documents)");
    expect(written).toContain("[2] plant/handbook.md");
    expect(xml).toContain('<w:vertAlign w:val="superscript"/>');
  });
});

describe("the name of the file", () => {
  it.each([
    ["How long?", "How long"],
    ["a/b\\c:d*e", "a b c d e"],
    ["保修多长时间?", "保修多长时间"],
    ["ends. ", "ends"],
    ["\u202e<>", "answer"],
  ])("of %j is %j", (question, name) => expect(fileNameOf(question)).toBe(name));

  it("is cut between characters", () => {
    const name = fileNameOf("👩‍🔬".repeat(60));
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(120);
    expect(name.replaceAll("👩‍🔬", "")).toBe("");
  });
});

describe("the menu below an answer", () => {
  afterEach(() => vi.restoreAllMocks());

  async function choose(item: string) {
    const { fake, chatId } = groundedChat();
    await renderChat({ fake, chatId });
    const button = within(screen.getByRole("log")).getByRole("button", { name: "Export with sources" });
    fireEvent.click(button);
    fireEvent.click(await screen.findByRole("menuitem", { name: item }));
    await settle();
  }

  it("saves Markdown under the question's name", async () => {
    const saved: Blob[] = [];
    vi.stubGlobal(
      "URL",
      Object.assign(URL, {
        createObjectURL: (blob: Blob) => (saved.push(blob), "blob:x"),
        revokeObjectURL: () => undefined,
      }),
    );
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await choose("Markdown file");
    await waitFor(() => expect(names).toEqual(["How long is the warranty.md"]));
    expect(await saved[0]?.text()).toContain("1 of 3 statements cited");
  });

  it("prints the answer alone, and leaves nothing in the page", async () => {
    let sheet = "";
    vi.stubGlobal("print", () => (sheet = document.querySelector(".print-sheet")?.textContent ?? ""));
    await choose("Print or PDF…");
    await waitFor(() => expect(sheet).toContain("P-103 delivers 104 cubic metres per hour."));
    expect(document.querySelector(".print-sheet")).toBeNull();
  });

  it("says so when the file cannot be written", async () => {
    vi.stubGlobal("print", () => {
      throw new Error("no printer");
    });
    await choose("Print or PDF…");
    expect(await screen.findByText("The answer could not be exported. It is unchanged in the chat.")).toBeDefined();
  });
});
