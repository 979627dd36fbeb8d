import { availableParallelism } from "node:os";
import { statSync } from "node:fs";
import { join } from "node:path";
import { chooseThreads } from "@deskside/hardware";
import { measureBareLoop } from "./bare-loop.ts";
import { measureWholeStack } from "./whole-stack.ts";

const [kind, path] = process.argv.slice(2) as ["bare" | "whole", string];
const cores = availableParallelism();
// The same threads for both, as the product chooses them.
const threads = chooseThreads({ physicalCores: cores, availableParallelism: cores, weightBytes: statSync(path).size });
const root = join(import.meta.dirname, "../..");
const speed = kind === "bare" ? await measureBareLoop(path, threads) : await measureWholeStack(root, path);
process.stdout.write(JSON.stringify(speed), () => process.exit(0));
