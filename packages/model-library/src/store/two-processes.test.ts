import { spawn } from "node:child_process";
import { utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createStoreFixture, sha256Of } from "./test/store-fixture.ts";

const child = fileURLToPath(new URL("./test/adopting-child.ts", import.meta.url));

/** Ends with what the child said wrong; empty = all went well. */
async function adoptInChild(root: string, from: number, count: number): Promise<string> {
  const running = spawn(process.execPath, [child, root, String(from), String(count)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  running.stderr.on("data", (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => running.on("close", (code) => resolve(code === 0 ? "" : `${code} ${said}`)));
}

test("two processes adopt, switch and remove at the same time: each change of each is there", {
  timeout: 60_000,
}, async () => {
  await using fixture = await createStoreFixture();
  const store = fixture.open();
  await store.list();
  const ends = await Promise.all([adoptInChild(fixture.root, 100, 8), adoptInChild(fixture.root, 200, 8)]);
  expect(ends).toEqual(["", ""]);
  const models = await store.list();
  // Each child adds eight versions of one shared model and eight models of its own, and removes every second of those.
  expect(models.find(({ id }) => id === "shared-q8-0")?.versions).toHaveLength(16);
  expect(
    models
      .filter(({ id }) => id.startsWith("own-"))
      .map(({ id }) => id)
      .sort(),
  ).toEqual([101, 103, 105, 107, 201, 203, 205, 207].map((seed) => `own-${seed}-q4-k-m`));
  expect(await store.trash()).toHaveLength(8);
  for (const { files } of models.flatMap(({ versions }) => versions)) {
    for (const { path, sha256 } of files) expect(await sha256Of(path)).toBe(sha256);
  }
  expect(await store.reconcile()).toMatchObject({ completed: 0, rolledBack: 0, damagedStateKeptAs: null });
});

test("the lock of a process that died is taken over, that of a living one is respected", async () => {
  await using fixture = await createStoreFixture();
  const store = fixture.open();
  await store.adopt(await fixture.adoption(1));
  const dead = spawn(process.execPath, ["-e", "0"]);
  await new Promise((resolve) => dead.on("close", resolve));
  await writeFile(`${fixture.stateFile}.lock`, `${dead.pid} ${hostname()} abc`);
  expect((await store.setPinned("tiny-q4-k-m", true)).pinned).toBe(true);
  await writeFile(`${fixture.stateFile}.lock`, `${process.pid} ${hostname()} abc`);
  let isDone = false;
  const waiting = store.setPinned("tiny-q4-k-m", false).then((model) => {
    isDone = true;
    return model;
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(isDone).toBe(false);
  await writeFile(`${fixture.stateFile}.lock`, `${dead.pid} ${hostname()} abc`);
  expect((await waiting).pinned).toBe(false);
  // A number that belongs to somebody else by now: the age of the lock tells.
  await writeFile(`${fixture.stateFile}.lock`, `${process.pid} ${hostname()} abc`);
  await utimes(`${fixture.stateFile}.lock`, new Date(), new Date(Date.now() - 2 * 60 * 60 * 1000));
  expect((await store.setPinned("tiny-q4-k-m", true)).pinned).toBe(true);
});
