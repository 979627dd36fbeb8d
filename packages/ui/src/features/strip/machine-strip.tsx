import type { EngineState } from "@deskside/contract";
import {
  useConnectionStore,
  useEngineStore,
  useNavigationStore,
  useTelemetryStore,
} from "../../app/client-context.tsx";
import { useAlerts } from "../../app/data/use-alerts.ts";
import { useModelCommands } from "../../app/data/use-models.ts";
import { selectLeadEngine } from "../../app/state/engine-store.ts";
import { useText } from "../../i18n/use-text.ts";
import { Icon, Lamp, ProgressBar, Spark, Tooltip } from "../../primitives/index.ts";
import { DownloadSegment } from "./download-segment.tsx";
import { type EngineView, viewEngine } from "./engine-view.ts";
import { hottest } from "./memory.ts";
import { MemorySegment } from "./memory-segment.tsx";
import { ModelPopover } from "./model-popover.tsx";
import { PopoverSegment } from "./segment.tsx";
import { ShieldSegment, shieldWords } from "./shield-segment.tsx";
import { useShield } from "./use-shield.ts";

/** Always visible: which model, how much memory, how fast, and whether anything leaves the machine. */
export function MachineStrip() {
  const text = useText();
  const { t } = text;
  const engine = useEngineStore(selectLeadEngine);
  const connection = useConnectionStore((state) => state.phase);
  const shield = useShield();
  const view = viewEngine(engine, connection, text);
  return (
    <footer className="strip" aria-label={t("shell.landmarks.strip")} data-pane="strip" tabIndex={-1}>
      <EngineSegment view={view} />
      <ContextSegment />
      <MemorySegment />
      <SpeedSegment />
      <TemperatureSegment />
      <AlertSegment />
      {view.restart && <RestartSegment modelId={view.restart.modelId} />}
      <span className="sp" />
      <DownloadSegment />
      <ShieldSegment shield={shield} />
      <span className="sr" aria-live="polite">
        {view.announcement}
      </span>
      <span className="sr" aria-live="polite">
        {connection === "connected" ? shieldWords(shield.view, text) : ""}
      </span>
    </footer>
  );
}

/** Only an engine that holds its model has a context and a speed to speak of. */
function isReady(engine: EngineState): boolean {
  return engine.phase === "ready" || engine.phase === "answering";
}

function EngineSegment({ view }: { view: EngineView }) {
  const { t } = useText();
  return (
    <PopoverSegment popoverLabel={t("shell.models.title")} width={360} popover={<ModelPopover />}>
      <Lamp state={view.lamp} />
      <span className="sr">
        {t(`shell.strip.lamp.${view.lamp}`)}
        {t("common.comma")}
      </span>
      <b className="clip">{view.title}</b>
      {view.detail !== null && <span className="mono k">{view.detail}</span>}
      <Icon name="chevron-up" size={12} />
    </PopoverSegment>
  );
}

function ContextSegment() {
  const { t, format } = useText();
  const engine = useEngineStore(selectLeadEngine);
  if (!engine || !isReady(engine) || !engine.contextSize || engine.contextUsed === null) return null;
  const used = format.compact(engine.contextUsed);
  const size = format.compact(engine.contextSize);
  return (
    <div className="seg static lo" title={t("shell.strip.contextLabel", { used, size })}>
      <span className="k">{t("shell.strip.context")}</span>
      <span className="mini">
        <ProgressBar value={engine.contextUsed / engine.contextSize} />
      </span>
      <span>
        {used} / {size}
      </span>
    </div>
  );
}

function SpeedSegment() {
  const { t, format } = useText();
  const history = useTelemetryStore((state) => state.history);
  const lastSpeed = useEngineStore((state) => {
    const engine = selectLeadEngine(state);
    return engine && isReady(engine) ? engine.tokensPerSecond : null;
  });
  const { open } = useNavigationStore((state) => state.actions);
  const now = history.at(-1)?.tokensPerSecond ?? 0;
  const speed = now > 0 ? now : lastSpeed;
  const label =
    speed === null
      ? t("shell.strip.speedNone")
      : t(now > 0 ? "shell.strip.speedNow" : "shell.strip.speedIdle", { speed: format.speed(speed) });
  return (
    <Tooltip text={label} side="top">
      <button type="button" className="seg" onClick={() => open({ section: "monitor", id: null })}>
        <Spark values={history.map((reading) => reading.tokensPerSecond)} />
        <span>
          <b>{format.speedFigure(speed)}</b> tok/s
        </span>
        <span className="sr">{label}</span>
      </button>
    </Tooltip>
  );
}

/** Only where a sensor reports. */
function TemperatureSegment() {
  const { t, format } = useText();
  const sample = useTelemetryStore((state) => state.sample);
  const { open } = useNavigationStore((state) => state.actions);
  const heat = hottest(sample);
  if (!heat) return null;
  const value = format.celsius(heat.degrees);
  const label = t(heat.of === "gpu" ? "shell.strip.temperatureGpu" : "shell.strip.temperatureCpu", { value });
  return (
    <Tooltip text={label} side="top">
      <button type="button" className="seg aux" onClick={() => open({ section: "monitor", id: null })}>
        <Icon name="temperature" size={14} />
        <span>{value}</span>
        <span className="sr">{label}</span>
      </button>
    </Tooltip>
  );
}

function AlertSegment() {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const active = useAlerts()?.filter(({ activeSince, rule }) => activeSince !== null && rule.enabled).length ?? 0;
  if (active === 0) return null;
  return (
    <Tooltip text={t("shell.strip.alertsLabel")} side="top">
      <button type="button" className="seg" onClick={() => open({ section: "monitor", id: null })}>
        <Icon name="warning" size={14} className="warn" />
        <span className="warn">{t("shell.strip.alerts", { count: active })}</span>
      </button>
    </Tooltip>
  );
}

function RestartSegment({ modelId }: { modelId: string }) {
  const { t } = useText();
  const { load } = useModelCommands();
  return (
    <button type="button" className="seg" onClick={() => load(modelId)}>
      <span className="link">{t("shell.strip.restart")}</span>
    </button>
  );
}
