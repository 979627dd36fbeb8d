import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactElement } from "react";
import { I18nextProvider } from "react-i18next";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createI18n } from "../../i18n/create-i18n.ts";
import { OpenAddressContext } from "../link/open-address.ts";
import { splitBlocks } from "../split/split-blocks.ts";
import { hostilePayloads } from "../test/hostile-payloads.ts";
import { Markdown } from "./markdown.tsx";
import { MarkdownBlock } from "./markdown-block.tsx";

// The typesetter refuses pages in quirks mode, which the test's document is by default.
Object.defineProperty(document, "compatMode", { value: "CSS1Compat" });
const i18n = createI18n("en");
const show = (element: ReactElement) => render(<I18nextProvider i18n={i18n}>{element}</I18nextProvider>);
const showText = (text: string, growing = false) => show(<Markdown text={text} growing={growing} />).container;
afterEach(cleanup);

describe("Markdown from a hostile model", () => {
  const dangerous = "script,iframe,object,embed,link,meta,base,style,form,video,audio,template,foreignObject,a[href]";

  function expectHarmless(root: HTMLElement) {
    expect(root.querySelector(dangerous)).toBeNull();
    for (const image of root.querySelectorAll("img")) {
      expect(image.getAttribute("src")).toMatch(/^data:image\/(?:png|jpeg|gif|webp);base64,/);
    }
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on/i);
        expect(value).not.toMatch(/^\s*(?:javascript|vbscript|data:text)/i);
        if (name === "style") expect(value).not.toMatch(/url\(/i);
      }
    }
  }

  it("has a list worth running", () => {
    expect(hostilePayloads.length).toBeGreaterThanOrEqual(60);
    expect(new Set(hostilePayloads).size).toBe(hostilePayloads.length);
  });

  it.each(hostilePayloads)("shows %j as text, finished and while it grows", async (payload) => {
    await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
    expectHarmless(showText(payload));
    const between = showText(`Before.\n\n${payload}\n\nAfter.`);
    // Formulas and colours arrive a moment later.
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
    expectHarmless(between);
    const { container, rerender } = show(<Markdown text="" growing />);
    for (let end = 1; end <= payload.length; end += 3) {
      rerender(
        <I18nextProvider i18n={i18n}>
          <Markdown text={payload.slice(0, end)} growing />
        </I18nextProvider>,
      );
      expectHarmless(container);
    }
  });

  it("survives nesting that would overflow the parser, and says that it is shown plain", () => {
    for (const text of [
      ">".repeat(20_000),
      "- ".repeat(20_000),
      "[".repeat(20_000),
      "*a ".repeat(9_000),
      "`".repeat(20_000),
    ]) {
      const root = showText(`${text} end`);
      expect(root.textContent).toContain("end");
      expectHarmless(root);
      cleanup();
    }
  });

  it("keeps a picture that is in the text itself, and fetches none", () => {
    const root = showText("![dot](data:image/png;base64,iVBORw0KGgo=) ![far](https://evil.test/a.png)");
    expect(root.querySelectorAll("img")).toHaveLength(1);
    expect(root.textContent).toContain("far");
    expect(root.textContent).toContain("https://evil.test/a.png");
  });
});

describe("links", () => {
  it("show where they lead and open only when asked", async () => {
    const open = vi.fn();
    show(
      <OpenAddressContext value={open}>
        <Markdown text="See [the docs](https://xn--80ak6aa92e.test/a?b=1)." />
      </OpenAddressContext>,
    );
    fireEvent.click(screen.getByRole("button", { name: "the docs" }));
    expect(await screen.findByText("https://xn--80ak6aa92e.test/a?b=1")).toBeDefined();
    expect(open).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Open in browser" }));
    expect(open).toHaveBeenCalledExactlyOnceWith("https://xn--80ak6aa92e.test/a?b=1");
  });

  it("show a host in other scripts in ASCII, so that it cannot pose as another", async () => {
    show(<Markdown text="[bank](https://аррӏе.test/)" />);
    fireEvent.click(screen.getByRole("button", { name: "bank" }));
    expect(await screen.findByText(/https:\/\/xn--/)).toBeDefined();
  });

  it("of other schemes are text with the address beside it", () => {
    const root = showText("[click](file:///etc/passwd)");
    expect(root.querySelector("button")).toBeNull();
    expect(root.textContent).toBe("click (file:///etc/passwd)");
  });
});

