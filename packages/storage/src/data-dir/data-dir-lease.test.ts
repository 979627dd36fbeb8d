import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "@deskside/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleChild, startChild, type TestChild } from "../test/child-process.ts";
import { errorOf, rejectionOf } from "../test/expect-error.ts";
import { createRandom, temporaryFolder } from "../test/temporary-workspace.ts";
import { acquireDataDir, readOwner } from "./data-dir-lease.ts";
import { prepareDataDir } from "./data-dir-folder.ts";

const pairs = process.env["DESKSIDE_LONG"] === "1" ? 100 : 30;
const home = temporaryFolder();
let bundle: string;
beforeAll(async () => {
  bundle = await bundleChild("own-data-dir.ts", home.path);
});
afterAll(() => home[Symbol.dispose]());

test("the owner introduces itself to those who come later, and leaves nothing behind", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const lease = await acquireDataDir(dataDir, { pid: process.pid });
  expect(readOwner(dataDir)).toMatchObject({ pid: process.pid, address: null, token: null });
  lease.publish({ address: "http://127.0.0.1:4711", token: "t0" });
  expect(readOwner(dataDir)).toMatchObject({ pid: process.pid, address: "http://127.0.0.1:4711", token: "t0" });
  const data = { dataDir, pid: process.pid, address: "http://127.0.0.1:4711" };
  expect(await rejectionOf(acquireDataDir(dataDir, { pid: 1 }))).toMatchObject({ code: "ALREADY_RUNNING", data });
  expect(readOwner(dataDir), "a loser takes nothing away").not.toBeNull();
  if (process.platform !== "win32") {
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(dataDir))
      expect([name, statSync(join(dataDir, name)).mode & 0o077]).toEqual([name, 0]);
  }
  lease[Symbol.dispose]();
  lease[Symbol.dispose]();
  expect(readOwner(dataDir)).toBeNull();
  expect(existsSync(join(dataDir, "owner.json"))).toBe(false);
  (await acquireDataDir(dataDir, { pid: process.pid }))[Symbol.dispose]();
});

test("an owner killed with -9 is followed at once, and its file does not pass for a living owner", async () => {
  using folder = temporaryFolder();
  for (let round = 0; round < 3; round++) {
    const child = startChild(bundle, [folder.path, "http://127.0.0.1:1"]);
    const line = await child.lineStarting("own");
    expect(readOwner(folder.path)).toMatchObject({ pid: Number(line.split(" ")[1]), token: "secret-token" });
    child.kill();
    await child.exited;
    expect(existsSync(join(folder.path, "owner.json"))).toBe(true);
    expect(readOwner(folder.path)).toBeNull();
  }
  (await acquireDataDir(folder.path, { pid: process.pid }))[Symbol.dispose]();
});

test("a left-over owner file whose pid now belongs to another process does not pass for an owner", async () => {
  using folder = temporaryFolder();
  (await acquireDataDir(folder.path, { pid: process.pid }))[Symbol.dispose]();
  const stale = { pid: process.pid, address: "http://127.0.0.1:1", token: "t", startedAt: 1 };
  writeFileSync(join(folder.path, "owner.json"), JSON.stringify(stale));
  expect(readOwner(folder.path)).toBeNull();
  for (const nonsense of ["", "{", "[]", '{"pid":-1}', "\0".repeat(100)]) {
    writeFileSync(join(folder.path, "owner.json"), nonsense);
    expect(readOwner(folder.path)).toBeNull();
  }
  using lease = await acquireDataDir(folder.path, { pid: process.pid });
  expect(lease.writable).toBe(true);
  expect(readOwner(folder.path)).toMatchObject({ pid: process.pid, address: null });
});

test("foreign bytes in the lock file do not lock everybody out", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "owner.lock"), "not a database ".repeat(500));
  expect(readOwner(folder.path)).toBeNull();
  using lease = await acquireDataDir(folder.path, { pid: process.pid });
  expect(lease.writable).toBe(true);
  expect(await rejectionOf(acquireDataDir(folder.path, { pid: 1 }))).toMatchObject({ code: "ALREADY_RUNNING" });
});

interface Outcome {
  readonly owners: TestChild[];
  readonly losses: { elapsed: number; error: unknown }[];
}

async function race(dataDir: string, delays: readonly number[]): Promise<Outcome> {
  const children = await Promise.all(
    delays.map(async (delay, index) => {
      await sleep(delay);
      return startChild(bundle, [dataDir, `http://127.0.0.1:${index}`]);
    }),
  );
  const outcome: Outcome = { owners: [], losses: [] };
  for (const child of children) {
    await child.linesReached(1);
    const [word, elapsed, ...rest] = (child.lines[0] ?? "").split(" ");
    if (word === "own") outcome.owners.push(child);
    else outcome.losses.push({ elapsed: Number(elapsed), error: JSON.parse(rest.join(" ")) });
  }
  return outcome;
}

test(`of two instances started together one survives, ${pairs} times, before any store is opened`, async () => {
  const random = createRandom(42);
  let slowest = 0;
  for (let pair = 0; pair < pairs; pair++) {
    using folder = temporaryFolder();
    const dataDir = join(folder.path, "data");
    const { owners, losses } = await race(dataDir, [0, random() * 200]);
    expect([owners.length, losses.length]).toEqual([1, 1]);
    expect(losses[0]?.error).toMatchObject({ code: "ALREADY_RUNNING", data: { dataDir, pid: owners[0]?.process.pid } });
    slowest = Math.max(slowest, losses[0]?.elapsed ?? 0);
    expect(readdirSync(dataDir).filter((name) => !name.startsWith("owner."))).toEqual([]);
    for (const owner of owners) owner.kill();
    await Promise.all(owners.map((owner) => owner.exited));
  }
  console.info(`${pairs} pairs: the slower one knew after at most ${slowest} ms`);
  expect(slowest, "the product's own limit").toBeLessThanOrEqual(1000);
}, 600_000);

test("a folder that was there keeps its mode; what cannot be a folder is refused", {
  skip: process.platform === "win32",
}, () => {
  using folder = temporaryFolder();
  const open = join(folder.path, "open");
  writeFileSync(join(folder.path, "file"), "x");
  prepareDataDir(open);
  expect(statSync(open).mode & 0o777).toBe(0o700);
  const unusable = { code: "DATA_DIR_UNUSABLE", data: { reason: "not-a-folder" } };
  expect(errorOf(() => prepareDataDir(join(folder.path, "file")))).toMatchObject(unusable);
  expect(errorOf(() => prepareDataDir(join(folder.path, "file", "x")))).toMatchObject(unusable);
  expect(readFileSync(join(folder.path, "file"), "utf8")).toBe("x");
});
