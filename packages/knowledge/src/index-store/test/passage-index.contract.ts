import { collectionSettingsSchema } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import type { PassageIndex } from "../passage-index.ts";
import { passagesOf, vectorOf } from "./test-index.ts";

export interface OpenedIndex extends AsyncDisposable {
  readonly index: PassageIndex;
}

export const me = { ownerId: "me" };
export const model = { id: "m1", dimensions: 64 };
export const settings = collectionSettingsSchema.parse({});
const stranger = { ownerId: "somebody-else" };
const file = (path: string) => ({ path, originalPath: null, bytes: 1, modifiedAt: null });

export async function addText(index: PassageIndex, collectionId: string, path: string, texts: readonly string[]) {
  const { id } = await index.addDocument(me, collectionId, file(path));
  await index.setPassages(me, id, passagesOf(texts));
  return id;
}

/** Returns how many passages were handed out. */
export async function embedAll(index: PassageIndex, wanted = model): Promise<number> {
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

export function ask(index: PassageIndex, ids: string[], text: string, limit = 5, owner = me) {
  return index.search(owner, {
    scope: { kind: "collections", ids },
    ...{ text, limit },
    vector: { model: model.id, values: vectorOf(text, model.dimensions) },
  });
}

/** What every index has to do, whatever it is kept in. */
export function describePassageIndex(name: string, open: () => Promise<OpenedIndex>): void {
  const create = (index: PassageIndex, collection = "c") =>
    index.createCollection(me, { name: collection, kind: "collection", settings });
  describe(`${name} as an index`, () => {
    describeCatalogue(open, create);
    describePassages(open, create);
    describeModels(open, create);
    describeSearch(open, create);
  });
}

type Open = () => Promise<OpenedIndex>;
type Create = (index: PassageIndex, name?: string) => ReturnType<PassageIndex["createCollection"]>;

function describeCatalogue(open: Open, create: Create): void {
  test("collections are made, changed, listed and removed; a name is there once", async () => {
    await using opened = await open();
    const { index } = opened;
    const first = await create(index, "first");
    const second = await create(index, "second");
    expect(first).toMatchObject({ name: "first", kind: "collection", model: null, nextModel: null, watched: [] });
    await expect(create(index, "first")).rejects.toMatchObject({ code: "COLLECTION_NAME_TAKEN" });
    await expect(index.changeCollection(me, second.id, { name: "first" })).rejects.toMatchObject({
      code: "COLLECTION_NAME_TAKEN",
    });
    expect((await index.changeCollection(me, second.id, { name: "other" })).name).toBe("other");
    expect((await index.listCollections(me)).map(({ name }) => name)).toEqual(["first", "other"]);
    expect(await index.listCollections(stranger)).toEqual([]);
    await index.removeCollection(me, first.id);
    await expect(index.getCollection(me, first.id)).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
    await expect(index.removeCollection(me, first.id)).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
    expect((await create(index, "first")).id).not.toBe(first.id);
  });

  test("documents keep what is written about them, and one that comes again waits again", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    const added = await index.addDocument(me, id, { path: "a.txt", originalPath: "/x", bytes: 7, modifiedAt: 15 });
    expect(added).toMatchObject({ collection: id, path: "a.txt", modifiedAt: 15, state: "waiting", attempts: 0 });
    const failure = { code: "damaged" as const, detail: "torn" };
    const warnings = [{ code: "partial" as const, count: 2 }];
    await index.changeDocument(me, added.id, { state: "failed", failure, warnings, attempts: 3, contentHash: "h" });
    expect(await index.getDocument(me, added.id)).toMatchObject({ state: "failed", failure, warnings, attempts: 3 });
    expect(await index.listDocuments(me, { limit: 5, contentHash: "h", states: ["failed"] })).toHaveLength(1);
    expect(await index.listDocuments(me, { limit: 5, path: "a.txt", states: ["ready"] })).toHaveLength(0);
    const again = await index.addDocument(me, id, file("a.txt"));
    expect(again).toMatchObject({ id: added.id, bytes: 1, state: "waiting", failure: null, attempts: 0 });
    await index.saveText(me, added.id, new Uint8Array([0, 1, 255]));
    await index.saveText(me, added.id, new Uint8Array([9, 0]));
    expect([...((await index.readText(me, added.id)) ?? [])]).toEqual([9, 0]);
    await index.removeDocument(me, added.id);
    await expect(index.readText(me, added.id)).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
  });
}

function describePassages(open: Open, create: Create): void {
  test("passages come back as they were set, in order; what is replaced or removed is found no more", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    const texts = Array.from({ length: 7 }, (_, at) => `kept text ${at} with 字 and ' and "`);
    const document = await addText(index, id, "x", texts);
    const read = await index.documentPassages(me, document, { every: 3 });
    expect(read.map(({ text }) => text)).toEqual([texts[0], texts[3], texts[6]]);
    const ids = read.map(({ passageId }) => passageId).reverse();
    expect((await index.readPassages(me, [...ids, "passage_zz", "nothing"])).map((one) => one.passageId)).toEqual(ids);
    const [expected] = passagesOf([texts[0] ?? ""]);
    expect(read[0]).toMatchObject({ spans: expected?.spans, context: expected?.context, kind: "text", path: "x" });
    await index.setPassages(me, document, passagesOf(["new text"]));
    expect(await index.readPassages(me, ids)).toEqual([]);
    expect((await ask(index, [id], "text")).hits.map(({ text }) => text)).toEqual(["new text"]);
    const stats = (await index.stats(me)).collections[0];
    expect(stats).toMatchObject({ id, passages: 1, waiting: 0, files: [{ state: "ready", files: 1, passages: 1 }] });
    await index.removeDocument(me, document);
    expect((await ask(index, [id], "text")).hits).toEqual([]);
    expect((await index.stats(me)).bytes).toBeGreaterThan(0);
  });

  test("another owner finds and changes nothing", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    const document = await addText(index, id, "x", ["shared words"]);
    const { hits } = await ask(index, [id], "shared");
    await expect(ask(index, [id], "shared", 5, stranger)).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
    await expect(index.getDocument(stranger, document)).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
    await expect(index.removeDocument(stranger, document)).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
    await expect(index.setPassages(stranger, document, [])).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
    await expect(index.useModel(stranger, id, model)).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
    expect(hits).toHaveLength(1);
    expect(await index.readPassages(stranger, [hits[0]?.passageId ?? ""])).toEqual([]);
    expect(await index.listDocuments(stranger, { limit: 9 })).toEqual([]);
    expect((await index.stats(stranger)).collections).toEqual([]);
  });
}

