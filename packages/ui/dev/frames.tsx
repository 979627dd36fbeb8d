import { createRoot } from "react-dom/client";
import { useEffect, useState } from "react";
import "../src/styles/index.css";
import "../src/features/monitor/monitor.css";
import { createFakeClient, toSeries } from "@deskside/testing/fake-client";
import { createQueryClient, DesksideProviders } from "../src/app/providers.tsx";
import { createConnectionStore } from "../src/app/state/connection-store.ts";
import { createEngineStore } from "../src/app/state/engine-store.ts";
import { createLayoutStore } from "../src/app/state/layout-store.ts";
import { createNavigationStore } from "../src/app/state/navigation-store.ts";
import { createTelemetryStore } from "../src/app/state/telemetry-store.ts";
import { ChartGrid } from "../src/features/monitor/charts/chart-grid.tsx";
import { createCursorStore, CursorContext } from "../src/features/monitor/charts/cursor-store.ts";
import { createSeriesBuffer } from "../src/features/monitor/series/series-buffer.ts";
import { createI18n } from "../src/i18n/create-i18n.ts";
import { monitorHistory, sceneOf } from "./sample-monitor.ts";

declare global {
  interface Window {
    /** Milliseconds between frames, once all of them have been drawn. */
    frameTimes?: readonly number[];
  }
}

/**
 * Draws the six charts over and over and writes down how long each frame took.
 * `?rows=100000`: readings in the buffer. `?mode=grow`: a new reading with each frame, so that everything is drawn
 * again; `?mode=still`: nothing changes but the cursor that the test moves.
 */
const options = new URLSearchParams(location.search);
const rows = Number(options.get("rows") ?? 100_000);
const grow = options.get("mode") !== "still";
const frames = Number(options.get("frames") ?? 240);

const scene = sceneOf({ gpus: 1, fallback: false });
const buffer = createSeriesBuffer();
const series = toSeries(monitorHistory(scene, rows));
const span = (series.at.at(-1) ?? 0) - (series.at[0] ?? 0);
buffer.load(series, span);
const limits = { temperature: 87, firstToken: 3000 };

let newest = series.at.at(-1) ?? Date.now();

function Frames() {
  const [version, setVersion] = useState(buffer.version);
  const [cursor] = useState(createCursorStore);
  useEffect(() => {
    const times: number[] = [];
    let before = performance.now();
    let request = 0;
    const step = (now: number) => {
      times.push(now - before);
      before = now;
      if (times.length > frames) {
        window.frameTimes = times.slice(1);
        return;
      }
      if (grow) {
        newest += span / rows;
        buffer.push(scene.sampleAt(newest));
        setVersion(buffer.version);
      }
      request = requestAnimationFrame(step);
    };
    const start = setTimeout(() => {
      before = performance.now();
      request = requestAnimationFrame(step);
    }, 1500);
    return () => {
      clearTimeout(start);
      cancelAnimationFrame(request);
    };
  }, []);
  const to = buffer.at.at(-1) ?? 0;
  return (
    <CursorContext value={cursor}>
      <div className="mon">
        <ChartGrid {...{ buffer, version, from: to - span, to, range: "7 days", limits, asTable: false }} />
      </div>
    </CursorContext>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <DesksideProviders
    deskside={{
      client: createFakeClient().client,
      bridge: undefined,
      connection: createConnectionStore(),
      engines: createEngineStore(),
      layout: createLayoutStore({ storage: localStorage }),
      navigation: createNavigationStore({ window }),
      telemetry: createTelemetryStore(),
    }}
    queries={createQueryClient()}
    i18n={createI18n("en")}
  >
    <Frames />
  </DesksideProviders>,
);
