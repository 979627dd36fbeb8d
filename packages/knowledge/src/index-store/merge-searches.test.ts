import { expect, test } from "vitest";
import { mergeSearches } from "./merge-searches.ts";
import { addText, ask, embedAll, me, model, settings } from "./test/passage-index.contract.ts";
import { corpusQuestions, corpusTexts } from "./test/index-corpus.ts";
import { openTestIndex } from "./test/test-index.ts";

async function openWith(texts: readonly string[]) {
  const opened = await openTestIndex();
  const { id } = await opened.index.createCollection(me, { name: "c", kind: "collection", settings });
  await opened.index.useModel(me, id, model);
  await addText(opened.index, id, "x", texts);
  await embedAll(opened.index);
  return { opened, id };
}

test("two halves of the texts in two indexes are ranked as one index ranks them all", async () => {
  const texts = corpusTexts(120);
  const whole = await openWith(texts);
  // Unequal, and of different words: what is rare in one is common in the other.
  const first = await openWith(texts.filter((_, at) => at % 3 === 2));
  const second = await openWith(texts.filter((_, at) => at % 3 !== 2));
  await using stack = new AsyncDisposableStack();
  for (const { opened } of [whole, first, second]) stack.use(opened);
  for (const text of corpusQuestions) {
    const search = ({ opened, id }: typeof whole, limit: number) => ask(opened.index, [id], text, limit);
    const expected = await search(whole, 5);
    const merged = mergeSearches(text, [await search(first, 40), await search(second, 40)], 5);
    expect(merged).toMatchObject({ passages: expected.passages, frequencies: expected.frequencies });
    expect(merged.cosines?.mean).toBeCloseTo(expected.cosines?.mean ?? 0, 2);
    expect(merged.cosines?.deviation).toBeCloseTo(expected.cosines?.deviation ?? 0, 2);
    expect(merged.coverage).toBeCloseTo(expected.coverage, 6);
    expect(merged.hits[0]?.text, text).toBe(expected.hits[0]?.text);
    const found = merged.hits.filter((hit) => expected.hits.some((one) => one.text === hit.text));
    expect(found.length, text).toBeGreaterThanOrEqual(4);
  }
});
