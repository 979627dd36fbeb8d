import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Contract } from "@deskside/contract";
import { type ContractClient, createClient, portFromWebSocket, type WebSocketShape } from "@deskside/rpc";
import { connectLoopback } from "@deskside/rpc/node";

/** The command from its sources. */
export const cliEntry = fileURLToPath(new URL("../cli.ts", import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command from its sources, as a process of its own. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [cliEntry, ...args], {
    env: { ...process.env, LANG: "en_GB.UTF-8", LC_ALL: "", ...env },
  });
  const result: CliResult = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    result.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    result.stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { ...result, code };
}

/** With a text on stdin; both outputs together. */
export async function runWithInput(args: readonly string[], input: string) {
  const child = spawn(process.execPath, [cliEntry, ...args], { env: { ...process.env, LANG: "en_GB.UTF-8" } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text };
}

export interface ServedCli {
  readonly child: ChildProcess;
  readonly link: URL;
  /** One more window. */
  connect(): Promise<ContractClient<Contract>>;
  end(signal: NodeJS.Signals): Promise<void>;
}

export async function serveCli(dataDir: string): Promise<ServedCli> {
  const child = spawn(process.execPath, [cliEntry, "serve", "--data-dir", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout as AsyncIterable<string>) {
    printed += text;
    if (printed.includes("\n")) break;
  }
  const link = new URL(printed.trim());
  return {
    child,
    link,
    async connect() {
      const socket = connectLoopback(`ws://${link.host}/ws`, link.searchParams.get("token") ?? "");
      await once(socket, "open");
      return createClient<Contract>(portFromWebSocket(socket as unknown as WebSocketShape), { peer: "server" });
    },
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    },
  };
}
