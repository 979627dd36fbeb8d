import { startTestServer } from "@deskside/testing/postgres";
import { afterAll, expect, test } from "vitest";
import type { PassageIndex } from "../passage-index.ts";
import { addText, ask, describePassageIndex, embedAll, me, model, settings } from "../test/passage-index.contract.ts";
import { corpusQuestions, corpusTexts } from "../test/index-corpus.ts";
import { openTestIndex, passagesOf, silentLog, vectorOf } from "../test/test-index.ts";
import { createPostgresIndex, tryPostgresServer } from "./postgres-index.ts";

const server = await startTestServer();
afterAll(() => server[Symbol.asyncDispose]());

/** Of a joint score, as a share of the best one. */
const rounding = 0.01;

/** Each on empty tables. */
async function openServerIndex(options: { comparedUpTo?: number } = {}) {
  await server.run("DROP SCHEMA IF EXISTS deskside CASCADE");
  const index = await reopen(options);
  return { index, [Symbol.asyncDispose]: () => index.close() };
}

function reopen(options: { comparedUpTo?: number; computer?: string } = {}) {
  const { connectionString } = server;
  return createPostgresIndex({
    ...{ connectionString, tls: {}, computer: "mine", log: silentLog, connections: 1, ...options },
  });
}

describePassageIndex("PostgreSQL", openServerIndex);

test("questions are answered in the order of the index on this computer", async () => {
  await using embedded = await openTestIndex();
  await using remote = await openServerIndex();
  const ids = [];
  for (const { index } of [embedded, remote]) {
    const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
    await index.useModel(me, id, model);
    await addText(index, id, "x", corpusTexts(120));
    await embedAll(index);
    ids.push(id);
  }
  const [here = "", there = ""] = ids;
  for (const text of corpusQuestions) {
    const words = async (index: PassageIndex, id: string) => {
      const scope = { kind: "collections" as const, ids: [id] };
      const { hits, ...rest } = await index.search(me, { scope, text, vector: null, limit: 10 });
      return { hits: hits.map((hit) => [hit.text, hit.score.toFixed(9)]), ...rest, ms: 0 };
    };
    expect(await words(remote.index, there), text).toEqual(await words(embedded.index, here));
    // There vectors are whole, here rounded: passages that are about equally good may change places.
    const expected = (await ask(embedded.index, [here], text, 20)).hits;
    const hits = (await ask(remote.index, [there], text, 20)).hits.slice(0, 10);
    expect(hits, text).toHaveLength(10);
    const slack = rounding * (expected[0]?.score ?? 0);
    for (const [at, hit] of hits.entries()) {
      const same = expected.find((own) => own.text === hit.text)?.score ?? Infinity;
      expect(Math.abs(same - hit.score), `${text}: score ${at}`).toBeLessThan(slack);
      expect(Math.abs(same - (expected[at]?.score ?? Infinity)), `${text}: place ${at}`).toBeLessThan(2 * slack);
    }
  }
});

test("the server's index of vectors finds the nearest of many, of the chosen collection alone", async () => {
  await using opened = await openServerIndex({ comparedUpTo: 0 });
  const { index } = opened;
  const texts = Array.from({ length: 300 }, (_, at) => `text ${at}`);
  const ids = [];
  for (const name of ["a", "b"]) {
    const { id } = await index.createCollection(me, { name, kind: "collection", settings });
    await index.useModel(me, id, model);
    await addText(
      index,
      id,
      "x",
      texts.map((text) => (name === "a" ? text : `${text} and more`)),
    );
    ids.push(id);
  }
  await embedAll(index);
  const question = vectorOf("text 150 and more", model.dimensions);
  const cosine = (text: string) =>
    vectorOf(text, model.dimensions).reduce((sum, value, at) => sum + value * (question[at] ?? 0), 0);
  const exact = texts.toSorted((a, b) => cosine(b) - cosine(a)).slice(0, 10);
  const vector = { model: model.id, values: question };
  const scope = { kind: "collections" as const, ids: [ids[0] ?? ""] };
  const { hits } = await index.search(me, { scope, text: "\u{10ffff}", vector, limit: 10 });
  expect(hits.every(({ text }) => !text.endsWith("more"))).toBe(true);
  expect(hits.filter(({ text }) => exact.includes(text)).length).toBeGreaterThanOrEqual(9);
  const [plan] = await server.run(`SELECT string_agg(indexdef, ' ') AS made FROM pg_indexes
    WHERE schemaname = 'deskside' AND indexname LIKE 'vectors_of_model_%'`);
  expect(plan).toMatchObject({ made: expect.stringContaining("hnsw") });
});

