import { sampleEngines, sampleTelemetry } from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createConnectionStore } from "./connection-store.ts";
import { createEngineStore, selectEngineOf, selectLeadEngine } from "./engine-store.ts";
import { createTelemetryStore, telemetrySeconds } from "./telemetry-store.ts";

describe("connection-store", () => {
  it("says 'lost' only after several tries, and starts afresh with the next connection", () => {
    const store = createConnectionStore();
    const { actions } = store.getState();
    actions.opened();
    actions.closed();
    expect(store.getState().phase).toBe("reconnecting");
    actions.failed();
    actions.failed();
    expect(store.getState().phase).toBe("reconnecting");
    actions.failed();
    expect(store.getState().phase).toBe("lost");
    actions.opened();
    expect(store.getState()).toMatchObject({ phase: "connected", failures: 0, epoch: 2 });
  });

  it("is still connecting when the first tries fail", () => {
    const store = createConnectionStore();
    store.getState().actions.failed();
    expect(store.getState().phase).toBe("connecting");
  });
});

describe("engine-store", () => {
  const [sample] = sampleEngines;
  if (!sample) throw new Error("no sample");
  const engine = (engineId: string, phase: typeof sample.phase) => ({
    ...sample,
    engineId,
    phase,
    model: { id: engineId, name: engineId, quantization: null, small: true },
  });

  it("leads with the engine that works, then with the one that needs somebody", () => {
    const store = createEngineStore();
    const { actions } = store.getState();
    actions.replace([engine("a", "ready"), engine("b", "answering"), engine("c", "gave-up")]);
    expect(selectLeadEngine(store.getState())?.engineId).toBe("b");
    actions.replace([engine("a", "ready"), engine("c", "gave-up")]);
    expect(selectLeadEngine(store.getState())?.engineId).toBe("c");
    actions.replace([engine("a", "off"), engine("b", "ready")]);
    expect(selectLeadEngine(store.getState())?.engineId).toBe("b");
  });

  it("knows nothing after the connection is gone", () => {
    const store = createEngineStore();
    store.getState().actions.replace([engine("a", "ready")]);
    store.getState().actions.forget();
    expect(selectLeadEngine(store.getState())).toBeNull();
    expect(selectEngineOf("a")(store.getState())).toBeNull();
  });
});

describe("telemetry-store", () => {
  it("keeps the last minute and no more", () => {
    const store = createTelemetryStore();
    for (let second = 1; second <= telemetrySeconds + 5; second++) {
      store.getState().actions.push(sampleTelemetry({ tokensPerSecond: second }));
    }
    const { history, latest } = store.getState();
    expect(history).toHaveLength(telemetrySeconds);
    expect(history[0]?.tokensPerSecond).toBe(6);
    expect(latest?.tokensPerSecond).toBe(telemetrySeconds + 5);
  });
});
