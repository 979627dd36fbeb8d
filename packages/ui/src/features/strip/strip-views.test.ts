import type { ConnectionReading, EgressEntry, EngineState } from "@deskside/contract";
import { sampleEngines, sampleTelemetry } from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createFormats } from "../../format/formats.ts";
import { createI18n } from "../../i18n/create-i18n.ts";
import { viewEngine } from "./engine-view.ts";
import { shareMemory } from "./memory.ts";
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

describe("shareMemory", () => {
  it("adds up to all the memory, even when the engine's mapped files are not counted as used", () => {
    const shares = shareMemory(sampleTelemetry({ memoryTotalBytes: 100, memoryUsedBytes: 30, engineBytes: 50 }));
    expect(shares).toEqual({ total: 100, used: 30, engine: 30, other: 0, free: 70 });
  });
});
