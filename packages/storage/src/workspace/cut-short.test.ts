import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "@deskside/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEncrypted } from "../driver/connection.ts";
import { deriveFileKey } from "../driver/key-derivation.ts";
import { createPageCipher } from "../recovery/page-cipher.ts";
import { bundleChild, startChild } from "../test/child-process.ts";
import { grownMigrations } from "../test/grown-migrations.ts";
import { contentOf, countKept, fillStore, makeFixture } from "../test/store-fixture.ts";
import { createLog, createRandom, filesUnder, openIn, temporaryFolder, testKey } from "../test/temporary-workspace.ts";
import { localUser } from "../principal.ts";
import { latestVersion } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { openWorkspaceWith } from "./open-workspace.ts";

const pageSize = 4096;
const home = temporaryFolder();
let bundle: string;
beforeAll(async () => {
  bundle = await bundleChild("open-and-die.ts", home.path);
});
afterAll(() => home[Symbol.dispose]());

const never = ["0", "0"];
const openGrown = (dataDir: string) =>
  openWorkspaceWith({ dataDir, dataKey: testKey, log: createLog() }, grownMigrations);

function steps(): [number, number][] {
  return grownMigrations.flatMap(({ version, statements }) =>
    Array.from({ length: statements.length + 1 }, (_, step): [number, number] => [version, step]),
  );
}

test("a kill in any step of any migration leaves a whole store of one version, and the next start goes on", async () => {
  using folder = temporaryFolder();
  const made = openIn(join(folder.path, "made"));
  fillStore(made, 4, 21);
  const content = contentOf(made);
  made.close();
  const migrating = steps().filter(([version]) => version > latestVersion(migrations));
  for (const [version, step] of migrating) {
    const dataDir = join(folder.path, `v${version}-${step}`);
    cpSync(join(folder.path, "made"), dataDir, { recursive: true });
    const child = startChild(bundle, [dataDir, String(version), String(step)]);
    expect((await child.exited).signal, `v${version} step ${step} was reached`).toBe("SIGKILL");
    expect(readdirSync(join(dataDir, "backups"))).toHaveLength(1);
    using workspace = openGrown(dataDir);
    expect(workspace.quarantined).toBeNull();
    expect(workspace.diagnostics().schemaVersion).toBe(latestVersion(grownMigrations));
    expect(contentOf(workspace)).toEqual(content);
  }
  expect(migrating.length).toBeGreaterThan(8);
}, 120_000);

test("a kill while a store is being made leaves nothing that looks damaged", async () => {
  using folder = temporaryFolder();
  const making = steps().filter(([version, step]) => version === 1 && step % 4 === 0);
  for (const [version, step] of making) {
    const dataDir = join(folder.path, `made-${step}`);
    const child = startChild(bundle, [dataDir, String(version), String(step)]);
    expect((await child.exited).signal).toBe("SIGKILL");
    expect(existsSync(join(dataDir, "workspace.db"))).toBe(false);
    using workspace = openGrown(dataDir);
    expect([workspace.quarantined, workspace.readOnly]).toEqual([null, null]);
    expect(readdirSync(dataDir).filter((name) => name.includes(".new"))).toEqual([]);
  }
}, 60_000);

