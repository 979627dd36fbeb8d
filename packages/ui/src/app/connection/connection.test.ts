import { createDeferred, DesksideError } from "@deskside/base";
import { createFakeClient, sampleEngines, sampleTelemetry } from "@deskside/testing/fake-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../client.ts";
import { createQueryClient } from "../providers.tsx";
import { queryKeys } from "../query-keys.ts";
import { createConnectionStore } from "../state/connection-store.ts";
import { createEngineStore } from "../state/engine-store.ts";
import { createTelemetryStore } from "../state/telemetry-store.ts";
import { backoffMs } from "./backoff.ts";
import { keepConnected } from "./keep-connected.ts";
import { createSwitchboard } from "./switchboard.ts";
import { watchSystemEvents } from "./watch-system-events.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const peerGone = new DesksideError({ code: "PEER_GONE", kind: "unavailable", data: { peer: "backend" } });

describe("backoffMs", () => {
  it("starts at 0.3 s, doubles, and never exceeds 5 s", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backoffMs)).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
  });
});

describe("switchboard", () => {
  it("lets calls made before the first connection wait for it", async () => {
    const board = createSwitchboard();
    const early = board.client.system.ping();
    board.plug(createFakeClient().client);
    await expect(early).resolves.toMatchObject({ pid: 4242 });
  });

  it("fails at once with PEER_GONE while the connection is lost, and works through the next one", async () => {
    const board = createSwitchboard();
    board.plug(createFakeClient().client);
    board.unplug();
    await expect(board.client.chat.list()).rejects.toMatchObject({ code: "PEER_GONE" });
    board.plug(createFakeClient({ chats: [{ title: "Pumps", turns: [] }] }).client);
    await expect(board.client.chat.list()).resolves.toHaveLength(1);
  });

  it("is the same object for ever and no promise, so that hooks may depend on it", async () => {
    const board = createSwitchboard();
    expect(board.client.chat).toBe(board.client.chat);
    expect(await Promise.resolve(board.client)).toBe(board.client);
  });
});

describe("keepConnected", () => {
  it("connects again with growing pauses, and starts afresh after a connection that stood", async () => {
    const closes = [createDeferred<void>(), createDeferred<void>()];
    const outcomes: (Connection | Error)[] = [
      { client: createFakeClient().client, closed: closes[0]?.promise ?? Promise.resolve() },
      new Error("refused"),
      new Error("refused"),
      { client: createFakeClient().client, closed: closes[1]?.promise ?? Promise.resolve() },
    ];
    const connect = vi.fn(async () => {
      const outcome = outcomes.shift();
      if (!outcome || outcome instanceof Error) throw outcome ?? new Error("no more");
      return outcome;
    });
    const connection = createConnectionStore();
    const report = vi.fn();
    const controller = new AbortController();
    const done = keepConnected(
      { connect, switchboard: createSwitchboard(), connection, report },
      { signal: controller.signal },
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.getState()).toMatchObject({ phase: "connected", epoch: 1 });

    closes[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.getState().phase).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(300 + 600);
    expect(report).toHaveBeenCalledTimes(2);
    expect(connection.getState().phase).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(1200);
    expect(connection.getState()).toMatchObject({ phase: "connected", epoch: 2, failures: 0 });

    controller.abort();
    closes[1]?.resolve();
    await vi.runAllTimersAsync();
    await done;
    expect(connect).toHaveBeenCalledTimes(4);
  });
});

describe("watchSystemEvents", () => {
  function watch() {
    const fake = createFakeClient();
    const targets = {
      client: fake.client,
      queries: createQueryClient(),
      engines: createEngineStore(),
      telemetry: createTelemetryStore(),
    };
    const invalidate = vi.spyOn(targets.queries, "invalidateQueries");
    const controller = new AbortController();
    const done = watchSystemEvents(targets, { signal: controller.signal });
    return { ...fake, targets, invalidate, controller, done };
  }

  it("feeds the stores and refetches what an event names", async () => {
    const { controls, targets, invalidate, controller, done } = watch();
    await vi.advanceTimersByTimeAsync(0);
    expect(targets.engines.getState().engines).toEqual(sampleEngines);
    controls.setTelemetry(sampleTelemetry({ tokensPerSecond: 12 }));
    controls.emit({ type: "chats" });
    controls.emit({ type: "chat", chatId: "chat_1" });
    controls.emit({ type: "settings" });
    controls.emit({ type: "models" });
    controls.emit({ type: "downloads" });
    controls.emit({ type: "info" });
    await vi.advanceTimersByTimeAsync(0);
    expect(targets.telemetry.getState().latest?.tokensPerSecond).toBe(12);
    expect(invalidate.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([
      queryKeys.chats,
      queryKeys.chat("chat_1"),
      queryKeys.hubs,
      queryKeys.settings,
      queryKeys.storage,
      queryKeys.catalogue,
      queryKeys.models,
      queryKeys.downloads,
      queryKeys.info,
    ]);
    controller.abort();
    await done;
    expect(controls.world.feed.readers).toBe(0);
  });

  it("forgets the readings when the stream breaks, subscribes again and refetches everything", async () => {
    const { controls, targets, invalidate, controller, done } = watch();
    controls.setTelemetry(sampleTelemetry());
    await vi.advanceTimersByTimeAsync(0);
    expect(targets.telemetry.getState().latest).not.toBeNull();

    controls.breakEvents(peerGone);
    await vi.advanceTimersByTimeAsync(0);
    expect(targets.telemetry.getState().latest).toBeNull();
    expect(targets.engines.getState().engines).toBeNull();

    await vi.advanceTimersByTimeAsync(300);
    expect(controls.world.feed.readers).toBe(1);
    expect(invalidate).toHaveBeenCalledWith();
    expect(targets.engines.getState().engines).toEqual(sampleEngines);
    controller.abort();
    await done;
  });

  it("goes on trying while the backend refuses", async () => {
    const { controls, controller, done, targets } = watch();
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 3; i++) controls.failNext("system.events", peerGone);
    controls.breakEvents(peerGone);
    await vi.advanceTimersByTimeAsync(300 + 600 + 1200 + 2400);
    expect(targets.engines.getState().engines).toEqual(sampleEngines);
    controller.abort();
    await done;
  });
});
