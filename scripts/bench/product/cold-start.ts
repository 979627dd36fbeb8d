import { readFileSync } from "node:fs";
import { serve } from "./whole-stack.ts";

export interface ColdStart {
  readonly firstByteMs: number;
  readonly firstTokenMs: number;
  readonly idleBytes: number;
}

/** From starting the process, with an empty data directory. */
export async function measureColdStart(root: string): Promise<ColdStart> {
  const started = performance.now();
  await using served = await serve(root);
  await fetch(`${served.address}/`, { headers: { authorization: `Bearer ${served.token}` } });
  const firstByteMs = performance.now() - started;
  const idle = readFileSync(`/proc/${served.pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB/m)?.[1];
  const asked = performance.now();
  const { generationId } = await served.client.generation.start({
    ...{ kind: "send", chatId: null, text: "What is the capital of France?" },
  });
  let firstTokenMs = Number.NaN;
  for await (const event of await served.client.generation.watch({ generationId })) {
    if (Number.isNaN(firstTokenMs) && "stats" in event && event.stats.outputTokens > 0) {
      firstTokenMs = firstByteMs + performance.now() - asked;
    }
  }
  return { firstByteMs, firstTokenMs, idleBytes: Number(idle ?? Number.NaN) * 1024 };
}
