import { writeFile } from "node:fs/promises";
import { crashScenarios } from "./crash-scenarios.ts";
import { createWatchedDisk } from "./failing-disk.ts";
import { createStoreFixture } from "./store-fixture.ts";

// Runs one scenario and kills itself before the given step; of a file that is written, half is left.
const [root, name, lastStep] = process.argv.slice(2) as [string, string, string];
const scenario = crashScenarios.find((candidate) => candidate.name === name);
if (!scenario) throw new Error(`no scenario ${name}`);
const fixture = await createStoreFixture(root);
const disk = createWatchedDisk(
  async (step, kind, [path, text]) => {
    if (step !== Number(lastStep)) return;
    if (kind === "writeFile") await writeFile(`${String(path)}.${process.pid}-dead.tmp`, String(text).slice(0, 40));
    process.kill(process.pid, "SIGKILL");
  },
  { secondNames: scenario.secondNames !== false },
);
await scenario.act(fixture, disk);
