import type { EngineState, InstalledModel } from "@deskside/contract";
import { useEngineStore, useNavigationStore, useTelemetryStore } from "../../app/client-context.tsx";
import { useChatModels, useModelCommands } from "../../app/data/use-models.ts";
import { selectEngineOf } from "../../app/state/engine-store.ts";
import { describeError } from "../../i18n/describe-error.ts";
import { describeWhyCpu } from "../../i18n/describe-hardware.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Button, classNames, FitBar, ProgressBar } from "../../primitives/index.ts";
import { barWords, partsOf, predictedUsed } from "../hardware/memory-words.ts";
import { deviceWords } from "../hardware/plan-words.ts";
import { addShares, shareRam, shareVram } from "./memory.ts";
import { PopoverHead } from "./segment.tsx";

/** The installed chat models with what can be done to them. */
export function ModelPopover() {
  const { t } = useText();
  const models = useChatModels();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <>
      <PopoverHead title={t("shell.models.title")} />
      <div className="pb8">
        {models?.length === 0 && <p className="ink3 pad8">{t("shell.models.none")}</p>}
        {models?.map((model) => (
          <ModelRow key={model.id} model={model} />
        ))}
        <div className="pop-line" />
        <div className="row g8 pad8">
          <button type="button" className="link" onClick={() => open({ section: "library", id: null })}>
            {t("shell.models.more")}
          </button>
        </div>
      </div>
    </>
  );
}

function ModelRow({ model }: { model: InstalledModel }) {
  const text = useText();
  const { t } = text;
  const engine = useEngineStore(selectEngineOf(model.id));
  const held = engine !== null && engine.phase !== "off";
  return (
    <div className={classNames("mr", held && "on")}>
      <span className="row g8 clip">
        <span className="med clip">{model.name}</span>
        <span className="mono ink3 t12">{model.quantization}</span>
      </span>
      <span className="row g8">
        <ModelState model={model} engine={engine} />
      </span>
      <span className="mr-note t12 ink3">
        {model.problem ? describeError(model.problem, text).title : modelFacts(model, engine, text)}
      </span>
      {engine !== null && isLoaded(engine) && <EngineFit engine={engine} />}
      {engine?.phase === "loading" && (
        <span className="mr-note">
          <ProgressBar value={engine.progress} label={t("shell.strip.loading", { model: model.name })} />
        </span>
      )}
      {engine?.error && engine.phase === "gave-up" && (
        <span className="mr-note t12 danger">{describeError(engine.error, text).body}</span>
      )}
    </div>
  );
}

const isLoaded = ({ phase }: EngineState) => phase === "ready" || phase === "answering";

/** How the model lies in memory, what was predicted, and why the processor does the work where a card could. */
function EngineFit({ engine }: { engine: EngineState }) {
  const text = useText();
  const sample = useTelemetryStore((state) => state.sample);
  const telemetry = useTelemetryStore((state) => state.latest);
  const use = engine.measured ?? engine.predicted;
  const onCards = use?.devices.filter(({ name }) => name !== "RAM") ?? [];
  const total = onCards.length > 0 ? addShares(shareVram(sample))?.total : shareRam(telemetry, sample)?.total;
  const parts = partsOf(onCards.length > 0 ? onCards : (use?.devices ?? []));
  const words = predictedUsed(engine.predicted, engine.measured, text);
  return (
    <>
      {use && total !== undefined && (
        <span className="mr-note">
          <FitBar ground="raised" parts={parts} totalBytes={total} label={barWords(parts, total, text)} />
        </span>
      )}
      <span className="mr-note t12 ink3">{[deviceWords(engine, text), words].filter(Boolean).join(" · ")}</span>
      {engine.whyCpu !== null && <span className="mr-note t12 ink2">{describeWhyCpu(engine.whyCpu, text)}</span>}
    </>
  );
}

function modelFacts(
  model: InstalledModel,
  engine: EngineState | null,
  { t, format }: ReturnType<typeof useText>,
): string {
  const facts = [format.fileSize(model.sizeBytes)];
  if (engine?.phase === "ready" || engine?.phase === "answering") {
    if (engine.threads !== null) facts.push(t("shell.models.threads", { count: engine.threads }));
    if (engine.tokensPerSecond !== null) facts.push(format.speed(engine.tokensPerSecond));
    if (engine.loadMs !== null) facts.push(t("shell.models.loadTime", { time: format.duration(engine.loadMs) }));
  } else if (model.small) facts.push(t("shell.models.smallHint"));
  return facts.join(" · ");
}

function ModelState({ model, engine }: { model: InstalledModel; engine: EngineState | null }) {
  const { t } = useText();
  const { load, unload } = useModelCommands();
  if (model.problem) return <Badge tone="danger">{t("shell.models.cannotRun")}</Badge>;
  switch (engine?.phase) {
    case "starting":
    case "loading":
    case "restarting":
      return <Badge tone="warn">{t(`shell.monitor.phase.${engine.phase}`)}</Badge>;
    case "gave-up":
      return (
        <Button size="xs" onClick={() => load(model.id)}>
          {t("shell.models.restart")}
        </Button>
      );
    case "ready":
    case "answering":
      return (
        <>
          <Badge tone="ok">{t("shell.models.loaded")}</Badge>
          <Button size="xs" variant="quiet" onClick={() => unload(model.id)}>
            {t("shell.models.unload")}
          </Button>
        </>
      );
    default:
      return (
        <Button size="xs" onClick={() => load(model.id)}>
          {t("shell.models.load")}
        </Button>
      );
  }
}