describe("Markdown block by block", () => {
  const documents = [
    "# Title\n\nText with **bold** and `code`.\n\n- a\n- b\n\n  more\n\n1. one\n2. two\n\nEnd.",
    "Para\n```js\nlet a\n\nlet b\n```\nAfter\n\n> quote\n\n> other\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nEnd",
    "中文段落，**粗体**。\n\n1. 第一\n\n   ```py\n   x = 1\n\n   y = 2\n   ```\n\n2. 第二\n\n尾声。",
    "- a\n  - b\n    - c\n\n      deep\n\n- d\n\nText\n\n    indented code\n\n    more of it\n\nEnd",
  ];

  it.each(documents)("means the same as the whole: %j", (text) => {
    const whole = show(<MarkdownBlock source={text} definitions="" growing={false} />).container.innerHTML;
    const pieces = splitBlocks(text).blocks.map(
      (block) => show(<MarkdownBlock source={block} definitions="" growing={false} />).container.innerHTML,
    );
    const squeeze = (html: string) =>
      html
        .replace(/base-ui-[^"]+|_r_[^"]+/g, "")
        .replace(/\n+/g, "\n")
        .replace(/>\n</g, "><");
    expect(squeeze(pieces.join("\n"))).toBe(squeeze(whole));
  });

  it("does not render settled blocks again while the text grows", () => {
    const { container, rerender } = show(<Markdown text={"One.\n\nTwo"} growing />);
    const first = container.querySelector("p");
    if (!first) throw new Error("no paragraph");
    // React would put its own text back if it rendered the block again.
    first.textContent = "touched";
    rerender(
      <I18nextProvider i18n={i18n}>
        <Markdown text={"One.\n\nTwo.\n\nThree"} growing />
      </I18nextProvider>,
    );
    expect(container.querySelector("p")?.textContent).toBe("touched");
    expect(container.textContent).toContain("Three");
  });

  it("resolves links and footnotes that are defined in another block", () => {
    const root = showText(
      "See [it][a] and[^n] this[^m].\n\nMore.\n\n[a]: https://a.test\n\n[^m]: second\n[^n]: first **note**",
    );
    expect(screen.getByRole("button", { name: "it" })).toBeDefined();
    expect(screen.getByRole("button", { name: "Footnote 1" })).toBeDefined();
    const notes = [...root.querySelectorAll(".md-notes li")].map((item) => item.textContent);
    expect(notes).toEqual(["first note", "second"]);
    expect(root.textContent).not.toContain("[a]:");
  });

  it("shows the rest of a very long answer in portions, until all of it is there", async () => {
    const root = showText(Array.from({ length: 2_000 }, (_, i) => `Paragraph ${i} with words in it.`).join("\n\n"));
    expect(root.querySelectorAll("p").length).toBeLessThan(2_000);
    await waitFor(() => expect(root.querySelectorAll("p")).toHaveLength(2_000), { timeout: 10_000 });
  });
});

describe("what models write", () => {
  it("reads tables, tasks, strike-through and line breaks in cells", () => {
    const root = showText("| a | b |\n|:--|--:|\n| x<br>y | ~~2~~ |\n\n- [x] done\n- [ ] open");
    expect(root.querySelectorAll("td br")).toHaveLength(1);
    expect(root.querySelector("td.r del")?.textContent).toBe("2");
    expect(screen.getByRole("img", { name: "done" })).toBeDefined();
    expect(screen.getByRole("img", { name: "open" })).toBeDefined();
  });

  it("copies a table as CSV that a spreadsheet does not run", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as unknown as Clipboard);
    showText("| a | b, c |\n|---|---|\n| =1+1 | -5 |");
    fireEvent.click(screen.getByRole("button", { name: "Copy as CSV" }));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith('a,"b, c"\r\n\'=1+1,-5'));
    vi.restoreAllMocks();
  });

  it("sets formulas with MathML beside them and leaves prices alone", async () => {
    const root = showText("Energy $E=mc^2$ costs $5 and $6.\n\n\\[\\frac{a}{b}\\]");
    await waitFor(() => expect(root.querySelectorAll("math")).toHaveLength(2), { timeout: 10_000 });
    expect(root.querySelector(".katex-display")).not.toBeNull();
    expect(root.textContent).toContain("costs $5 and $6.");
  });

  it("shows the source of a formula that cannot be read", async () => {
    const root = showText("$\\frac{a$");
    await waitFor(() => expect(root.querySelector(".md-math")?.getAttribute("title")).toMatch(/cannot be read/), {
      timeout: 10_000,
    });
    expect(root.querySelector(".md-tex")?.textContent).toBe("\\frac{a");
  });

  it("colours code by the tokens and keeps its text to the letter", async () => {
    const code = 'for name in pumps:\n    print(f"{name}", 998)  # end\n\n';
    const root = showText(`\`\`\`python\n${code}\`\`\``);
    await waitFor(() => expect(root.querySelectorAll("pre .sx-k").length).toBeGreaterThan(0), { timeout: 20_000 });
    expect([...root.querySelectorAll("pre .sx-n")].map((token) => token.textContent)).toContain("998");
    expect(root.querySelector("pre .sx-c")?.textContent).toContain("# end");
    expect(root.querySelector("pre")?.textContent).toBe(code.trimEnd().concat("\n"));
    expect(root.querySelector("header")?.textContent).toContain("Python");
  });

  it("leaves code of an unknown language, and code that is too long, without colours", () => {
    const long = `x = 1\n`.repeat(20_000);
    const root = showText(`\`\`\`nosuch\na b\n\`\`\`\n\n\`\`\`python\n${long}\`\`\``);
    expect(root.querySelectorAll("pre span")).toHaveLength(0);
    expect(root.querySelectorAll("pre")[1]?.textContent).toBe(long.trimEnd());
  });
});
