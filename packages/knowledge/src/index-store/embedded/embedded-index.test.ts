import { expect, test } from "vitest";
import {
  addText,
  ask as search,
  describePassageIndex,
  embedAll,
  me,
  model,
  settings,
} from "../test/passage-index.contract.ts";
import { openTestIndex, passagesOf, vectorOf } from "../test/test-index.ts";

describePassageIndex("knowledge.db", openTestIndex);

test("what is replaced or removed is found no more, and its embeddings go when nobody has the text", async () => {
  await using opened = await openTestIndex();
  const { index, store } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  await index.useModel(me, id, model);
  const document = await addText(index, id, "x", ["old words here", "kept words there"]);
  const other = await addText(index, id, "y", ["kept words there"]);
  await embedAll(index);
  await index.setPassages(me, document, passagesOf(["new words"]));
  await embedAll(index);
  const texts = async (text: string) => (await search(index, [id], text)).hits.map((hit) => hit.text).sort();
  expect(await texts("words")).toEqual(["kept words there", "new words"]);
  await index.removeDocument(me, other);
  expect(await texts("words")).toEqual(["new words"]);
  expect(
    store.vectors.vectors(
      1,
      Array.from({ length: 9 }, (_, at) => 2 ** 32 + at),
    ).length,
  ).toBe(1);
  await index.removeCollection(me, id);
  await expect(search(index, [id], "words")).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
  await expect.poll(() => store.sweep(1)).toBe(false);
  const again = await index.createCollection(me, { name: "c", kind: "collection", settings });
  expect(again.id).not.toBe(id);
});

test("codes outlive the process, and the nearest of many are those of an exact comparison", async () => {
  await using opened = await openTestIndex();
  const { id } = await opened.index.createCollection(me, { name: "c", kind: "collection", settings });
  await opened.index.useModel(me, id, model);
  const texts = Array.from({ length: 1500 }, (_, at) => `text ${at}`);
  await addText(opened.index, id, "x", texts);
  await embedAll(opened.index);
  await opened.reopen();
  const question = vectorOf("text 700 and more", model.dimensions);
  const exact = texts
    .map((text) => ({
      text,
      cosine: vectorOf(text, model.dimensions).reduce((sum, value, at) => sum + value * (question[at] ?? 0), 0),
    }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, 10)
    .map(({ text }) => text);
  const scope = { kind: "collections" as const, ids: [id] };
  const vector = { model: model.id, values: question };
  const { hits } = await opened.index.search(me, { scope, text: "\u{10ffff}", vector, limit: 10 });
  const found = hits.filter(({ text }) => exact.includes(text)).length;
  // Random vectors are the hardest there are: all are about equally far away.
  expect(found).toBeGreaterThanOrEqual(9);
});
