import { cpSync, writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AlertRule } from "@deskside/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEncrypted } from "../driver/connection.ts";
import { deriveFileKey } from "../driver/key-derivation.ts";
import { localUser } from "../principal.ts";
import { mountSmallDisk } from "../test/small-disk.ts";
import { contentOf, fillStore } from "../test/store-fixture.ts";
import { createLog, openIn, type TemporaryFolder, temporaryFolder, testKey } from "../test/temporary-workspace.ts";
import { migrations } from "../workspace/migrations.ts";
import { openWorkspaceWith } from "../workspace/open-workspace.ts";
import { createSampleBlock, decodeBlock, encodeBlock, type SampleBlock } from "./sample-block.ts";

const start = 1_800_000_000_000;
const gpus = [{ id: "0000:01:00.0", name: "GPU “one”, 显卡" }];

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

function block(id: string, at: readonly number[], resolutionMs = 1000): SampleBlock {
  const rows = at.map((time, index) => ({ at: time, values: [index + 0.5, Number.NaN] }));
  return createSampleBlock({ id: `mon_${id}`, resolutionMs, gpus, columns: ["cpu", "gpu.0000:01:00.0.power"] }, rows);
}

test("a block comes back as it was, with what was not reported, and is replaced by one of the same id", () => {
  {
    using workspace = openIn(folder.path);
    workspace.monitor.write([block("a", [start, start + 1000])]);
    workspace.monitor.write([block("a", [start, start + 1000, start + 61_000]), block("b", [start], 10_000)]);
  }
  using workspace = openIn(folder.path);
  const [read, ...others] = workspace.monitor.read({ resolutionMs: 1000, from: 0, to: 2 * start });
  expect(others).toEqual([]);
  expect(read).toEqual(block("a", [start, start + 1000, start + 61_000]));
  expect(read?.values[3]).toBeNaN();
});

test("only blocks that touch the range are read", () => {
  using workspace = openIn(folder.path);
  workspace.monitor.write([
    ...[block("late", [start + 120_000]), block("early", [start, start + 59_000]), block("next", [start + 60_000])],
  ]);
  const ids = (from: number, to: number) =>
    workspace.monitor.read({ resolutionMs: 1000, from, to }).map(({ id }) => id.slice(4));
  expect(ids(start + 59_000, start + 60_000)).toEqual(["early", "next"]);
  expect(ids(start + 59_000.5, start + 60_000)).toEqual(["early", "next"]);
  expect(ids(start + 60_001, start + 119_999)).toEqual([]);
  expect(ids(0, Number.MAX_SAFE_INTEGER)).toEqual(["early", "next", "late"]);
});

test("pruning takes what is too old, what lies in the future and what is too much, of that resolution only", () => {
  using workspace = openIn(folder.path);
  const at = (minute: number) => start + minute * 60_000;
  workspace.monitor.write([0, 1, 2, 3, 4, 5].map((minute) => block(`m${minute}`, [at(minute)])));
  workspace.monitor.write([block("coarse", [at(0)], 60_000)]);
  const rule = { resolutionMs: 1000, before: at(1), after: at(4), keepBlocks: 100 };
  expect(workspace.monitor.prune([rule])).toBe(2);
  const left = () => workspace.monitor.read({ resolutionMs: 1000, from: 0, to: at(9) }).map(({ id }) => id);
  expect(left()).toEqual(["mon_m1", "mon_m2", "mon_m3", "mon_m4"]);
  expect(workspace.monitor.prune([{ ...rule, keepBlocks: 2 }])).toBe(2);
  expect(left()).toEqual(["mon_m3", "mon_m4"]);
  expect(workspace.monitor.read({ resolutionMs: 60_000, from: 0, to: at(9) })).toHaveLength(1);
});

test("rows that do not fit their layout are left out, not believed", () => {
  const good = encodeBlock(block("a", [start]));
  const row = { id: "mon_a", resolution_ms: 1000, start_at: start };
  expect(decodeBlock({ ...row, ...good })?.at).toEqual(Float64Array.of(start));
  for (const layout of ["", "[]", "{}", "null", '{"gpus":[],"columns":[1]}', '{"gpus":[],"columns":["a"]}']) {
    expect(decodeBlock({ ...row, ...good, layout }), layout).toBeNull();
  }
  for (const length of [0, 1, 11, 13]) {
    expect(decodeBlock({ ...row, ...good, data: new Uint8Array(length) }), String(length)).toBeNull();
  }
  expect(() => encodeBlock(block("empty", []))).toThrow("without samples");
});

const laterColumns = [
  ["messages", "scope"],
  ["messages", "grounding"],
  ["egress", "proxy"],
  ["chats", "folder_id"],
  ["chats", "pinned_at"],
  ["chats", "archived_at"],
  ["chats", "tags"],
  ["chats", "steering"],
  ["messages", "origin"],
] as const;

