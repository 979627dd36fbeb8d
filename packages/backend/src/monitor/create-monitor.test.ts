import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertRule, EngineState, SystemEvent } from "@deskside/contract";
import { localUser, openWorkspace, type Workspace } from "@deskside/storage";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEventHub, type EventHub } from "../system/event-hub.ts";
import { createActivityStatistics } from "./answer-activity.ts";
import { createMonitor } from "./create-monitor.ts";
import type { GpuReading } from "@deskside/hardware";
import type { MonitorReaders } from "./readings.ts";
import { createTestClock, createTestLog, gpuReading } from "./test/make-sample.ts";

let dataDir: string;
let workspace: Workspace;
let clock: ReturnType<typeof createTestClock>;
let events: EventHub;
const key = new Uint8Array(32).fill(9);
const loadedEngine = { phase: "ready", measured: null, predicted: null, plan: null } as EngineState;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "deskside-monitor-"));
  clock = createTestClock();
  events = createEventHub();
  workspace = openWorkspace({ dataDir, dataKey: key, clock, log: createTestLog() });
});
afterEach(() => {
  workspace.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function setUp(options: { gpus?: () => readonly GpuReading[]; loaded?: boolean } = {}) {
  const readers: MonitorReaders = {
    gpus: async () => options.gpus?.() ?? [],
    machine: async () => ({
      ...{ cpuUtilisation: 10, cpuTemperature: null, diskFreeBytes: 500e9 },
      ...{ diskReadPerSecond: null, diskWritePerSecond: null },
    }),
    memory: async () => ({ totalBytes: 8e9, usedBytes: 3e9, desksideBytes: 2e8, engineBytes: 0 }),
  };
  const activity = createActivityStatistics(clock);
  const engineStates = () => (options.loaded ? ([{ phase: "off" }, loadedEngine] as EngineState[]) : []);
  const log = createTestLog();
  const monitor = createMonitor({ workspace, engineStates, events, readers, activity, clock, log });
  const run = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      await monitor.tick();
      // Lets windows read what was told them.
      await new Promise(setImmediate);
    }
  };
  return { monitor, activity, log, run };
}

/** What one window gets, from now on. */
async function listen(): Promise<{ seen: SystemEvent[]; leave: () => void }> {
  const abort = new AbortController();
  const seen: SystemEvent[] = [];
  const stream = events.subscribe({ type: "hello", engines: [] }, abort.signal);
  await stream.next();
  void (async () => {
    for await (const event of stream) seen.push(event);
  })().catch(() => undefined);
  return { seen, leave: () => abort.abort() };
}

test("a reading each second while a model is loaded or a window is open, each ten seconds otherwise", async () => {
  const idle = setUp();
  await idle.run(100);
  expect(idle.monitor.service.series("1h", 5000).at).toHaveLength(10);
  const window = await listen();
  await idle.run(30);
  expect(idle.monitor.service.series("1m", 5000).at.length).toBeGreaterThanOrEqual(30);
  expect(window.seen.filter(({ type }) => type === "monitor")).toHaveLength(30);
  window.leave();
  const loaded = setUp({ loaded: true });
  await loaded.run(20);
  expect(loaded.monitor.service.series("1m", 5000).at.length).toBeGreaterThanOrEqual(20);
});

test("readings are there after a regular end, and after a kill up to ten seconds before it", async () => {
  const first = setUp({ loaded: true });
  await first.run(57);
  const killed = setUp({ loaded: true });
  expect(killed.monitor.service.series("1h", 5000).at.length).toBeGreaterThanOrEqual(47);
  first.monitor[Symbol.dispose]();
  first.monitor[Symbol.dispose]();
  expect(setUp().monitor.service.series("1h", 5000).at).toHaveLength(57);
});

test("a hot GPU: the alert begins after its time, is told once, and ends when it cools", async () => {
  let temperature = 90;
  const { monitor, run } = setUp({ gpus: () => [gpuReading({ temperature })] });
  const { seen, leave } = await listen();
  await run(29);
  expect(seen.some(({ type }) => type === "alerts")).toBe(false);
  await run(5);
  const active = () => monitor.service.alerts().filter(({ activeSince }) => activeSince !== null);
  expect(active()).toMatchObject([{ rule: { id: "gpu-temperature" }, value: 90 }]);
  expect(seen.filter(({ type }) => type === "alerts")).toHaveLength(1);
  temperature = 60;
  await run(2);
  expect(active()).toEqual([]);
  expect(seen.filter(({ type }) => type === "alerts")).toHaveLength(2);
  leave();
});

test("the third crash within the hour is told", async () => {
  const { monitor, activity, run } = setUp({ loaded: true });
  const active = () => monitor.service.alerts().some(({ rule, activeSince }) => rule.id === "crashes" && activeSince);
  activity.crashed();
  activity.crashed();
  await run(2);
  expect(active()).toBe(false);
  activity.crashed();
  await run(1);
  expect(active()).toBe(true);
  await run(3600);
  expect(active()).toBe(false);
});

