import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, expect, test } from "vitest";
import { acquireDataDir } from "../data-dir/data-dir-lease.ts";
import { createKeyFileProvider } from "../data-dir/key-file-provider.ts";
import { localUser } from "../principal.ts";
import { bundleChild } from "../test/child-process.ts";
import { errorOf, rejectionOf } from "../test/expect-error.ts";
import { mountSmallDisk, type SmallDisk } from "../test/small-disk.ts";
import { contentOf, fillStore } from "../test/store-fixture.ts";
import { openIn, temporaryFolder } from "../test/temporary-workspace.ts";
import { latestVersion } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { openWorkspaceWith } from "./open-workspace.ts";
import type { Workspace } from "./workspace.ts";

function requireDisk(context: TestContext, path: string, bytes: number): SmallDisk {
  const disk = mountSmallDisk(path, bytes);
  if (typeof disk !== "string") return disk;
  console.info(`skipped: ${disk}`);
  return context.skip(disk);
}

/** Writes until the disk refuses; returns the texts that were acknowledged. */
function writeUntilFull(workspace: Workspace, chatId: string): string[] {
  const kept: string[] = [];
  for (let index = 0; index < 5000; index++) {
    const text = `${index} ${"x".repeat(3000)}`;
    try {
      workspace.messages.insertUser(localUser, { chatId, parentId: null, text });
    } catch (error) {
      expect(error).toMatchObject({ code: "DISK_FULL" });
      return kept;
    }
    kept.push(text);
  }
  throw new Error("the disk never filled up");
}

const textsOf = (workspace: Workspace, chatId: string) =>
  workspace.chats.getWithMessages(localUser, chatId).messages.map(({ text }) => text);

test("a full disk refuses changes, shows everything, and goes on by itself once there is space", (context) => {
  using folder = temporaryFolder();
  using disk = requireDisk(context, join(folder.path, "disk"), (2 * 1024 + 256) * 1024);
  const dataDir = join(disk.path, "data");
  const workspace = openIn(dataDir);
  const chat = workspace.chats.create(localUser, { modelId: null });
  const kept = writeUntilFull(workspace, chat.id);
  expect(kept.length).toBeGreaterThan(50);
  disk.fill();
  expect(textsOf(workspace, chat.id)).toEqual(kept);
  const refused = { code: "DISK_FULL", kind: "exhausted" };
  const large = { chatId: chat.id, parentId: null, text: "y".repeat(2_000_000) };
  expect(errorOf(() => workspace.messages.insertUser(localUser, large))).toMatchObject(refused);
  expect(errorOf(() => workspace.messages.insertUser(localUser, large))).toMatchObject(refused);
  expect(errorOf(() => workspace.backup(join(dataDir, "copy.db")))).toMatchObject(refused);
  expect(readdirSync(dataDir).filter((name) => name.startsWith("copy"))).toEqual([]);
  expect(workspace.readOnly, "a full disk is no reason to stop").toBeNull();
  disk.remount("size=8m");
  disk.empty();
  workspace.chats.rename(localUser, chat.id, "yes");
  workspace.close();
  using again = openIn(dataDir);
  expect(again.quarantined).toBeNull();
  expect(again.chats.get(localUser, chat.id).title).toBe("yes");
  expect(textsOf(again, chat.id)).toEqual(kept);
});

test("starting on a full disk still shows everything", (context) => {
  using folder = temporaryFolder();
  using disk = requireDisk(context, join(folder.path, "disk"), 3 * 1024 * 1024);
  const dataDir = join(disk.path, "data");
  const first = openIn(dataDir);
  const chat = first.chats.create(localUser, { modelId: null });
  first.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: "still here" });
  first.close();
  disk.fill();
  using workspace = openIn(dataDir);
  expect(textsOf(workspace, chat.id)).toEqual(["still here"]);
  expect(errorOf(() => workspace.chats.rename(localUser, chat.id, "no"))).toMatchObject({ code: "DISK_FULL" });
  disk.empty();
  expect(workspace.chats.rename(localUser, chat.id, "yes").title).toBe("yes");
});

test("disks of 24 sizes: whatever does not fit is refused as a full disk and nothing is left half made", async (context) => {
  using folder = temporaryFolder();
  for (let kilobytes = 16; kilobytes <= 384; kilobytes += 16) {
    using disk = requireDisk(context, join(folder.path, `disk-${kilobytes}`), kilobytes * 1024);
    const dataDir = join(disk.path, "data");
    const steps = [
      async () => (await acquireDataDir(dataDir, { pid: process.pid }))[Symbol.dispose](),
      () => createKeyFileProvider(dataDir).getDataKey(),
      async () => {
        using workspace = openIn(dataDir);
        const chat = workspace.chats.create(localUser, { modelId: null });
        writeUntilFull(workspace, chat.id);
      },
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        expect(error).toMatchObject({ code: "DISK_FULL" });
      }
    }
    disk.remount("size=8m");
    using workspace = openIn(dataDir);
    expect([kilobytes, workspace.quarantined]).toEqual([kilobytes, null]);
    workspace.chats.create(localUser, { modelId: null });
    const keyBytes = statSync(join(dataDir, "keys", "data.key"), { throwIfNoEntry: false })?.size;
    expect([undefined, 32], "a key is whole or not there").toContain(keyBytes);
    expect(readdirSync(dataDir, { recursive: true }).filter((name) => String(name).endsWith(".tmp"))).toEqual([]);
  }
});

