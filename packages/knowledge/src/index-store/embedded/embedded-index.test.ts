import { collectionSettingsSchema } from "@deskside/contract";
import { expect, test } from "vitest";
import type { PassageIndex } from "../passage-index.ts";
import { openTestIndex, passagesOf, vectorOf } from "../test/test-index.ts";

const me = { ownerId: "me" };
const stranger = { ownerId: "somebody-else" };
const model = { id: "m1", dimensions: 64 };
const settings = collectionSettingsSchema.parse({});
const file = (path: string) => ({ path, originalPath: null, bytes: 1, modifiedAt: null });

async function addText(index: PassageIndex, collectionId: string, path: string, texts: readonly string[]) {
  const { id } = await index.addDocument(me, collectionId, file(path));
  await index.setPassages(me, id, passagesOf(texts));
  return id;
}

async function embedAll(index: PassageIndex, wanted = model): Promise<number> {
  for (let count = 0; ; ) {
    const pending = await index.pendingPassages(wanted, 50);
    if (pending.length === 0) return count;
    count += pending.length;
    await index.setVectors(
      wanted,
      pending.map(({ id, text }) => ({ id, values: vectorOf(text, wanted.dimensions) })),
    );
  }
}

const search = (index: PassageIndex, ids: string[], text: string, limit = 5, owner = me) =>
  index.search(owner, {
    scope: { kind: "collections", ids },
    ...{ text, limit },
    vector: { model: model.id, values: vectorOf(text, model.dimensions) },
  });

test("words are found in both languages, single characters and function words included", async () => {
  await using opened = await openTestIndex();
  const { index } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  await addText(index, id, "a", ["水泵的保修期为二十四个月。", "The Who played in Leeds.", "Pump P-103 needs 24 V."]);
  const first = async (text: string) => (await search(index, [id], text)).hits[0]?.text;
  expect(await first("保修")).toContain("保修期");
  expect(await first("泵")).toContain("水泵");
  expect(await first("the who")).toContain("The Who");
  expect(await first("P-103")).toContain("P-103");
  expect((await search(index, [id], "nothing of the kind")).hits).toEqual([]);
});

test("a document is ready when each passage has its vector; the same text is embedded once", async () => {
  await using opened = await openTestIndex();
  const { index } = opened;
  const a = await index.createCollection(me, { name: "a", kind: "collection", settings });
  const b = await index.createCollection(me, { name: "b", kind: "collection", settings });
  for (const { id } of [a, b]) await index.useModel(me, id, model);
  const texts = Array.from({ length: 30 }, (_, at) => `passage number ${at}`);
  const first = await addText(index, a.id, "x", texts);
  expect((await index.getDocument(me, first)).state).toBe("embedding");
  expect(await embedAll(index)).toBe(30);
  expect((await index.getDocument(me, first)).state).toBe("ready");
  const second = await addText(index, b.id, "y", texts);
  expect(await embedAll(index), "known texts").toBe(0);
  expect((await index.getDocument(me, second)).state).toBe("ready");
  const { hits, cosines } = await search(index, [b.id], "passage number 7");
  expect(hits[0]?.text).toBe("passage number 7");
  expect(hits[0]?.vector).toBeCloseTo(1, 2);
  expect(cosines?.deviation).toBeGreaterThan(0);
});

test("a new model answers when it is complete, the old one until then", async () => {
  await using opened = await openTestIndex();
  const { index } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  await index.useModel(me, id, model);
  await addText(index, id, "x", ["alpha", "beta", "gamma"]);
  await embedAll(index);
  const other = { id: "m2", dimensions: 32 };
  await index.useModel(me, id, other);
  expect(await index.getCollection(me, id)).toMatchObject({ model: "m1", nextModel: "m2" });
  expect((await search(index, [id], "alpha")).hits[0]?.vector).toBeCloseTo(1, 2);
  expect(await embedAll(index, other)).toBe(3);
  expect(await index.getCollection(me, id)).toMatchObject({ model: "m2", nextModel: null });
  expect((await search(index, [id], "alpha")).hits[0]?.vector, "vectors of another model are not compared").toBeNull();
  await index.useModel(me, id, null);
  expect(await index.getCollection(me, id)).toMatchObject({ model: null, nextModel: null });
});

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

test("a scope of documents finds nothing of others; another owner finds nothing at all", async () => {
  await using opened = await openTestIndex();
  const { index } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  await index.useModel(me, id, model);
  await addText(index, id, "x", ["shared words one"]);
  const second = await addText(index, id, "y", ["shared words two"]);
  await embedAll(index);
  const scope = { kind: "documents" as const, ids: [second] };
  const vector = { model: model.id, values: vectorOf("shared words one", model.dimensions) };
  const { hits } = await index.search(me, { scope, text: "shared words", vector, limit: 5 });
  expect(hits.map(({ text }) => text)).toEqual(["shared words two"]);
  await expect(search(index, [id], "shared", 5, stranger)).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
  await expect(index.getDocument(stranger, second)).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
  expect(await index.readPassages(stranger, [hits[0]?.passageId ?? ""])).toEqual([]);
  expect(await index.listDocuments(stranger, { limit: 9 })).toEqual([]);
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

test("with diversity, what repeats a better hit moves back", async () => {
  await using opened = await openTestIndex();
  const { index } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  await index.useModel(me, id, model);
  await addText(index, id, "x", [
    "pump warranty months",
    "pump warranty months",
    "warranty months of a pump",
    "lunch",
    "supper",
  ]);
  await embedAll(index);
  const ask = async (diversity: number) => {
    const vector = { model: model.id, values: vectorOf("pump warranty months", model.dimensions) };
    const scope = { kind: "collections" as const, ids: [id] };
    const { hits } = await index.search(me, { scope, text: "pump warranty months", vector, limit: 2, diversity });
    return hits.map(({ text }) => text);
  };
  expect(await ask(0)).toEqual(["pump warranty months", "pump warranty months"]);
  const [first, second] = await ask(0.7);
  expect(first).toBe("pump warranty months");
  expect(second).not.toBe(first);
});
