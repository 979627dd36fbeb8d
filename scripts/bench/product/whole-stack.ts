import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@deskside/contract";
import { type ContractClient, createClient, portFromWebSocket, type WebSocketShape } from "@deskside/rpc";
import { connectLoopback } from "@deskside/rpc/node";
import { decodeTokens, longPrompt, median, repeats, type Speed, shortPrompt } from "./speed.ts";

export interface Served extends AsyncDisposable {
  readonly address: string;
  readonly token: string;
  readonly pid: number;
  readonly client: ContractClient<Contract>;
}

/** The built server over an empty data directory, and a client of its contract, as a window has one. */
export async function serve(root: string): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-bench-"));
  const child = spawn(process.execPath, [join(root, "apps/server/out/cli.js"), "serve", "--data-dir", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout as AsyncIterable<string>) {
    printed += text;
    if (printed.includes("\n")) break;
  }
  const link = new URL(printed.trim());
  const token = link.searchParams.get("token") ?? "";
  const socket = connectLoopback(`ws://${link.host}/ws`, token);
  await new Promise((resolve) => socket.once("open", resolve));
  const port = portFromWebSocket(socket as unknown as WebSocketShape);
  return {
    address: link.origin,
    token,
    pid: child.pid as number,
    client: createClient<Contract>(port, { peer: "server" }),
    async [Symbol.asyncDispose]() {
      port.close();
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Window → contract → backend → engine and back, with everything stored on the way. */
export async function measureWholeStack(root: string, path: string): Promise<Speed> {
  await using served = await serve(root);
  const ask = async (text: string, maxTokens: number) => {
    const { client } = served;
    const started = performance.now();
    const { generationId } = await client.generation.start({
      ...{ kind: "send", chatId: null, text, modelId: path },
      sampling: { maxTokens, temperature: 0, repeatPenalty: 1 },
    });
    let firstTokenMs = 0;
    for await (const event of await client.generation.watch({ generationId })) {
      const tokens = "stats" in event ? event.stats.outputTokens : (event.message.stats?.outputTokens ?? 0);
      if (firstTokenMs === 0 && tokens > 0) firstTokenMs = performance.now() - started;
      if ("message" in event && event.type !== "snapshot") return { firstTokenMs, stats: event.message.stats };
    }
    throw new Error("the answer did not end");
  };
  const runs = [];
  for (let run = 0; run < repeats; run++) {
    const decoded = await ask(shortPrompt, decodeTokens);
    const read = await ask(longPrompt, 1);
    const evaluated = (read.stats?.promptTokens ?? 0) - (read.stats?.cachedTokens ?? 0);
    runs.push({
      perSecond: decoded.stats?.tokensPerSecond ?? Number.NaN,
      firstTokenMs: decoded.firstTokenMs,
      read: (evaluated / (read.stats?.firstTokenMs ?? Number.NaN)) * 1000,
    });
  }
  // The first one loads the model.
  const warm = runs.slice(1);
  return {
    decodePerSecond: median(warm.map((run) => run.perSecond)),
    promptPerSecond: median(warm.map((run) => run.read)),
    firstTokenMs: median(warm.map((run) => run.firstTokenMs)),
  };
}
