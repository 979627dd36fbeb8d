import type { EngineState, Telemetry } from "@deskside/contract";
import { type ReactNode, useMemo } from "react";
import { useEngineStore, useTelemetryStore } from "../../app/client-context.tsx";
import { telemetrySeconds } from "../../app/state/telemetry-store.ts";
import { unknown } from "../../format/formats.ts";
import { describeError } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { FitBar, Lamp, type LampState } from "../../primitives/index.ts";
import { EmptyView } from "../frame/empty-view.tsx";
import { shareMemory } from "../strip/memory.ts";
import { LineChart } from "./line-chart.tsx";

/** The live readings there are: memory, speed and the engines, each second. */
export function MonitorScreen() {
  const { t, format } = useText();
  const history = useTelemetryStore((state) => state.history);
  const latest = history.at(-1);
  return (
    <>
      <div className="head">
        <h1>{t("shell.monitor.title")}</h1>
        <span className="grow" />
        {latest && <span className="t12 ink3 nowrap">{format.timeWithSeconds(latest.at)}</span>}
      </div>
      <div className="scroll">
        {latest ? (
          <div className="mon">
            <div className="mon-charts">
              <MemoryChart history={history} latest={latest} />
              <SpeedChart history={history} />
            </div>
            <Engines />
            <p className="help">{t("shell.monitor.note")}</p>
          </div>
        ) : (
          <EmptyView icon="monitor" title={t("shell.monitor.noReading")} body={t("shell.monitor.note")} />
        )}
      </div>
    </>
  );
}

function ChartCard(props: { title: string; value: string; unit: string; note: string; children: ReactNode }) {
  const { title, value, unit, note, children } = props;
  return (
    <section className="chart">
      <div className="ink2 t12">{title}</div>
      <div className="reads">
        <span className="rd">
          <b>{value}</b>
          <span className="u">{unit}</span>
        </span>
        <span className="rd">
          <span className="k">{note}</span>
        </span>
      </div>
      {children}
    </section>
  );
}

function MemoryChart({ history, latest }: { history: readonly Telemetry[]; latest: Telemetry }) {
  const { t, format } = useText();
  const values = useMemo(() => history.map((reading) => reading.memoryUsedBytes), [history]);
  const shares = shareMemory(latest);
  const peak = Math.max(...values);
  const label = t("shell.monitor.chartMemory", {
    now: format.bytes(shares.used),
    peak: format.bytes(peak),
    total: format.bytes(shares.total),
  });
  return (
    <ChartCard
      title={[t("shell.monitor.memory"), t("shell.monitor.lastMinute")].join(t("common.comma"))}
      value={format.gigabytes(shares.used)}
      unit={`/ ${format.gigabytes(shares.total)} GB`}
      note={t("shell.monitor.peak", { value: format.bytes(peak) })}
    >
      <LineChart
        values={values}
        top={shares.total}
        slots={telemetrySeconds}
        color="var(--c-1)"
        gridLabels={[shares.total, shares.total / 2, 0].map((bytes) => format.gigabytes(bytes))}
        label={label}
      />
      <FitBar
        parts={{ weights: shares.engine, other: shares.other }}
        totalBytes={shares.total}
        ground="raised"
        label={label}
      />
      <div className="legend gap8">
        <span>
          <i className="dot-weights" />
          {t("shell.memory.engine")} {format.bytes(latest.engineBytes)}
        </span>
        <span>
          <i className="dot-other" />
          {t("shell.memory.other")} {format.bytes(shares.other)}
        </span>
        <span>
          <i className="free" />
          {t("shell.memory.free")} {format.bytes(shares.free)}
        </span>
      </div>
    </ChartCard>
  );
}

function SpeedChart({ history }: { history: readonly Telemetry[] }) {
  const { t, format } = useText();
  const values = useMemo(() => history.map((reading) => reading.tokensPerSecond), [history]);
  const now = values.at(-1) ?? 0;
  const peak = Math.max(...values);
  const top = niceTop(peak);
  return (
    <ChartCard
      title={[t("shell.monitor.speed"), t("shell.monitor.lastMinute")].join(t("common.comma"))}
      value={format.number(now)}
      unit="tok/s"
      note={t("shell.monitor.peak", { value: format.speed(peak) })}
    >
      <LineChart
        values={values}
        top={top}
        slots={telemetrySeconds}
        color="var(--c-2)"
        gridLabels={[top, top / 2, 0].map((value) => format.number(value))}
        label={t("shell.monitor.chartSpeed", { now: format.number(now), peak: format.number(peak) })}
      />
    </ChartCard>
  );
}

/** 1, 2 or 5 times a power of ten, at least 10, so that the scale stays while the values move. */
export function niceTop(value: number): number {
  const wanted = Math.max(10, value);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= wanted) ?? wanted;
}

const lamps: Record<EngineState["phase"], LampState> = {
  off: "off",
  starting: "loading",
  loading: "loading",
  ready: "ready",
  answering: "busy",
  restarting: "loading",
  "gave-up": "stopped",
};

function Engines() {
  const { t } = useText();
  const engines = useEngineStore((state) => state.engines);
  if (!engines || engines.length === 0) return <p className="card card-note ink2">{t("shell.monitor.noEngine")}</p>;
  return engines.map((engine) => <EngineCard key={engine.engineId} engine={engine} />);
}

function EngineCard({ engine }: { engine: EngineState }) {
  const text = useText();
  const { t, format } = text;
  const onGraphics = engine.gpu !== null && engine.gpu !== "none";
  const device = onGraphics
    ? t("shell.monitor.graphics", { gpu: engine.gpu ?? "", layers: engine.gpuLayers ?? 0 })
    : t("shell.monitor.processor");
  const context =
    engine.contextSize === null
      ? unknown
      : `${engine.contextUsed === null ? unknown : format.compact(engine.contextUsed)} / ${format.compact(engine.contextSize)}`;
  const rows = [
    [t("shell.monitor.context"), context],
    [t("shell.monitor.threads"), engine.threads === null ? unknown : format.integer(engine.threads)],
    [t("shell.monitor.device"), engine.gpu === null ? unknown : device],
    [t("shell.monitor.loadTime"), engine.loadMs === null ? unknown : format.duration(engine.loadMs)],
    [t("shell.monitor.lastSpeed"), engine.tokensPerSecond === null ? unknown : format.speed(engine.tokensPerSecond)],
    ...(engine.failures > 0 ? [[t("shell.monitor.failures"), format.integer(engine.failures)]] : []),
  ];
  return (
    <section className="card">
      <div className="cardhead">
        <Lamp state={lamps[engine.phase]} />
        <h2 className="med">{engine.model?.name ?? t("shell.monitor.engine")}</h2>
        {engine.model?.quantization && <span className="mono ink3 t12">{engine.model.quantization}</span>}
        <span className="end t12 ink2">{t(`shell.monitor.phase.${engine.phase}`)}</span>
      </div>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {engine.error && <p className="card-note danger t12">{describeError(engine.error, text).title}</p>}
    </section>
  );
}
