import { createFakeClient, sampleTelemetry } from "@deskside/testing/fake-client";
import { librarySample } from "./sample-library.ts";
import { monitorHistory, sceneOf } from "./sample-monitor.ts";
import { mountDeskside } from "../src/index.ts";
import { sampleChats } from "./sample-chats.ts";

const options = new URLSearchParams(location.search);
const hour = 3_600_000;

const scene = sceneOf({ gpus: Number(options.get("gpus") ?? 0), fallback: options.has("fallback") });
const history = options.has("noMonitor") ? [] : monitorHistory(scene, Number(options.get("samples") ?? 1000));

const library = librarySample(Number(options.get("entries") ?? 61));
const { client, controls } = createFakeClient({
  machine: scene.machine,
  engines: scene.engines,
  recommendations: scene.recommendations,
  fits: new Map([...scene.fits, ...library.fits]),
  catalogue: library.catalogue,
  storage: library.storage,
  downloads: options.has("empty") ? [] : library.downloads,
  alerts: scene.alerts,
  samples: history,
  pieceMs: Number(options.get("pieceMs") ?? 25),
  chats: options.has("empty") ? [] : sampleChats(),
  lockedSettings: options.has("locked") ? ["general.defaultModel"] : [],
  egress: options.has("egress")
    ? [
        {
          id: "e2",
          at: Date.now() - hour,
          host: "203.0.113.24",
          port: 443,
          purpose: "search",
          caller: "web-search",
          result: "blocked",
          reason: "policy",
          sentBytes: 0,
          receivedBytes: 0,
        },
        {
          id: "e1",
          at: Date.now() - 5 * hour,
          host: "hf-mirror.com",
          port: 443,
          purpose: "model file",
          caller: "downloader",
          result: "ok",
          reason: null,
          sentBytes: 44_000,
          receivedBytes: 9_000_000_000,
        },
      ]
    : [],
});

const measured = history.at(-1);
if (measured) for (const message of controls.world.messages.values()) scene.measure(message, measured.at);

for (const key of ["theme", "language", "density", "zoom"] as const) {
  const value = options.get(key);
  if (value === null) continue;
  await client.settings.set({ key: `general.${key}`, value: key === "zoom" ? Number(value) : value });
}

const unknownReading = { known: false, at: Date.now(), reason: "unsupported-system" } as const;
let second = 0;
const tick = () => {
  second++;
  const answering = [...controls.world.chats.values()].some((chat) => chat.running);
  const wave = second % 20 < 12 ? 36 + Math.sin(second) * 3 : 0;
  controls.setTelemetry(
    sampleTelemetry({
      at: Date.now() - 60_000 + second * 1000,
      tokensPerSecond: answering ? 38.2 : second < 60 ? wave : 0,
      memoryUsedBytes: (9.2 + Math.sin(second / 9) * 0.3) * 1024 ** 3,
      ...(options.has("unknown") && { connections: unknownReading }),
    }),
  );
};

const tickMonitor = () => {
  const last = controls.world.samples.at(-1);
  if (last) controls.pushSample(scene.sampleAt(Math.max(Date.now(), last.at + 1000)));
};

const state = options.get("engine");
const [engine] = controls.world.engines;
if (state !== null && engine) {
  const phase = state as typeof engine.phase;
  controls.setEngines([
    { ...engine, phase, progress: phase === "loading" ? 0.62 : null, failures: phase === "gave-up" ? 3 : 0 },
  ]);
}

mountDeskside(document.getElementById("root") as HTMLElement, {
  connect: async () => ({ client, closed: new Promise(() => undefined) }),
  ...(options.has("desktop") && {
    bridge: {
      capabilities: { windowControls: true, nativeDialogs: true, revealInFolder: true, openExternal: true },
      requestPort: () => undefined,
      pathOfFile: () => "",
      openExternal: () => undefined,
      windowControl: () => undefined,
    },
  }),
});

setTimeout(() => {
  for (let i = 0; i < 60; i++) tick();
  setInterval(tick, 1000);
  setInterval(tickMonitor, 1000);
}, 200);