test("passages are replaced in one step or not at all", async () => {
  await using opened = await openServerIndex();
  const { index } = opened;
  const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
  const document = await addText(index, id, "x", ["old words"]);
  // The second part of a large document is refused by the server.
  const passages = passagesOf(Array.from({ length: 300 }, (_, at) => `new words ${at}`));
  const refused = passages.map((passage, at) => (at === 299 ? { ...passage, tokens: 2 ** 40 } : passage));
  await expect(index.setPassages(me, document, refused)).rejects.toThrow(/out of range/);
  expect((await ask(index, [id], "words")).hits.map(({ text }) => text)).toEqual(["old words"]);
  const withNul = passagesOf(["before\0after"]);
  await index.setPassages(me, document, withNul);
  expect((await ask(index, [id], "after")).hits.map(({ text }) => text)).toEqual(["before\u{fffd}after"]);
});

test("a server that was set up by a newer version is left as it is", async () => {
  await server.run("DROP SCHEMA IF EXISTS deskside CASCADE");
  await server.run("CREATE SCHEMA deskside");
  await server.run("CREATE TABLE deskside.meta AS SELECT 99 AS version");
  await expect(reopen()).rejects.toMatchObject({
    code: "KNOWLEDGE_SERVER_UNFIT",
    data: { host: "127.0.0.1", reason: "newer-schema" },
  });
  expect(await server.run("SELECT version FROM deskside.meta")).toEqual([{ version: 99 }]);
});

test("several computers share a collection; each reads its own files and follows its own folders", async () => {
  await using opened = await openServerIndex();
  const { index: mine } = opened;
  const { id } = await mine.createCollection(me, { name: "c", kind: "collection", settings });
  const file = { path: "a.txt", originalPath: "/home/me/a.txt", bytes: 1, modifiedAt: null };
  const own = await mine.addDocument(me, id, file);
  await mine.changeCollection(me, id, { watched: [{ path: "/home/me", state: "watching" }] });
  const theirs = await reopen({ computer: "theirs" });
  try {
    expect(await theirs.getDocument(me, own.id)).toMatchObject({ originalPath: null, readHere: false });
    expect(await theirs.listDocuments(me, { states: ["waiting"], readHere: true, limit: 5 })).toEqual([]);
    const other = await theirs.addDocument(me, id, { ...file, originalPath: "/home/they/a.txt" });
    expect(other.id).not.toBe(own.id);
    await theirs.changeCollection(me, id, { watched: [{ path: "/home/they", state: "gone" }] });
    expect((await mine.getCollection(me, id)).watched).toEqual([{ path: "/home/me", state: "watching" }]);
    expect((await theirs.getCollection(me, id)).watched).toEqual([{ path: "/home/they", state: "gone" }]);
    // A computer that starts goes on with what it had begun, and leaves alone what others are at.
    for (const one of [own, other]) await mine.changeDocument(me, one.id, { state: "reading" });
    const again = await reopen();
    await expect.poll(async () => (await again.getDocument(me, own.id)).state).toBe("waiting");
    expect((await again.getDocument(me, other.id)).state).toBe("reading");
    await again.close();
    await theirs.changeDocument(me, own.id, { originalPath: "/home/they/found.txt" });
    expect(await theirs.getDocument(me, own.id)).toMatchObject({
      originalPath: "/home/they/found.txt",
      readHere: true,
    });
  } finally {
    await theirs.close();
  }
});

test("a server is tried without a trace", async () => {
  await server.run("DROP SCHEMA IF EXISTS deskside CASCADE");
  const { connectionString } = server;
  const facts = await tryPostgresServer({ connectionString, tls: {}, log: silentLog });
  expect(facts).toEqual({ server: expect.stringMatching(/^1\d/), vectors: expect.stringMatching(/^0\.\d/) });
  expect(await server.run("SELECT to_regnamespace('deskside') AS schema")).toEqual([{ schema: null }]);
});

test("what was acknowledged is there after a restart, and removed collections are swept", async () => {
  await using opened = await openServerIndex();
  const { id } = await opened.index.createCollection(me, { name: "c", kind: "collection", settings });
  await opened.index.useModel(me, id, model);
  await addText(opened.index, id, "x", ["first words", "second words"]);
  await embedAll(opened.index);
  await opened.index.close();
  const again = await reopen();
  try {
    expect((await ask(again, [id], "first words")).hits[0]?.vector).toBeCloseTo(1, 5);
    await again.removeCollection(me, id);
    const left = async () =>
      (
        await server.run(`SELECT (SELECT count(*) FROM deskside.collections) + (SELECT count(*) FROM deskside.passages)
        + (SELECT count(*) FROM deskside.vectors) + (SELECT count(*) FROM deskside.documents) AS rows`)
      )[0];
    await expect.poll(left).toEqual({ rows: 0 });
  } finally {
    await again.close();
  }
});
