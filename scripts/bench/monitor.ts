// `npm run bench -- monitor`: what watching the machine costs. `--seconds=N` per measurement (60), `--json`.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cpuSecondsOf } from "./process-cpu.ts";
import { type Served, serve } from "./product/whole-stack.ts";

const root = join(import.meta.dirname, "../..");

/** Processor time of a process with its children, in percent of one core. */
interface Cost {
  readonly seconds: number;
  /** The monitor alone, with one window watching: this is what the limit of 1 % is for. */
  readonly alone: { readonly percent: number; readonly samples: number; readonly gpus: number };
  /** The built server with the model it loads ahead: nobody looks, then one window with everything it is told. */
  readonly serverPercent: number;
  readonly watchedServerPercent: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const seconds = Number(args.find((argument) => argument.startsWith("--seconds="))?.slice(10) ?? 60);
  if (process.platform !== "linux") throw new Error("processor time of children is read from /proc: Linux only");
  const child = join(import.meta.dirname, "monitor-alone.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [child, String(seconds)]);
  const alone = JSON.parse(stdout) as Cost["alone"];
  await using served = await serve(root);
  const cost: Cost = { seconds, alone, ...(await measureServer(served, seconds)) };
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(cost)}\n` : describe(cost));
}

async function measureServer(served: Served, seconds: number) {
  const percentOver = async () => {
    const before = cpuSecondsOf(served.pid);
    const started = performance.now();
    await sleep(seconds * 1000);
    return ((cpuSecondsOf(served.pid) - before) / (performance.now() - started)) * 1e5;
  };
  // Starting and loading is no part of it.
  await sleep(10_000);
  const serverPercent = await percentOver();
  const leave = new AbortController();
  const watching = (async () => {
    for await (const event of await served.client.system.events(undefined, { signal: leave.signal })) void event;
  })().catch((error: unknown) => {
    if (!leave.signal.aborted) throw error;
  });
  await sleep(2000);
  const watchedServerPercent = await percentOver();
  leave.abort();
  await watching;
  return { serverPercent, watchedServerPercent };
}

function describe({ seconds, alone, serverPercent, watchedServerPercent }: Cost): string {
  const row = (what: string, percent: number, note = "") =>
    `${what.padEnd(44)} ${percent.toFixed(2).padStart(6)} % of a core   ${note}`.trimEnd();
  const lines = [
    `${seconds} s each, children included; ${alone.samples} samples, ${alone.gpus} GPUs in each`,
    row("the monitor alone, one window", alone.percent, "target < 1"),
    row("server with a model, nobody looks", serverPercent),
    row("server with a model, one window", watchedServerPercent, "with the shield's reading of connections"),
    ...(alone.gpus === 0 ? ["No GPU was found: what reading one costs was not measured."] : []),
  ];
  return `${lines.join("\n")}\n`;
}
