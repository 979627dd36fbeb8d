import type { MonitorRange } from "@deskside/contract";
import { useState } from "react";
import { useTelemetryStore } from "../../app/client-context.tsx";
import { useAlerts } from "../../app/data/use-alerts.ts";
import { useMachine } from "../../app/data/use-hardware.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Banner, Lamp, Segmented } from "../../primitives/index.ts";
import { EmptyView } from "../frame/empty-view.tsx";
import "./monitor.css";
import { chartLimits } from "./alerts/alert-words.ts";
import { AlertsCard } from "./alerts/alerts-card.tsx";
import { AnswerSliceScreen } from "./answer-slice-screen.tsx";
import { ChartGrid } from "./charts/chart-grid.tsx";
import { createCursorStore, CursorContext } from "./charts/cursor-store.ts";
import { CursorTime, MonitorToolbar } from "./monitor-head.tsx";
import { type MonitorSeriesView, useMonitorSeries } from "./series/use-monitor-series.ts";
import { EngineSlots } from "./slots/engine-slots.tsx";
import { Topology } from "./topology/topology.tsx";

/** The machine over time. With an id: what it did while that message was written. */
export function MonitorScreen({ id }: { id: string | null }) {
  const [cursor] = useState(createCursorStore);
  return (
    <CursorContext value={cursor}>
      {id === null ? <LiveMonitor /> : <AnswerSliceScreen key={id} messageId={id} />}
    </CursorContext>
  );
}

function LiveMonitor() {
  const { t } = useText();
  const [range, setRange] = useState<MonitorRange>("15m");
  const [paused, setPaused] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const [view, setView] = useState<"charts" | "topology">("charts");
  const series = useMonitorSeries(range, paused);
  const gpus = useTelemetryStore((state) => state.sample?.gpus.length ?? 0);
  const topology = gpus > 1;
  return (
    <>
      <div className="head">
        <h1>{t("shell.sections.monitor")}</h1>
        <MachineBadge />
        <LiveState range={range} paused={paused} />
        <span className="grow" />
        <CursorTime times={series.buffer.at} />
        {topology && (
          <Segmented
            label={t("monitor.topology.view")}
            value={view}
            options={[
              { value: "charts", label: t("monitor.topology.charts") },
              { value: "topology", label: t("monitor.topology.title") },
            ]}
            onChange={setView}
          />
        )}
        <MonitorToolbar {...{ range, setRange, paused, setPaused, asTable, setAsTable }} />
      </div>
      <div className="scroll">
        <MonitorBody range={range} series={series} asTable={asTable} topology={topology && view === "topology"} />
      </div>
    </>
  );
}

function MonitorBody(props: { range: MonitorRange; series: MonitorSeriesView; asTable: boolean; topology: boolean }) {
  const text = useText();
  const { t } = text;
  const { range, series, asTable, topology } = props;
  const limits = chartLimits(useAlerts() ?? []);
  if (series.error && series.buffer.at.length === 0) {
    return (
      <div className="mon">
        <Banner tone="danger" title={t("monitor.failed")}>
          {describeError(toErrorData(series.error), text).body}
        </Banner>
      </div>
    );
  }
  if (!series.known && series.buffer.at.length === 0) return null;
  if (series.buffer.at.length === 0) {
    return <EmptyView icon="monitor" title={t("monitor.noReading")} body={t("monitor.noReadingBody")} />;
  }
  return (
    <div className="mon">
      {topology && <Topology buffer={series.buffer} />}
      <ChartGrid
        buffer={series.buffer}
        version={series.buffer.version}
        from={series.from}
        to={series.to}
        range={t(`monitor.range.${range}`)}
        limits={limits}
        asTable={asTable}
      />
      {series.buffer.gpus.length === 0 && <p className="help">{t("monitor.noGpu")}</p>}
      <div className="mon-two">
        <EngineSlots />
        <AlertsCard />
      </div>
    </div>
  );
}

function MachineBadge() {
  const { data: machine } = useMachine();
  if (!machine) return null;
  const [first, ...others] = machine.gpus;
  const name = first?.name ?? machine.cpu.name;
  return (
    <span className="hide-sm clip mon-machine">
      <Badge>{others.length > 0 ? `${machine.gpus.length} × ${name}` : name}</Badge>
    </span>
  );
}

function LiveState({ range, paused }: { range: MonitorRange; paused: boolean }) {
  const { t } = useText();
  const words = range === "24h" ? t("monitor.everyTen") : range === "7d" ? t("monitor.everyMinute") : t("monitor.live");
  return (
    <span className="row g8 t12 ink2 nowrap lo-md">
      <Lamp state={paused ? "loading" : "ready"} />
      {paused ? t("monitor.paused") : words}
    </span>
  );
}
