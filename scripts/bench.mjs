// `npm run bench -- …`: measures the built product against its parts; see scripts/bench/main.ts.
import { join } from "node:path";
import { buildApps } from "./build.mjs";
import { installDependencies, pinnedNode, root } from "./install-dependencies.mjs";
import { runInForeground } from "./run-command.mjs";

const say = (/** @type {string} */ line) => console.error(line);

await installDependencies({ say, output: "stderr" });
await buildApps(["server"], { say, output: "stderr" });
process.exitCode = await runInForeground(pinnedNode, [join(root, "scripts/bench/main.ts"), ...process.argv.slice(2)]);
