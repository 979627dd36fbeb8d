import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";

const cli = fileURLToPath(new URL("../../apps/server/out/cli.js", import.meta.url));
const node = fileURLToPath(new URL("../../node_modules/node/bin/node", import.meta.url));

/** A real server with a data directory of its own. */
export interface ServedDeskside {
  readonly dataDir: string;
  readonly link: string;
  readonly pid: number;
  /** Process ids of the engines it runs. */
  enginePids(): number[];
  /** SIGKILL, no chance to save anything. */
  kill(): Promise<void>;
  /** Starts again over the same data directory, on the same port. */
  restart(): Promise<void>;
}

export const test = base.extend<{ deskside: ServedDeskside }>({
  deskside: async ({}, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), "deskside-journey-"));
    let running = await start(dataDir, 0);
    await use({
      dataDir,
      get link() {
        return running.link;
      },
      get pid() {
        return running.child.pid as number;
      },
      enginePids: () => childrenOf(running.child.pid as number),
      kill: () => end(running.child, "SIGKILL"),
      async restart() {
        running = await start(dataDir, Number(new URL(running.link).port));
      },
    });
    await end(running.child, "SIGTERM");
    rmSync(dataDir, { recursive: true, force: true });
  },
});

async function start(dataDir: string, port: number): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(node, [cli, "serve", "--data-dir", dataDir, "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout?.setEncoding("utf8");
  for await (const text of child.stdout as AsyncIterable<string>) {
    printed += text;
    const line = printed.split("\n")[0];
    if (printed.includes("\n") && line) return { child, link: line };
  }
  throw new Error(`the server ended before it printed its address: ${printed}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // The process ended while the list was read.
    return undefined;
  }
}
