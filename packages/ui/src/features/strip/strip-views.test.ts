import type { ConnectionReading, EgressEntry, EngineState } from "@deskside/contract";
import {
  sampleEngines,
  sampleGpuReading,
  sampleGpus,
  sampleMonitor,
  sampleTelemetry,
} from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createFormats } from "../../format/formats.ts";
import { createI18n } from "../../i18n/create-i18n.ts";
import { viewEngine } from "./engine-view.ts";
import { addShares, hottest, shareRam, shareVram } from "./memory.ts";
import { viewShield } from "./shield-view.ts";

const socket = {
  pid: 1,
  process: "downloader",
  protocol: "tcp",
  remoteAddress: "203.0.113.24",
  remotePort: 443,
  host: "hf-mirror.com",
} as const;
const known = (connections: (typeof socket)[]): ConnectionReading => ({
  known: true,
  at: 1,
  connections,
  processes: 3,
});
const blocked: EgressEntry = {
  id: "e",
  at: 1000,
  host: "example.org",
  port: 443,
  proxy: null,
  purpose: "search",
  caller: "web",
  result: "blocked",
  reason: "policy",
  sentBytes: 0,
  receivedBytes: 0,
};
const base = { connection: "connected", egress: [], seenAt: 0 } as const;

describe("viewShield", () => {
  it("is offline only when the system shows that no socket is open", () => {
    expect(viewShield({ ...base, reading: known([]) }).state).toBe("offline");
    expect(viewShield({ ...base, reading: known([socket]) }).state).toBe("online");
    expect(viewShield({ ...base, reading: null })).toEqual({ state: "unknown", reason: "no-reading" });
    expect(viewShield({ ...base, reading: { known: false, at: 1, reason: "no-permission" } })).toEqual({
      state: "unknown",
      reason: "no-permission",
    });
  });

  it("claims nothing without a connection to the backend, whatever was read before", () => {
    for (const connection of ["connecting", "reconnecting", "lost"] as const) {
      expect(viewShield({ ...base, connection, reading: known([]) })).toEqual({
        state: "unknown",
        reason: "not-connected",
      });
    }
  });

  it("names the host when there is one, and its address when it has no name", () => {
    expect(viewShield({ ...base, reading: known([socket, socket]) })).toMatchObject({
      count: 2,
      host: "hf-mirror.com",
    });
    const nameless = { ...socket, host: null } as unknown as typeof socket;
    expect(viewShield({ ...base, reading: known([nameless]) })).toMatchObject({ host: "203.0.113.24" });
    expect(viewShield({ ...base, reading: known([socket, nameless]) })).toMatchObject({ count: 2, host: null });
  });

  it("is red for blocked attempts until they were looked at", () => {
    expect(viewShield({ ...base, reading: known([]), egress: [blocked] })).toMatchObject({
      state: "blocked",
      blocked: 1,
    });
    expect(viewShield({ ...base, reading: known([]), egress: [blocked], seenAt: 1000 }).state).toBe("offline");
  });
});

describe("viewEngine", () => {
  const text = { t: createI18n("en").t, language: "en", format: createFormats("en") } as const;
  const [sample] = sampleEngines as [EngineState];
  const view = (patch: Partial<EngineState>) => viewEngine({ ...sample, ...patch }, "connected", text);

  it("shows the lamp of each phase", () => {
    expect(view({}).lamp).toBe("ready");
    expect(view({ phase: "answering" }).lamp).toBe("busy");
    expect(view({ phase: "restarting" }).lamp).toBe("loading");
    expect(view({ phase: "gave-up" }).lamp).toBe("stopped");
    expect(view({ phase: "off" })).toMatchObject({ lamp: "off", title: "No model" });
    expect(viewEngine(null, "connected", text).title).toBe("No model");
  });

  it("shows how far a load is, and does not read each percent aloud", () => {
    const early = view({ phase: "loading", progress: 0.1 });
    const late = view({ phase: "loading", progress: 0.62 });
    expect(late).toMatchObject({ title: "Loading SmolLM2 135M Instruct", detail: "62%" });
    expect(late.announcement).toBe(early.announcement);
  });

  it("offers Restart when the engine has given up", () => {
    expect(view({ phase: "gave-up" }).restart).toEqual({ modelId: "smollm2-135m-instruct" });
    expect(view({ phase: "restarting" }).restart).toBeNull();
  });

  it("does not show an engine as ready while the window is not connected", () => {
    expect(viewEngine(sample, "reconnecting", text)).toMatchObject({ lamp: "off", title: "Not connected" });
  });
});

describe("memory of the strip", () => {
  const idle = sampleMonitor();
  const telemetry = sampleTelemetry({ memoryTotalBytes: 100, memoryUsedBytes: 30, engineBytes: 50 });
  const engine = { ...idle.engine, weightsBytes: 60, kvBytes: 8, bufferBytes: 4 };
  const memory = { totalBytes: 100, usedBytes: 30, desksideBytes: 5 };
  const [gpu] = sampleGpus(1).map(sampleGpuReading);
  if (!gpu) throw new Error("no sample");

  it("adds up to all the memory, even when the engine's mapped files are not counted as used", () => {
    const shares = shareRam(telemetry, { ...idle, memory, engine });
    expect(shares).toMatchObject({ total: 100, used: 30, free: 70, kv: 8, buffer: 4, weights: 18, other: 0 });
  });

  it("knows the engine as a whole where its parts are not reported", () => {
    expect(shareRam(telemetry, null)).toMatchObject({ weights: 30, kv: 0, other: 0 });
    const unknownParts = { ...engine, weightsBytes: null };
    expect(shareRam(telemetry, { ...idle, memory, engine: unknownParts })).toMatchObject({ weights: 30, kv: 0 });
    expect(shareRam(null, null)).toBeNull();
  });

  it("does not count in RAM what lies on the cards", () => {
    const card = { ...gpu, weightsBytes: 55, kvBytes: 8, bufferBytes: 9 };
    const shares = shareRam(null, { ...idle, memory, engine, gpus: [card] });
    expect(shares).toMatchObject({ weights: 5, kv: 0, buffer: 0, other: 25 });
  });

  it("leaves out a card that does not report its memory, and adds up the others", () => {
    const silent = { ...gpu, id: "b", vramUsedBytes: null };
    const cards = shareVram({ ...idle, gpus: [{ ...gpu, vramTotalBytes: 100, vramUsedBytes: 130 }, silent] });
    expect(cards).toHaveLength(1);
    expect(addShares(cards)).toMatchObject({ total: 100, used: 100, free: 0 });
    expect(addShares([])).toBeNull();
  });

  it("shows the hottest card, else the processor, else nothing", () => {
    const gpus = [gpu, { ...gpu, id: "b", temperature: 79 }];
    expect(hottest({ ...idle, gpus })).toEqual({ degrees: 79, of: "gpu" });
    expect(hottest({ ...idle, gpus: [{ ...gpu, temperature: null }] })).toEqual({ degrees: 61, of: "cpu" });
    expect(hottest({ ...idle, cpu: { utilisation: 3, temperature: null } })).toBeNull();
  });
});
