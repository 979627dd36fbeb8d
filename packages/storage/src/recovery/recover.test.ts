import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEncrypted } from "../driver/connection.ts";
import { deriveFileKey } from "../driver/key-derivation.ts";
import { localUser } from "../principal.ts";
import { contentOf, countKept, type FixtureSet, fillStore, makeFixture } from "../test/store-fixture.ts";
import { createRandom, filesUnder, openIn, otherKey, temporaryFolder, testKey } from "../test/temporary-workspace.ts";
import { latestVersion } from "../workspace/migrate.ts";
import { migrations } from "../workspace/migrations.ts";
import { openWorkspaceWith } from "../workspace/open-workspace.ts";

const pageSize = 4096;
const frameSize = pageSize + 24;
const long = process.env["DESKSIDE_LONG"] === "1";

type Damage = (folder: string, random: () => number) => void;

const database = (folder: string) => join(folder, "workspace.db");
const wal = (folder: string) => join(folder, "workspace.db-wal");

function edit(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}

function flip(bytes: Buffer, at: number, random: () => number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
}

const pick = (random: () => number, below: number) => Math.floor(random() * below);

function swap(bytes: Buffer, start: number, size: number, random: () => number): void {
  const count = Math.floor((bytes.length - start) / size);
  const a = start + pick(random, count) * size;
  const b = start + pick(random, count) * size;
  const kept = Buffer.from(bytes.subarray(a, a + size));
  bytes.copyWithin(a, b, b + size);
  kept.copy(bytes, b);
}

/** Damages after which the rows on all other pages must be found: everything but whole files gone. */
const partial: Record<string, Damage> = {
  "bit in the header": (folder, random) => edit(database(folder), (bytes) => flip(bytes, pick(random, 100), random)),
  "bit in a page": (folder, random) =>
    edit(database(folder), (bytes) => flip(bytes, pick(random, bytes.length), random)),
  "page of noise": (folder, random) =>
    edit(database(folder), (bytes) => {
      const start = pick(random, bytes.length / pageSize) * pageSize;
      for (let at = start; at < start + pageSize; at++) bytes[at] = pick(random, 256);
    }),
  "page of zeros": (folder, random) =>
    edit(database(folder), (bytes) => {
      const start = pick(random, bytes.length / pageSize) * pageSize;
      bytes.fill(0, start, start + pageSize);
    }),
  "swapped pages": (folder, random) => edit(database(folder), (bytes) => swap(bytes, 0, pageSize, random)),
  "bit in the log's header": (folder, random) => edit(wal(folder), (bytes) => flip(bytes, pick(random, 32), random)),
  "bit in a frame": (folder, random) =>
    edit(wal(folder), (bytes) => flip(bytes, 32 + pick(random, bytes.length - 32), random)),
  "bit in the last frame": (folder, random) =>
    edit(wal(folder), (bytes) => flip(bytes, bytes.length - 1 - pick(random, frameSize), random)),
  "swapped frames": (folder, random) => edit(wal(folder), (bytes) => swap(bytes, 32, frameSize, random)),
};

const massive: Record<string, Damage> = {
  "database cut": (folder, random) =>
    truncateSync(database(folder), pick(random, readFileSync(database(folder)).length)),
  "log cut": (folder, random) => truncateSync(wal(folder), pick(random, readFileSync(wal(folder)).length)),
  "database empty": (folder) => truncateSync(database(folder), 0),
  "log empty": (folder) => truncateSync(wal(folder), 0),
  "database gone": (folder) => rmSync(database(folder)),
  "log gone": (folder) => rmSync(wal(folder)),
  "both gone": (folder) => {
    rmSync(database(folder));
    rmSync(wal(folder));
  },
  "foreign database": (folder, random) =>
    writeFileSync(database(folder), `SQLite format 3\0${"not ours ".repeat(1 + pick(random, 9000))}`),
  "foreign log": (folder, random) => writeFileSync(wal(folder), "not a log ".repeat(1 + pick(random, 9000))),
};

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The rules of every repair; returns the share of rows that was kept, or null when nothing was damaged. */
function openDamaged(fixture: FixtureSet, folder: string): { kept: number; reported: boolean } {
  const files = ["workspace.db", "workspace.db-wal"]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
  const originals = files.map(digest);
  let result: { kept: number; reported: boolean };
  {
    using workspace = openIn(folder);
    const kept = countKept(fixture.content, contentOf(workspace));
    result = { kept, reported: workspace.quarantined !== null };
    expect(workspace.readOnly).toBeNull();
    expect(workspace.checkIntegrity()).toEqual([]);
    if (kept < fixture.content.size) expect(workspace.quarantined, "loss is reported").not.toBeNull();
    if (workspace.quarantined) {
      const quarantine = join(folder, "quarantine");
      const preserved = existsSync(quarantine) ? filesUnder(quarantine).map(digest) : [];
      expect(preserved, "the original bytes are still there").toEqual(expect.arrayContaining(originals));
    }
    workspace.chats.create(localUser, { modelId: null });
  }
  using again = openIn(folder);
  expect(again.quarantined, "no second repair").toBeNull();
  expect(countKept(fixture.content, contentOf(again))).toBe(result.kept);
  return result;
}