test("repair and migration need space: without it nothing is changed, with it they go on", (context) => {
  using folder = temporaryFolder();
  using disk = requireDisk(context, join(folder.path, "disk"), 8 * 1024 * 1024);
  const dataDir = join(disk.path, "data");
  const first = openIn(dataDir);
  fillStore(first, 10, 11);
  const content = contentOf(first);
  first.close();
  disk.fill(40 * 1024);
  const options = { dataDir, dataKey: new Uint8Array(32).map((_, index) => index * 7 + 3) };
  const log = { info() {}, warn() {}, error() {} };
  const grown = [
    ...migrations,
    { version: latestVersion(migrations) + 1, statements: ["ALTER TABLE egress ADD COLUMN note TEXT"] },
  ];
  expect(errorOf(() => openWorkspaceWith({ ...options, log }, grown))).toMatchObject({ code: "DISK_FULL" });
  rmSync(join(dataDir, "workspace.db-wal"), { force: true });
  const database = join(dataDir, "workspace.db");
  const size = statSync(database).size;
  disk.empty();
  cpSync(database, join(folder.path, "kept.db"));
  execFileSync("dd", ["if=/dev/zero", `of=${database}`, "bs=4096", "seek=4", "count=1", "conv=notrunc"], {
    stdio: "pipe",
  });
  disk.fill(40 * 1024);
  expect(errorOf(() => openIn(dataDir))).toMatchObject({ code: "DISK_FULL" });
  expect(statSync(database).size).toBe(size);
  disk.empty();
  using workspace = openIn(dataDir);
  expect(workspace.quarantined).toMatchObject({ reason: "damaged" });
  expect(contentOf(workspace).size).toBeGreaterThan(content.size * 0.8);
});

test("a read-only disk is read, with what was not yet in the database, and left as it is", async (context) => {
  using folder = temporaryFolder();
  using disk = requireDisk(context, join(folder.path, "disk"), 8 * 1024 * 1024);
  const dataDir = join(disk.path, "data");
  const killed = join(disk.path, "killed");
  const first = openIn(dataDir);
  fillStore(first, 3, 12);
  const content = contentOf(first);
  cpSync(dataDir, killed, { recursive: true });
  first.close();
  expect(existsSync(join(killed, "workspace.db-wal"))).toBe(true);
  disk.remount("ro");
  const temporaryBefore = readdirSync(tmpdir()).filter((name) => name.startsWith("deskside-")).length;
  for (const folderOf of [dataDir, killed]) {
    using workspace = openIn(folderOf);
    expect(workspace.readOnly).toBe("read-only-disk");
    expect(contentOf(workspace)).toEqual(content);
    const refused = { code: "STORE_READ_ONLY", data: { reason: "read-only-disk" } };
    expect(errorOf(() => workspace.drafts.save(localUser, "new", "x"))).toMatchObject(refused);
    expect(workspace.messages.markInterrupted()).toBe(0);
  }
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("deskside-"))).toHaveLength(temporaryBefore);
  using lease = await acquireDataDir(dataDir, { pid: process.pid });
  expect(lease.writable).toBe(false);
  lease.publish({ address: "a", token: "t" });
  const fresh = join(disk.path, "fresh");
  const readOnly = { code: "DATA_DIR_UNUSABLE", data: { reason: "read-only" } };
  expect(errorOf(() => openIn(fresh))).toMatchObject(readOnly);
  expect(await rejectionOf(acquireDataDir(fresh, { pid: process.pid }))).toMatchObject(readOnly);
  const noKey = { code: "KEY_UNAVAILABLE" };
  expect(await rejectionOf(createKeyFileProvider(dataDir).getDataKey())).toMatchObject(noKey);
});

test("after a failed sync nothing is written any more until the store is opened again", async (context) => {
  const strace = spawnSync("strace", ["-e", "trace=none", "true"]);
  if (strace.status !== 0) {
    console.info("skipped: strace cannot be used here");
    context.skip("no strace");
  }
  using folder = temporaryFolder();
  const bundle = await bundleChild("write-on-failing-disk.ts", folder.path);
  const failures: string[] = [];
  for (const [syscall, code] of [
    ["fdatasync,fsync", "EIO"],
    ["pwrite64", "EIO"],
  ] as const) {
    for (const when of [1, 2, 3, 5, 8]) {
      const dataDir = join(folder.path, `${syscall}-${when}`);
      openIn(dataDir).close();
      const inject = `inject=${syscall}:error=${code}:when=${when}`;
      const run = spawnSync(
        "strace",
        ["-f", "-o", "/dev/null", "-e", `trace=${syscall}`, "-e", inject, process.execPath, bundle, dataDir],
        {
          encoding: "utf8",
          timeout: 60_000,
        },
      );
      expect([when, run.status, run.stderr]).toEqual([when, 0, ""]);
      const told = JSON.parse(run.stdout) as {
        acknowledged: string[];
        codes: string[];
        readable: number;
        readOnly: string;
      };
      using workspace = openIn(dataDir);
      const found = workspace.chats.list(localUser).map(({ title }) => title);
      expect(found, "what was acknowledged is there").toEqual(expect.arrayContaining(told.acknowledged));
      failures.push(...told.codes.slice(0, 1));
      if (told.codes.length > 0) {
        expect(told.codes[0]).toMatch(/^(DISK_FAILED|DISK_FULL)$/);
        expect(new Set(told.codes.slice(1)), "no retry").toEqual(new Set(["STORE_READ_ONLY"]));
        expect(told.readOnly).toBe("write-failure");
        expect(told.readable).toBeGreaterThanOrEqual(told.acknowledged.length);
      }
    }
  }
  console.info(
    `10 runs with injected EIO: ${failures.length} met it while writing (${[...new Set(failures)].join(", ")})`,
  );
  expect(failures.length).toBeGreaterThan(2);
}, 300_000);