test("rules are kept over a restart; a removed default stays away", async () => {
  const first = setUp();
  const mine: AlertRule = {
    ...{ id: "mine", metric: "memory-percent", direction: "above", threshold: 10, durationMs: 0, enabled: true },
  };
  first.monitor.service.setAlert(mine);
  first.monitor.service.removeAlert("first-token");
  await first.run(1);
  expect(first.monitor.service.alerts().find(({ rule }) => rule.id === "mine")?.activeSince).toBe(clock.now());
  const second = setUp();
  const ids = second.monitor.service.alerts().map(({ rule }) => rule.id);
  expect(ids).toContain("mine");
  expect(ids).not.toContain("first-token");
});

test("the slice of an answer: its time, the readings of it, and its energy", async () => {
  const { monitor, run } = setUp({ loaded: true, gpus: () => [gpuReading({ power: 200 })] });
  await run(10);
  const chat = workspace.chats.create(localUser, { modelId: null });
  const asked = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: "hello" });
  const answer = workspace.messages.insertAssistant(localUser, {
    ...{ chatId: chat.id, parentId: asked.id, model: { id: "m", name: "m", quantization: null }, params: {} },
  });
  const begun = clock.now();
  await run(5);
  expect(monitor.service.slice(localUser, answer.id)).toMatchObject({ fromMs: begun, toMs: clock.now() });
  const stats = {
    ...{ promptTokens: 1, cachedTokens: 0, outputTokens: 9, reasoningTokens: 0 },
    ...{ tokensPerSecond: 2, firstTokenMs: 100, reasoningMs: null, totalMs: 5000 },
  };
  workspace.messages.finish(localUser, { messageId: answer.id, status: "complete", finish: "end", error: null, stats });
  await run(20);
  const slice = monitor.service.slice(localUser, answer.id);
  expect(slice).toMatchObject({ messageId: answer.id, fromMs: begun, toMs: begun + 5000 });
  expect(slice.energyJoules).toBeCloseTo(1000, 6);
  expect(slice.series.at).toHaveLength(8);
  expect(() => monitor.service.slice(localUser, "msg_unknown")).toThrow(
    expect.objectContaining({ code: "MESSAGE_NOT_FOUND" }),
  );
  expect(() => monitor.service.slice({ ownerId: "stranger" }, answer.id)).toThrow(
    expect.objectContaining({ code: "MESSAGE_NOT_FOUND" }),
  );
});

test("without a GPU an answer has no energy, not zero", async () => {
  const { monitor, run } = setUp({ loaded: true });
  const chat = workspace.chats.create(localUser, { modelId: null });
  const asked = workspace.messages.insertUser(localUser, { chatId: chat.id, parentId: null, text: "hello" });
  await run(5);
  expect(monitor.service.slice(localUser, asked.id).energyJoules).toBeNull();
});

test("now: the newest sample while it is fresh, a new one afterwards", async () => {
  const { monitor, run } = setUp();
  const first = await monitor.service.now();
  expect(first.at).toBe(clock.now());
  clock.advance(1500);
  expect(await monitor.service.now()).toBe(first);
  clock.advance(3000);
  expect((await monitor.service.now()).at).toBe(clock.now());
  await run(1);
  expect(monitor.service.series("1m", 100).at).toHaveLength(2);
});

test("a store that takes nothing: the monitor shows this start, and rules say why they cannot be kept", async () => {
  const refuse = () => {
    throw Object.assign(new Error("read only"), { code: "STORE_READ_ONLY" });
  };
  const real = workspace;
  workspace = {
    ...real,
    close: () => real.close(),
    monitor: { ...real.monitor, write: refuse, prune: refuse },
    alertRules: { ...real.alertRules, set: refuse, remove: refuse },
  };
  const { monitor, run, log } = setUp({ loaded: true });
  await run(65);
  expect(monitor.service.series("15m", 5000).at).toHaveLength(65);
  expect(log.lines).toEqual(["monitor readings could not be stored"]);
  expect(() => monitor.service.removeAlert("vram")).toThrow("read only");
  expect(monitor.service.alerts().map(({ rule }) => rule.id)).toContain("vram");
  monitor[Symbol.dispose]();
});

test("seven days stay small, and a week is read as 10,080 minutes", { timeout: 120_000 }, async () => {
  const gpus = [0, 1].map((index) => gpuReading({ id: `0000:0${index}:00.0`, name: `GPU ${index}` }));
  const { monitor, run } = setUp({ gpus: () => gpus });
  // Nobody looks: ten seconds apart, as it is on most days.
  for (let index = 0; index < (7 * 24 * 3600) / 10; index++) {
    clock.advance(10_000);
    await monitor.tick();
  }
  const window = await listen();
  await run(3700);
  window.leave();
  monitor[Symbol.dispose]();
  const week = monitor.service.series("7d", 100_000);
  expect(week.at.length).toBeGreaterThan(10_070);
  expect(monitor.service.series("24h", 100_000).at.length).toBeGreaterThan(8630);
  expect(monitor.service.series("1h", 100_000).at.length).toBeGreaterThan(3590);
  workspace.close();
  const megabytes = statSync(join(dataDir, "workspace.db")).size / 1e6;
  process.stdout.write(`a week of readings of two GPUs: ${megabytes.toFixed(1)} MB\n`);
  expect(megabytes).toBeLessThan(20);
});
