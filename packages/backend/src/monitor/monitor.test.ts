import { createDeferred, sleep } from "@deskside/base";
import type { AlertState, Contract, GenerationEvent, MonitorSample } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBackend, type TestBackend } from "../test/start-backend.ts";

type Client = ContractClient<Contract>;

let desk: TestBackend;
let client: Client;
beforeAll(async () => {
  desk = await startBackend();
  client = desk.connect();
});
afterAll(() => desk[Symbol.asyncDispose]());

async function answer(text: string, maxTokens: number): Promise<Extract<GenerationEvent, { type: "done" }>["message"]> {
  const { generationId } = await client.generation.start({
    ...{ kind: "send", chatId: null, text, modelId: "starter" },
    sampling: { maxTokens },
  });
  for await (const event of await client.generation.watch({ generationId }))
    if (event.type === "done") return event.message;
  throw new Error("the answer did not end well");
}

/** Until the signal aborts, everything about the monitor. */
async function listen(
  signal: AbortSignal,
  on: { sample?(one: MonitorSample): void; alerts?(all: AlertState[]): void },
) {
  for await (const event of await client.system.events(undefined, { signal })) {
    if (event.type === "monitor") on.sample?.(event.sample);
    if (event.type === "alerts") on.alerts?.(event.alerts);
  }
}

test("a real answer: its tokens, its slot and its engine show in the samples, and its slice covers it", async () => {
  const leave = new AbortController();
  const samples: MonitorSample[] = [];
  const listening = listen(leave.signal, { sample: (one) => samples.push(one) }).catch(() => undefined);
  const message = await answer("Write a long story about a lighthouse keeper and the sea.", 400);
  while (samples.filter(({ engine }) => engine.firstTokenP50 !== null).length < 2) await sleep(100);
  leave.abort();
  await listening;
  const total = samples.reduce((sum, { engine }) => sum + engine.tokens, 0);
  expect(total).toBe(message.stats?.outputTokens);
  expect(Math.max(...samples.map(({ engine }) => engine.slots))).toBeGreaterThanOrEqual(1);
  expect(samples.at(-1)?.engine).toMatchObject({ running: 0, waiting: 0, tokensPerSecond: 0, crashes: 0 });
  expect(samples.at(-1)?.engine.firstTokenP99).toBe(message.stats?.firstTokenMs);
  if (process.platform === "linux") expect(samples.at(-1)?.engine.residentBytes).toBeGreaterThan(10e6);
  expect(samples.every(({ memory }) => memory.usedBytes > 0 && memory.usedBytes <= memory.totalBytes)).toBe(true);
  const slice = await client.monitor.slice({ messageId: message.id });
  expect(slice.toMs - slice.fromMs).toBeGreaterThanOrEqual((message.stats?.totalMs ?? 0) - 50);
  expect(slice.series.at.every((at) => at >= slice.fromMs - 1000 && at <= slice.toMs + 1000)).toBe(true);
  if (slice.series.gpus.length === 0) expect(slice.energyJoules).toBeNull();
});

test("an engine that is killed while it works counts as a crash", async () => {
  const before = await client.monitor.now();
  expect(before.engine.crashes).toBe(0);
  const counted = createDeferred<number>();
  const leave = new AbortController();
  const listening = listen(leave.signal, {
    sample: ({ engine }) => engine.crashes > 0 && counted.resolve(engine.crashes),
  }).catch(() => undefined);
  await answer("hello", 5);
  for (const child of desk.spawner.children) child.kill("SIGKILL");
  expect(await counted.promise).toBe(1);
  leave.abort();
  await listening;
});

test("series and exports through the contract", async () => {
  const series = await client.monitor.series({ range: "15m", points: 2000 });
  expect(series.at.length).toBeGreaterThan(1);
  expect(series.values["memory.used"]).toHaveLength(series.at.length);
  const csv = await client.monitor.export({ range: "1h", format: "csv" });
  expect(csv.text.split("\r\n")[0]).toContain("memory.used [bytes]");
  expect(csv.text.split("\r\n").length).toBeGreaterThanOrEqual(series.at.length + 2);
  expect(JSON.parse((await client.monitor.export({ range: "1h", format: "json" })).text)).toMatchObject({
    range: "1h",
  });
  await expect(client.monitor.series({ range: "15m", points: 5 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(client.monitor.slice({ messageId: "msg_none" })).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
});

test("a rule that is already met is told to every window", async () => {
  const told = createDeferred<AlertState[]>();
  const leave = new AbortController();
  const listening = listen(leave.signal, {
    alerts: (all) => all.some(({ rule, activeSince }) => rule.id === "tiny" && activeSince) && told.resolve(all),
  }).catch(() => undefined);
  const rule = { id: "tiny", metric: "memory-percent", direction: "above", threshold: 0.1, durationMs: 0 } as const;
  const states = await client.monitor.setAlert({ ...rule, enabled: true });
  expect(states.map((state) => state.rule.id)).toContain("tiny");
  expect((await told.promise).find((state) => state.rule.id === "tiny")?.value).toBeGreaterThan(0.1);
  leave.abort();
  await listening;
  const left = await client.monitor.removeAlert({ id: "tiny" });
  expect(left.map((state) => state.rule.id)).not.toContain("tiny");
  const infinite = { ...rule, enabled: true, threshold: Number.NaN };
  await expect(client.monitor.setAlert(infinite)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});
