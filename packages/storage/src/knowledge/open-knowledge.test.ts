import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectionSettingsSchema } from "@deskside/contract";
import { expect, test } from "vitest";
import { createLog, fileContaining, otherKey, temporaryFolder, testKey } from "../test/temporary-workspace.ts";
import { knowledgeMigrations } from "./knowledge-migrations.ts";
import type { KnowledgeStore } from "./knowledge-store.ts";
import { openKnowledge, openKnowledgeWith } from "./open-knowledge.ts";

const me = { ownerId: "me" };
const settings = collectionSettingsSchema.parse({});
const open = (dataDir: string, dataKey = testKey) => openKnowledge({ dataDir, dataKey, log: createLog() });

const passage = (text: string) => ({
  ...{ text, context: '{"title":"","sections":[]}', kind: "text", spans: "[]", tokens: 1 },
  ...{ textHash: new Uint8Array(16), words: { context: "", body: text } },
});

/** One collection, one document, `count` passages. */
function fill(store: KnowledgeStore, count: number) {
  const collection = store.collections.create(me, { name: "manuals", kind: "collection", settings });
  const file = { path: "pump.pdf", originalPath: "/home/me/pump.pdf", bytes: 9, modifiedAt: 1 };
  const document = store.documents.add(me, collection.id, file);
  const texts = Array.from({ length: count }, (_, at) => passage(`secretword number ${at}`));
  store.passages.replace({ seq: document.seq, owner: "me", collectionSeq: collection.seq }, texts);
  return { collection, document };
}

test("nothing in the files is readable, and all of it is there after a restart", () => {
  using folder = temporaryFolder();
  const { document } = (() => {
    using store = open(folder.path);
    const filled = fill(store, 20);
    expect(fileContaining(folder.path, ["secretword", "pump.pdf"])).toBeUndefined();
    return filled;
  })();
  expect(fileContaining(folder.path, ["secretword", "pump.pdf"])).toBeUndefined();
  using store = open(folder.path);
  expect(store.repair).toBeNull();
  expect(store.documents.get(me, document.id)).toMatchObject({ passages: 20, state: "ready" });
  const range = store.passages.rangeOf(document.seq) ?? { from: 0, to: 0 };
  expect(store.passages.match('"secretword"', range, 50)).toHaveLength(20);
  expect(store.passages.match('"secretword"', { from: range.from, to: range.from + 4 }, 50)).toHaveLength(5);
});

test("a damaged file is kept, and the list of documents is carried over to be read again", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "knowledge.db");
  (() => {
    using store = open(folder.path);
    fill(store, 2000);
  })();
  const bytes = readFileSync(path);
  // The schema and the catalogue lie at the beginning, passages behind them.
  bytes.fill(0x5a, Math.floor(bytes.length / 2));
  writeFileSync(path, bytes);
  (() => {
    using store = open(folder.path);
    expect(() =>
      store.passages.read(
        me,
        Array.from({ length: 2000 }, (_, at) => 2 ** 32 + at + 1),
      ),
    ).toThrowError(expect.objectContaining({ code: "DATABASE_UNREADABLE" }));
  })();
  using store = open(folder.path);
  expect(store.repair).toMatchObject({ collections: 1, documents: 1 });
  expect(readFileSync(join(store.repair?.path ?? "", "knowledge.db")).equals(bytes), "kept as it was").toBe(true);
  const [collection] = store.collections.list(me);
  expect(collection?.name).toBe("manuals");
  const [document] = store.documents.list(me, { limit: 9 });
  expect(document).toMatchObject({
    path: "pump.pdf",
    originalPath: "/home/me/pump.pdf",
    state: "waiting",
    passages: 0,
  });
});

test.each([
  ["cut to nothing", (path: string) => truncateSync(path, 0)],
  ["overwritten", (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 7))],
])("a file that was %s starts again empty, and is kept", (_, harm) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "knowledge.db");
  (() => {
    using store = open(folder.path);
    fill(store, 5);
  })();
  harm(path);
  using store = open(folder.path);
  expect(store.repair).toMatchObject({ collections: 0, documents: 0 });
  expect(existsSync(store.repair?.path ?? "")).toBe(true);
  fill(store, 3);
});

test("under another key nothing is overwritten", () => {
  using folder = temporaryFolder();
  (() => {
    using store = open(folder.path);
    fill(store, 5);
  })();
  const before = readFileSync(join(folder.path, "knowledge.db"));
  using store = open(folder.path, otherKey);
  expect(readFileSync(join(store.repair?.path ?? "", "knowledge.db")).equals(before)).toBe(true);
});

test("a newer file is read and not written; an older one is migrated after a backup", () => {
  using folder = temporaryFolder();
  const grown = [
    ...knowledgeMigrations,
    { version: knowledgeMigrations.length + 1, statements: ["CREATE TABLE more (a)"] },
  ];
  const options = { dataDir: folder.path, dataKey: testKey, log: createLog() };
  (() => {
    using store = open(folder.path);
    fill(store, 5);
  })();
  (() => {
    using store = openKnowledgeWith(options, grown);
    expect(store.documents.list(me, { limit: 9 })).toHaveLength(1);
    expect(readdirSync(join(folder.path, "backups")).filter((name) => name.startsWith("knowledge-"))).toHaveLength(1);
  })();
  using store = open(folder.path);
  expect(store.readOnly).toBe("newer-schema");
  expect(store.documents.list(me, { limit: 9 })).toHaveLength(1);
  expect(() => fill(store, 1)).toThrowError(expect.objectContaining({ code: "STORE_READ_ONLY" }));
});

test("a backup is whole, opens under the same key and replaces nothing", () => {
  using folder = temporaryFolder();
  using other = temporaryFolder();
  using store = open(folder.path);
  fill(store, 5);
  store.backup(join(other.path, "knowledge.db"));
  using copy = open(other.path);
  expect(copy.repair).toBeNull();
  expect(copy.documents.list(me, { limit: 9 })[0]?.passages).toBe(5);
});

test("what a process that ended left half read waits again", () => {
  using folder = temporaryFolder();
  using store = open(folder.path);
  const { document } = fill(store, 0);
  store.documents.change(me, document.id, { state: "reading", attempts: 1 });
  expect(store.documents.resumeInterrupted()).toBe(1);
  expect(store.documents.get(me, document.id)).toMatchObject({ state: "waiting", attempts: 1 });
});