test("a kill at any moment of a repair loses neither the originals nor what can be read of them", async () => {
  using parent = temporaryFolder();
  const fixture = makeFixture(parent.path, 10);
  const database = join(fixture.folder, "workspace.db");
  const bytes = readFileSync(database);
  for (let page = 4; page * pageSize < bytes.length; page += 25)
    bytes[page * pageSize + 99] = (bytes[page * pageSize + 99] ?? 0) ^ 1;
  writeFileSync(database, bytes);
  const originals = [bytes, readFileSync(join(fixture.folder, "workspace.db-wal"))];
  const whole = join(parent.path, "whole");
  cpSync(fixture.folder, whole, { recursive: true });
  const expected = (() => {
    using workspace = openIn(whole);
    return contentOf(workspace);
  })();
  expect(countKept(fixture.content, expected)).toBeGreaterThan(fixture.content.size * 0.9);
  const random = createRandom(77);
  let cutShort = 0;
  for (let round = 0; round < 20; round++) {
    const dataDir = join(parent.path, `round-${round}`);
    cpSync(fixture.folder, dataDir, { recursive: true });
    for (let kill = 0; kill < 2; kill++) {
      const child = startChild(bundle, [dataDir, ...never]);
      await child.lineStarting("opening");
      await sleep(random() * 80);
      child.kill();
      const killed = (await child.exited).signal === "SIGKILL";
      if (killed && existsSync(join(dataDir, "quarantine")) && child.lines.length === 1) cutShort++;
    }
    using workspace = openGrown(dataDir);
    expect([round, countKept(expected, contentOf(workspace))]).toEqual([round, expected.size]);
    const kept = filesUnder(join(dataDir, "quarantine")).map((file) => readFileSync(file));
    for (const original of originals) expect(kept.some((file) => file.equals(original))).toBe(true);
  }
  console.info(`40 kills, ${cutShort} of them in the middle of a repair`);
  expect(cutShort).toBeGreaterThan(0);
}, 120_000);

test("pages that are authentic but do not belong together are found by SQLite's own check and repaired", () => {
  using folder = temporaryFolder();
  const database = join(folder.path, "workspace.db");
  const first = openIn(folder.path);
  fillStore(first, 6, 31);
  first.close();
  const older = readFileSync(database);
  const second = openIn(folder.path);
  fillStore(second, 6, 32);
  const content = contentOf(second);
  second.close();
  const newer = readFileSync(database);
  const key = deriveFileKey(testKey, "workspace.db");
  const reader = openEncrypted(database, key, "read");
  const pages = reader.prepare("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'").pluck();
  const leaves = pages.all().map(Number);
  reader.close();
  const pageOf = (bytes: Buffer, page: number) => bytes.subarray((page - 1) * pageSize, page * pageSize);
  const cipher = createPageCipher(key);
  const replaced = leaves.find((page) => {
    const old = pageOf(older, page);
    return old.length === pageSize && cipher.verify(old, page) && !old.equals(pageOf(newer, page));
  });
  expect(replaced, "an older version of some leaf").toBeDefined();
  pageOf(older, replaced ?? 0).copy(pageOf(newer, replaced ?? 0));
  writeFileSync(database, newer);
  using workspace = openIn(folder.path);
  expect(workspace.quarantined).toMatchObject({ reason: "damaged" });
  expect(filesUnder(workspace.quarantined?.path ?? "").some((file) => readFileSync(file).equals(newer))).toBe(true);
  expect(countKept(content, contentOf(workspace))).toBeGreaterThan(content.size * 0.9);
  expect(workspace.checkIntegrity()).toEqual([]);
});

test("the write-ahead log is cut back to 64 MB after a change larger than that", () => {
  using folder = temporaryFolder();
  using workspace = openIn(folder.path);
  const chat = workspace.chats.create(localUser, { modelId: null });
  const text = "x".repeat(1_000_000);
  workspace.transaction(() => {
    for (let index = 0; index < 72; index++)
      workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text });
  });
  expect(workspace.diagnostics().walBytes).toBeGreaterThan(64 * 1024 * 1024);
  for (let index = 0; index < 3; index++) workspace.chats.touch(localUser, chat.id);
  expect(workspace.diagnostics().walBytes).toBeLessThanOrEqual(64 * 1024 * 1024);
}, 60_000);

test("a store that was put back halfway is finished at the next start", () => {
  using folder = temporaryFolder();
  const made = openIn(folder.path);
  fillStore(made, 2, 41);
  const content = contentOf(made);
  made.close();
  const database = join(folder.path, "workspace.db");
  cpSync(database, `${database}.recovered`);
  writeFileSync(database, "half");
  writeFileSync(`${database}-wal`, "old log");
  using workspace = openIn(folder.path);
  expect(contentOf(workspace)).toEqual(content);
  expect(existsSync(`${database}.recovered`)).toBe(false);
  workspace.close();
  rmSync(database);
  using empty = openIn(folder.path);
  expect(empty.quarantined, "a store that vanished is not passed over in silence").toMatchObject({ reason: "damaged" });
});