function describeModels(open: Open, create: Create): void {
  test("a document is ready when each passage has its vector; the same text is embedded once", async () => {
    await using opened = await open();
    const { index } = opened;
    const a = await create(index, "a");
    const b = await create(index, "b");
    for (const { id } of [a, b]) await index.useModel(me, id, model);
    const texts = Array.from({ length: 60 }, (_, at) => `passage number ${at}`);
    const first = await addText(index, a.id, "x", texts);
    expect((await index.getDocument(me, first)).state).toBe("embedding");
    expect((await index.stats(me)).collections[0]?.waiting).toBe(60);
    expect(await embedAll(index)).toBe(60);
    expect((await index.getDocument(me, first)).state).toBe("ready");
    const second = await addText(index, b.id, "y", texts);
    expect(await embedAll(index), "known texts").toBe(0);
    expect((await index.getDocument(me, second)).state).toBe("ready");
    const { hits, cosines } = await ask(index, [b.id], "passage number 7");
    expect(hits[0]?.text).toBe("passage number 7");
    expect(hits[0]?.vector).toBeCloseTo(1, 2);
    expect(cosines?.deviation).toBeGreaterThan(0);
  });

  test("a new model answers when it is complete, the old one until then", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    await index.useModel(me, id, model);
    await addText(index, id, "x", ["alpha", "beta", "gamma"]);
    await embedAll(index);
    const other = { id: "m2", dimensions: 32 };
    await index.useModel(me, id, other);
    expect(await index.getCollection(me, id)).toMatchObject({ model: "m1", nextModel: "m2" });
    expect((await ask(index, [id], "alpha")).hits[0]?.vector).toBeCloseTo(1, 2);
    expect(await embedAll(index, other)).toBe(3);
    expect(await index.getCollection(me, id)).toMatchObject({ model: "m2", nextModel: null });
    expect((await ask(index, [id], "alpha")).hits[0]?.vector, "vectors of another model").toBeNull();
    await index.useModel(me, id, null);
    expect(await index.getCollection(me, id)).toMatchObject({ model: null, nextModel: null });
  });
}

function describeSearch(open: Open, create: Create): void {
  test("words are found in both languages, single characters, numbers and function words included", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    const texts = ["水泵的保修期为二十四个月。", "The Who played in Leeds.", "Pumps of type P-103 need 24 V."];
    await addText(index, id, "a", texts);
    const first = async (text: string) => (await ask(index, [id], text)).hits[0]?.text;
    expect(await first("保修")).toBe(texts[0]);
    expect(await first("泵")).toBe(texts[0]);
    expect(await first("the who")).toBe(texts[1]);
    expect(await first("P-103")).toBe(texts[2]);
    expect(await first("which pump?")).toBe(texts[2]);
    expect((await ask(index, [id], "nothing of the kind")).hits).toEqual([]);
    expect((await ask(index, [id], `'); DROP TABLE passages; -- "pump" & | ! <-> \\ :*`)).hits[0]?.text).toBe(texts[2]);
  });

  test("a scope of documents finds nothing of others", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    await index.useModel(me, id, model);
    await addText(index, id, "x", ["shared words one"]);
    const second = await addText(index, id, "y", ["shared words two"]);
    await embedAll(index);
    const scope = { kind: "documents" as const, ids: [second] };
    const vector = { model: model.id, values: vectorOf("shared words one", model.dimensions) };
    const found = await index.search(me, { scope, text: "shared words", vector, limit: 5 });
    expect(found.hits.map(({ text }) => text)).toEqual(["shared words two"]);
    expect(found).toMatchObject({ passages: 1, frequencies: { shar: 1, word: 1 } });
    const unknown = { kind: "documents" as const, ids: [second, "doc_0"] };
    await expect(index.search(me, { scope: unknown, text: "x", vector, limit: 5 })).rejects.toMatchObject({
      code: "DOCUMENT_NOT_FOUND",
    });
  });

  test("with diversity, what repeats a better hit moves back", async () => {
    await using opened = await open();
    const { index } = opened;
    const { id } = await create(index);
    await index.useModel(me, id, model);
    const [best, other] = ["pump warranty months", "warranty months of a pump"] as const;
    await addText(index, id, "x", [best, best, other, "lunch", "supper"]);
    await embedAll(index);
    const texts = async (diversity: number) => {
      const vector = { model: model.id, values: vectorOf(best, model.dimensions) };
      const scope = { kind: "collections" as const, ids: [id] };
      return (await index.search(me, { scope, text: best, vector, limit: 2, diversity })).hits.map(({ text }) => text);
    };
    expect(await texts(0)).toEqual([best, best]);
    expect(await texts(0.7)).toEqual([best, expect.not.stringMatching(best)]);
  });
}
