import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSilentLogger } from "../../log/logger.ts";
import { startBackend } from "../../test/start-backend.ts";
import { startKeepWarm } from "./keep-warm.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the setting is asked at every look; null unloads nothing, a failure ends nothing", async () => {
  const asked: (number | null)[] = [];
  let minutes: number | null = null;
  const engines = {
    async unloadIdle(idleMs: (modelId: string) => number | null) {
      asked.push(idleMs("a"));
      throw new Error("busy disk");
    },
  };
  {
    using _warm = startKeepWarm(engines, () => minutes, { log: createSilentLogger(), everyMs: 1_000 });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual([null, null, null]);
    minutes = 5;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.slice(3)).toEqual([300_000, 300_000]);
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(5);
});

test("only a model that is loaded and idle for long enough is unloaded", { timeout: 60_000 }, async () => {
  vi.useRealTimers();
  await using backend = await startBackend();
  const { engines } = backend.backend.services;
  await engines.load("starter");
  await engines.unloadIdle(() => 600_000);
  await engines.unloadIdle(() => null);
  await engines.unloadIdle((modelId) => (modelId === "starter" ? null : -1));
  expect(engines.existing("starter")).toBeDefined();
  const slot = await engines.slot("starter");
  {
    using _answer = slot.occupy();
    await engines.unloadIdle(() => -1);
    expect(engines.existing("starter")).toBeDefined();
  }
  await engines.unloadIdle(() => -1);
  expect(engines.existing("starter")).toBeUndefined();
  expect(engines.pids).toEqual([]);
});
