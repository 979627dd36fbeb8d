import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { doomedRoot, stagingRoot } from "./disk/layout.ts";
import { type CrashScenario, crashScenarios } from "./test/crash-scenarios.ts";
import { createWatchedDisk } from "./test/failing-disk.ts";
import { createStoreFixture, type StoreFixture } from "./test/store-fixture.ts";

const child = fileURLToPath(new URL("./test/crash-child.ts", import.meta.url));

/** Null = it ended by itself, else the signal. */
async function runChild(root: string, name: string, step: number): Promise<string | null> {
  const running = spawn(process.execPath, [child, root, name, String(step)], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  running.stderr.on("data", (text: Buffer) => (said += text.toString()));
  return new Promise((resolve, reject) => {
    running.on("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve(signal);
      else reject(new Error(said));
    });
  });
}

async function checkAfterwards(scenario: CrashScenario, fixture: StoreFixture): Promise<void> {
  const store = fixture.open();
  const report = await store.reconcile();
  expect(report.problems).toEqual([]);
  expect(report.damagedStateKeptAs).toBeNull();
  for (const root of [fixture.fast, fixture.big]) {
    for (const path of [stagingRoot(root), doomedRoot(root)]) {
      expect(await readdir(path).catch(() => [])).toEqual([]);
    }
  }
  await scenario.check(fixture, store);
  // A second look finds the same.
  expect(await fixture.open().list()).toEqual(await store.list());
}

/** Steps of the scenario when nothing happens. */
async function countSteps(scenario: CrashScenario): Promise<number> {
  await using fixture = await createStoreFixture();
  await scenario.prepare(fixture);
  let steps = 0;
  const disk = createWatchedDisk((step) => void (steps = step), { secondNames: scenario.secondNames !== false });
  await scenario.act(fixture, disk);
  await checkAfterwards(scenario, fixture);
  return steps;
}

/** Every step in the long run; elsewhere some of each scenario, another part of it for each. */
const stride = process.env.DESKSIDE_LONG === "1" ? 1 : 5;

describe("killed before a step, nothing is lost and nothing half is shown", () => {
  test.each(crashScenarios)("$name", { timeout: 120_000 }, async (scenario) => {
    const steps = await countSteps(scenario);
    expect(steps).toBeGreaterThan(1);
    for (let step = 1 + (crashScenarios.indexOf(scenario) % stride); step <= steps; step += stride) {
      await using fixture = await createStoreFixture();
      await scenario.prepare(fixture);
      expect(await runChild(fixture.root, scenario.name, step)).toBe("SIGKILL");
      await checkAfterwards(scenario, fixture);
    }
  });
});

describe("a step that fails leaves the store as usable as before", () => {
  test.each(crashScenarios)("$name", { timeout: 60_000 }, async (scenario) => {
    const steps = await countSteps(scenario);
    for (let failing = 1; failing <= steps; failing++) {
      await using fixture = await createStoreFixture();
      await scenario.prepare(fixture);
      const disk = createWatchedDisk(
        (step) => {
          if (step === failing) throw Object.assign(new Error("disk full"), { code: "ENOSPC", syscall: "write" });
        },
        { secondNames: scenario.secondNames !== false },
      );
      // Cleaning up may fail without harm to the action itself; else it must say so in our own terms.
      await scenario.act(fixture, disk).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
      });
      await checkAfterwards(scenario, fixture);
    }
  });
});
