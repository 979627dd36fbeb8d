// The monitor of the product without the rest of it, watched by one window, for `seconds`. Prints one JSON line.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../../packages/base/src/index.ts";
import { startMonitor } from "../../../packages/backend/src/monitor/start-monitor.ts";
import { createEventHub } from "../../../packages/backend/src/system/event-hub.ts";
import { createSilentLogger } from "../../../packages/backend/src/log/logger.ts";
import { openWorkspace } from "../../../packages/storage/src/index.ts";
import { cpuSecondsOf } from "../process-cpu.ts";

/** Starting, and what it leaves behind for the garbage collector, is no part of it. */
const settleMs = 5000;

const seconds = Number(process.argv[2]);
const dataDir = mkdtempSync(join(tmpdir(), "deskside-bench-"));
const log = createSilentLogger();
const workspace = openWorkspace({ dataDir, dataKey: new Uint8Array(32), log });
const events = createEventHub();
const monitor = startMonitor({
  ...{ dataDir, workspace, events, log, clock: systemClock },
  engineStates: () => [],
  enginePids: () => [],
});
const leave = new AbortController();
let samples = 0;
let gpus = 0;
const watching = (async () => {
  for await (const event of events.subscribe({ type: "hello", engines: [] }, leave.signal)) {
    if (event.type !== "monitor") continue;
    samples++;
    gpus = event.sample.gpus.length;
  }
})().catch((error: unknown) => {
  if (!leave.signal.aborted) throw error;
});
await sleep(settleMs);
samples = 0;
const before = cpuSecondsOf(process.pid);
const started = performance.now();
await sleep(seconds * 1000);
const percent = ((cpuSecondsOf(process.pid) - before) / (performance.now() - started)) * 1e5;
leave.abort();
await watching;
await monitor[Symbol.asyncDispose]();
workspace.close();
rmSync(dataDir, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ percent, samples, gpus })}\n`);
