// Opens a workspace with the grown schema and is killed before one given step of one migration.
import { writeSync } from "node:fs";
import { openWorkspaceWith } from "../workspace/open-workspace.ts";
import { grownMigrations } from "./grown-migrations.ts";
import { createLog, testKey } from "./temporary-workspace.ts";

const [dataDir = "", version, step] = process.argv.slice(2);
const options = { dataDir, dataKey: testKey, log: createLog() };
writeSync(1, "opening\n");
const workspace = openWorkspaceWith(options, grownMigrations, (atVersion, atStep) => {
  if (atVersion === Number(version) && atStep === Number(step)) process.kill(process.pid, "SIGKILL");
});
writeSync(1, `open ${workspace.quarantined === null ? "whole" : "repaired"}\n`);
workspace.close();
