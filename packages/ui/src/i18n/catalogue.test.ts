import { describe, expect, it } from "vitest";
import { en } from "./en/index.ts";
import { zhCn } from "./zh-cn/index.ts";

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") entries.set(prefix + key, value);
    else for (const [below, text] of flatten(value, `${prefix}${key}.`)) entries.set(below, text);
  }
  return entries;
}

const english = flatten(en as unknown as Tree);
const chinese = flatten(zhCn as unknown as Tree);
const gaps = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort((a, b) => a.localeCompare(b));

describe("the catalogue", () => {
  it("has every English key in Chinese and no other, apart from singular forms", () => {
    expect(english.size).toBeGreaterThan(200);
    const wanted = [...english.keys()].filter((key) => !key.endsWith("_one")).sort();
    expect([...chinese.keys()].sort()).toEqual(wanted);
  });

  it("fills the same gaps in both languages, so that no figure gets lost", () => {
    const different = [...chinese].filter(([key, text]) => gaps(text).join() !== gaps(english.get(key) ?? "").join());
    expect(different).toEqual([]);
  });

  it("has no singular without a plural", () => {
    const lonely = [...english.keys()].filter(
      (key) => key.endsWith("_one") && !english.has(key.replace(/_one$/, "_other")),
    );
    expect(lonely).toEqual([]);
  });

  it("keeps to the words of the product: no exclamation marks, no pleading, no cheering", () => {
    const noisy = [...english].filter(([, text]) => /!|\bplease\b|\boops\b|\bsuccessfully\b|\bsorry\b/i.test(text));
    expect(noisy).toEqual([]);
    expect([...chinese].filter(([, text]) => /[！!]|您/.test(text))).toEqual([]);
  });

  it("sets Chinese with full-width punctuation and a space beside Latin words and figures", () => {
    const half = [...chinese].filter(([, text]) => /[\p{Script=Han}][,;?()]|[,;?()][\p{Script=Han}]/u.test(text));
    expect(half).toEqual([]);
    const tight = [...chinese].filter(([, text]) => /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u.test(text));
    expect(tight).toEqual([]);
  });
});
