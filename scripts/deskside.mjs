// `npm run --silent deskside -- …`: the command line, installed and built first where needed.
// Everything but the command's own output goes to stderr.
import { join } from "node:path";
import { buildApps } from "./build.mjs";
import { installDependencies, pinnedNode, root } from "./install-dependencies.mjs";
import { runInForeground } from "./run-command.mjs";

const commandArguments = process.argv.slice(2);
const say = (/** @type {string} */ line) => console.error(line);

try {
  await installDependencies({ say, output: "stderr" });
  await buildApps(["server"], { say, output: "stderr" });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  // Who asked for JSON gets JSON, from a failure before the program too.
  if (commandArguments.includes("--json")) {
    const data = { step: "setup" };
    console.log(JSON.stringify({ error: { code: "SETUP_FAILED", kind: "unavailable", data, message } }));
  }
  say(message);
  process.exit(1);
}
process.exitCode = await runInForeground(pinnedNode, [join(root, "apps/server/out/cli.js"), ...commandArguments]);
