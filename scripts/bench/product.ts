// `npm run bench`: the product against its parts, in one run on one machine. Figures move with what else runs: compare
// the ratios. `--json` prints them as one value, `--rounds=N` repeats every measurement (median is taken).
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { measureColdStart } from "./product/cold-start.ts";
import { median, type Speed } from "./product/speed.ts";

const root = join(import.meta.dirname, "../..");
const models = ["starter/starter-q8_0.gguf", "smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"];

interface Row {
  what: string;
  value: number;
  unit: string;
  target?: string;
}

const rows: Row[] = [];

/** The built product beside its parts: decode, prompt, first token, start, size of the page. */
export async function run(args: readonly string[]): Promise<void> {
  const rounds = Number(args.find((argument) => argument.startsWith("--rounds="))?.slice(9) ?? 3);
  for (const file of models) {
    const path = join(root, "models", file);
    const bare: Speed[] = [];
    const whole: Speed[] = [];
    // One after the other, in turns: whatever slows the machine slows both.
    for (let round = 0; round < rounds; round++) {
      bare.push(await inChild("bare", path));
      whole.push(await inChild("whole", path));
    }
    const name = file.split("/")[0] as string;
    const of = (list: readonly Speed[], pick: (one: Speed) => number) => median(list.map(pick));
    const decode = [of(bare, (one) => one.decodePerSecond), of(whole, (one) => one.decodePerSecond)] as const;
    const prompt = [of(bare, (one) => one.promptPerSecond), of(whole, (one) => one.promptPerSecond)] as const;
    const first = [of(bare, (one) => one.firstTokenMs), of(whole, (one) => one.firstTokenMs)] as const;
    rows.push(
      { what: `${name}: decode, bare loop`, value: decode[0], unit: "tok/s" },
      { what: `${name}: decode, whole stack`, value: decode[1], unit: "tok/s" },
      { what: `${name}: decode, ratio`, value: decode[1] / decode[0], unit: "", target: "≥ 0.97" },
      { what: `${name}: prompt, bare loop`, value: prompt[0], unit: "tok/s" },
      { what: `${name}: prompt, whole stack`, value: prompt[1], unit: "tok/s" },
      { what: `${name}: prompt, ratio`, value: prompt[1] / prompt[0], unit: "", target: "≥ 0.97" },
      { what: `${name}: added to the first token`, value: first[1] - first[0], unit: "ms", target: "≤ 15" },
    );
  }

  const cold = await measureColdStart(root);
  rows.push(
    { what: "serve, cold, to the first byte of the page", value: cold.firstByteMs, unit: "ms", target: "< 1000" },
    { what: "serve, cold, to the first token of SmolLM2", value: cold.firstTokenMs, unit: "ms", target: "< 3000" },
    { what: "server without a model, resident", value: cold.idleBytes / 2 ** 20, unit: "MB" },
    { what: "initial JavaScript of the page, gzip", value: initialScriptBytes() / 1000, unit: "kB", target: "< 350" },
  );

  if (args.includes("--json"))
    process.stdout.write(
      `${JSON.stringify({ date: new Date().toISOString(), cpu: cpus()[0]?.model, cores: cpus().length, rounds, rows })}\n`,
    );
  else print(rounds);
}

/** A process of its own for each measurement, with the environment that the product gives its engines. */
function inChild(kind: "bare" | "whole", path: string): Promise<Speed> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "measure-child.ts"), kind, path], {
    env: { ...process.env, UV_THREADPOOL_SIZE: kind === "bare" ? "1" : "4" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("exit", (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`${kind} ended with ${code}`)),
    );
  });
}

/** What the page loads before anything is asked for: the scripts of index.html, all they import, and the chat screen. */
function initialScriptBytes(): number {
  const folder = join(root, "apps/server/out/web");
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const waiting = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map((match) => match[1] as string);
  waiting.push(
    ...readdirSync(join(folder, "assets"))
      .filter(isChatScreen)
      .map((name) => `assets/${name}`),
  );
  const loaded = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    const code = readFileSync(join(folder, file), "utf8");
    for (const [, name] of code.matchAll(/(?:import|from)"\.\/([^"]+\.js)"/g)) waiting.push(`assets/${name}`);
  }
  return [...loaded].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
}

const isChatScreen = (name: string) => /^chat(?:-screen)?-[^.]+\.js$/.test(name);

function print(rounds: number): void {
  process.stdout.write(
    `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}\n\n`,
  );
  for (const { what, value, unit, target } of rows) {
    process.stdout.write(
      `${what.padEnd(48)} ${value.toFixed(value < 10 ? 3 : 1).padStart(10)} ${unit.padEnd(6)} ${target ?? ""}\n`,
    );
  }
}