describe("seeded damages", () => {
  const parent = temporaryFolder();
  let fixture: FixtureSet;
  beforeAll(() => {
    fixture = makeFixture(parent.path, 16);
  });
  afterAll(() => parent[Symbol.dispose]());

  const runs = (kind: Record<string, Damage>, count: number) =>
    Object.entries(kind).flatMap(([name, damage]) =>
      Array.from({ length: count }, (_, seed) => ({ name, seed, damage })),
    );

  function run({ name, seed, damage }: { name: string; seed: number; damage: Damage }) {
    const folder = join(parent.path, "case");
    cpSync(fixture.folder, folder, { recursive: true });
    try {
      damage(folder, createRandom(seed * 7919 + name.length));
      return openDamaged(fixture, folder);
    } catch (error) {
      throw new Error(`${name}, seed ${seed}`, { cause: error });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("the fixture itself opens without a word, with every row", () => {
    const folder = join(parent.path, "case");
    cpSync(fixture.folder, folder, { recursive: true });
    expect(existsSync(wal(folder))).toBe(true);
    expect(openDamaged(fixture, folder)).toEqual({ kept: fixture.content.size, reported: false });
    rmSync(folder, { recursive: true });
  });

  test("a damaged part costs only the rows in it, and at least 95 % of all rows are kept", () => {
    const cases = runs(partial, long ? 100 : 20);
    const results = cases.map(run);
    const total = fixture.content.size * results.length;
    const kept = results.reduce((sum, result) => sum + result.kept, 0);
    const reported = results.filter((result) => result.reported).length;
    console.info(`${cases.length} damages: ${reported} repaired, ${((kept / total) * 100).toFixed(2)} % of rows kept`);
    expect(kept / total).toBeGreaterThanOrEqual(0.95);
    // The others hit what is not read any more: a page with a newer version in the log, or a page swapped with itself.
    expect(reported).toBeGreaterThan(cases.length / 2);
  }, 600_000);

  test("when most of a file is gone the rest is found and the loss is told", () => {
    const results = runs(massive, long ? 50 : 5).map((one) => ({ ...one, ...run(one) }));
    // A cut at the end of a transaction, or in pages that the log holds anyway, loses nothing and is not told.
    const none = results.filter(({ name, reported }) => !reported && !name.endsWith(" cut"));
    expect(none.map(({ name }) => name)).toEqual([]);
    const ofLog = results.filter(({ name }) => name === "database gone" || name === "database empty");
    for (const { kept } of ofLog) expect(kept, "rows in the log alone are found").toBeGreaterThan(0);
  }, 600_000);
});

test("an older database in place of the newer one is noticed", () => {
  using parent = temporaryFolder();
  const fixture = makeFixture(parent.path, 4);
  writeFileSync(database(fixture.folder), fixture.olderDatabase);
  rmSync(wal(fixture.folder));
  using workspace = openIn(fixture.folder);
  expect(workspace.quarantined).toMatchObject({ reason: "damaged", restoredFrom: null });
  expect(workspace.recovery?.missingCommits).toBeGreaterThan(0);
});

test("gaps are filled from the newest backup, and what is newer in the file wins", () => {
  using parent = temporaryFolder();
  const grown = [
    ...migrations,
    { version: latestVersion(migrations) + 1, statements: ["ALTER TABLE egress ADD COLUMN note TEXT"] },
  ];
  const options = { dataDir: parent.path, dataKey: testKey, log: { info() {}, warn() {}, error() {} } };
  const first = openIn(parent.path);
  fillStore(first, 8, 3);
  const [renamed, trashed] = first.chats.list(localUser);
  first.close();
  openWorkspaceWith(options, grown).close();
  expect(readdirSync(join(parent.path, "backups"))).toHaveLength(1);
  const second = openWorkspaceWith(options, grown);
  second.chats.rename(localUser, renamed?.id ?? "", "renamed after the backup");
  second.chats.trash(localUser, trashed?.id ?? "");
  const content = contentOf(second);
  second.close();
  const key = deriveFileKey(testKey, "workspace.db");
  const reader = openEncrypted(database(parent.path), key, "read");
  const pages = reader.prepare("SELECT DISTINCT pageno FROM dbstat WHERE name = 'messages' AND pagetype <> 'internal'");
  const messagePages = pages.pluck().all().map(Number);
  reader.close();
  edit(database(parent.path), (bytes) => {
    for (const page of messagePages) bytes.fill(1, (page - 1) * pageSize, page * pageSize);
  });
  using workspace = openWorkspaceWith(options, grown);
  expect(workspace.quarantined).toMatchObject({ reason: "damaged", restoredFrom: expect.stringContaining("backups") });
  expect(workspace.recovery?.restoredRows).toBeGreaterThan(40);
  expect(workspace.recovery?.damagedPages).toBe(messagePages.length);
  expect(countKept(content, contentOf(workspace))).toBe(content.size);
  expect(workspace.chats.listTrash(localUser).map(({ id }) => id)).toEqual([trashed?.id]);
});

test("what was deleted for good does not come back out of a damaged file", () => {
  using folder = temporaryFolder();
  const first = openIn(folder.path);
  fillStore(first, 12, 4);
  const doomed = first.chats.list(localUser).slice(0, 9);
  for (const { id } of doomed) first.chats.deleteForever(localUser, id);
  const kept = first.chats.list(localUser).map(({ id }) => id);
  first.close();
  edit(database(folder.path), (bytes) => bytes.fill(7, 200, 300));
  using workspace = openIn(folder.path);
  expect(workspace.quarantined).not.toBeNull();
  expect(workspace.chats.list(localUser).map(({ id }) => id)).toEqual(kept);
});

test("messages of a lost chat and answers to a lost message stay reachable", () => {
  using folder = temporaryFolder();
  const first = openIn(folder.path);
  fillStore(first, 6, 5);
  const before = contentOf(first);
  first.close();
  const reader = openEncrypted(database(folder.path), deriveFileKey(testKey, "workspace.db"), "read");
  const chatPages = reader.prepare("SELECT pageno FROM dbstat WHERE name = 'chats'").pluck().all().map(Number);
  reader.close();
  edit(database(folder.path), (bytes) => {
    for (const page of chatPages) bytes.fill(1, (page - 1) * pageSize, page * pageSize);
  });
  using workspace = openIn(folder.path);
  const chats = workspace.chats.list(localUser);
  expect(chats).toHaveLength(6);
  const messages = [...before].filter(([id]) => id.startsWith("msg_"));
  expect(countKept(new Map(messages), contentOf(workspace))).toBe(messages.length);
  for (const chat of chats) expect(workspace.messages.path(localUser, chat.leafId ?? "")).toHaveLength(6);
});

test("a damaged store of a newer schema is left alone", () => {
  using folder = temporaryFolder();
  const newer = [
    ...migrations,
    { version: latestVersion(migrations) + 1, statements: ["ALTER TABLE chats ADD COLUMN folder TEXT"] },
  ];
  const options = { dataDir: folder.path, dataKey: testKey, log: { info() {}, warn() {}, error() {} } };
  const made = openWorkspaceWith(options, newer);
  fillStore(made, 6, 6);
  made.close();
  edit(database(folder.path), (bytes) => bytes.fill(7, 5 * pageSize, 5 * pageSize + 10));
  const before = digest(database(folder.path));
  expect(() => openIn(folder.path)).toThrow(expect.objectContaining({ code: "DATABASE_UNREADABLE" }));
  expect(digest(database(folder.path))).toBe(before);
  expect(existsSync(join(folder.path, "quarantine"))).toBe(false);
});

test("a file that never was ours is put aside: in a fresh folder, and in place of our own under another key", () => {
  using folder = temporaryFolder();
  const foreign = `SQLite format 3\0${"somebody else's ".repeat(1000)}`;
  writeFileSync(database(folder.path), foreign);
  {
    using workspace = openIn(folder.path);
    expect(workspace.quarantined).toMatchObject({ reason: "foreign", restoredFrom: null });
    expect(readFileSync(join(workspace.quarantined?.path ?? "", "workspace.db"), "latin1")).toBe(foreign);
    expect(workspace.chats.list(localUser)).toEqual([]);
  }
  using other = temporaryFolder();
  openIn(other.path, { dataKey: otherKey }).close();
  cpSync(database(other.path), database(folder.path));
  using workspace = openIn(folder.path);
  expect(workspace.quarantined).toMatchObject({ reason: "foreign" });
  expect(digest(join(workspace.quarantined?.path ?? "", "workspace.db"))).toBe(digest(database(other.path)));
});
