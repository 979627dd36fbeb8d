import { describe, expect, it } from "vitest";
import { findLanguage } from "./code-languages.ts";
import { openHighlightSession } from "./highlighter.ts";

const code = '"""doc\nstring"""\nx = [1, 2]\nprint("a")  # end\n'.repeat(40);

describe("highlight session", () => {
  it("colours growing code as it colours the whole, also across strings over several lines", async () => {
    const whole = await openHighlightSession("python");
    const growing = await openHighlightSession("py");
    if (!whole || !growing) throw new Error("python is known");
    while (!whole.advance(code, { budgetMs: 50, finished: true }));
    for (let end = 0; end < code.length; end += 37)
      growing.advance(code.slice(0, end), { budgetMs: 50, finished: false });
    while (!growing.advance(code, { budgetMs: 50, finished: true }));
    expect(growing.lines).toEqual(whole.lines);
    expect(whole.lines.map((line) => line.map(({ text }) => text).join("")).join("\n")).toBe(code.slice(0, -1));
  });

  it("starts over when the code is another, and leaves an unfinished line alone", async () => {
    const session = await openHighlightSession("javascript");
    if (!session) throw new Error("javascript is known");
    session.advance("let a\nlet b", { budgetMs: 50, finished: false });
    expect(session.source).toBe("let a\n");
    session.advance("const c\n", { budgetMs: 50, finished: true });
    expect(session.lines).toHaveLength(1);
    expect(session.source).toBe("const c\n");
  });

  it("knows no language by a name from the object prototype", () => {
    for (const name of ["constructor", "__proto__", "toString", "", "text", "plaintext"])
      expect(findLanguage(name)).toBeNull();
  });
});