function alter(how: "ADD COLUMN" | "DROP COLUMN"): void {
  const connection = openEncrypted(join(folder.path, "workspace.db"), deriveFileKey(testKey, "workspace.db"), "write");
  for (const [table, column] of laterColumns)
    connection.exec(`ALTER TABLE ${table} ${how} ${column}${how === "ADD COLUMN" ? " TEXT" : ""}`);
  connection.close();
}

test("a store of the version before gets the tables, and its backup without them still mends a damaged file", () => {
  const first = migrations.filter(({ version }) => version === 1);
  const options = { dataDir: folder.path, dataKey: testKey, log: createLog() };
  openWorkspaceWith(options, first)[Symbol.dispose]();
  // The code of today writes columns that the first version did not have: they are lent to it.
  alter("ADD COLUMN");
  {
    using workspace = openWorkspaceWith(options, first);
    fillStore(workspace, 4, 5);
  }
  alter("DROP COLUMN");
  const content = (() => {
    using workspace = openIn(folder.path);
    workspace.monitor.write([block("a", [start])]);
    return contentOf(workspace);
  })();
  const database = join(folder.path, "workspace.db");
  const reader = openEncrypted(database, deriveFileKey(testKey, "workspace.db"), "read");
  const pages = reader.prepare("SELECT DISTINCT pageno FROM dbstat WHERE name = 'messages'").pluck().all().map(Number);
  reader.close();
  const bytes = readFileSync(database);
  for (const page of pages) bytes.fill(1, (page - 1) * 4096, page * 4096);
  writeFileSync(database, bytes);
  using workspace = openIn(folder.path);
  expect(workspace.quarantined).toMatchObject({ restoredFrom: expect.stringContaining("backups") });
  expect(contentOf(workspace)).toEqual(content);
  expect(workspace.monitor.read({ resolutionMs: 1000, from: 0, to: 2 * start })).toEqual([block("a", [start])]);
});

test("a rule is kept, replaced, and remembered as removed; one that does not fit is ignored", () => {
  const rule: AlertRule = {
    ...{ id: "mine", metric: "free-disk", direction: "below", threshold: 1e9, durationMs: 0, enabled: true },
  };
  {
    using workspace = openIn(folder.path);
    workspace.alertRules.set(localUser, rule);
    workspace.alertRules.set(localUser, { ...rule, id: "other" });
    workspace.alertRules.set(localUser, { ...rule, threshold: 2e9 });
    workspace.alertRules.remove(localUser, "other");
    workspace.alertRules.remove(localUser, "never-there");
    expect(() => workspace.alertRules.set(localUser, { ...rule, durationMs: -1 })).toThrow();
  }
  const copy = join(folder.path, "copy");
  cpSync(join(folder.path, "workspace.db"), join(copy, "workspace.db"));
  using workspace = openIn(folder.path);
  expect(workspace.alertRules.list(localUser)).toEqual([
    { ruleId: "mine", rule: { ...rule, threshold: 2e9 } },
    { ruleId: "other", rule: null },
    { ruleId: "never-there", rule: null },
  ]);
  const connection = openEncrypted(join(copy, "workspace.db"), deriveFileKey(testKey, "workspace.db"), "write");
  connection.exec(`UPDATE alert_rules SET rule = '{"id":' WHERE rule_id = 'mine'`);
  connection.close();
  using other = openIn(copy);
  expect(other.alertRules.list(localUser).map(({ ruleId }) => ruleId)).toEqual(["other", "never-there"]);
});

test("a full disk refuses readings and takes them again when there is room; what was there is unharmed", (context) => {
  const disk = mountSmallDisk(join(folder.path, "disk"), 4 * 1024 * 1024);
  if (typeof disk === "string") return context.skip(disk);
  using _mounted = disk;
  using workspace = openIn(join(disk.path, "data"));
  const many = (name: string) =>
    Array.from({ length: 40 }, (_, index) =>
      block(
        `${name}${index}`,
        Array.from({ length: 600 }, (_, second) => start + second),
      ),
    );
  workspace.monitor.write([block("before", [start])]);
  disk.fill(8 * 1024);
  expect(() => workspace.monitor.write(many("a"))).toThrow(expect.objectContaining({ code: "DISK_FULL" }));
  const range = { resolutionMs: 1000, from: 0, to: 2 * start };
  expect(workspace.monitor.read(range)).toEqual([block("before", [start])]);
  disk.empty();
  workspace.monitor.write(many("b"));
  expect(workspace.monitor.read(range)).toHaveLength(41);
  expect(workspace.readOnly).toBeNull();
});
