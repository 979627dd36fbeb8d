import type { InstalledModel } from "@deskside/contract";
import { Command } from "cmdk";
import { useEngineStore, useNavigationStore } from "../../../app/client-context.tsx";
import { useFit, useMachine } from "../../../app/data/use-hardware.ts";
import { useModelCommands } from "../../../app/data/use-models.ts";
import { selectEngineOf } from "../../../app/state/engine-store.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, FitBar, Icon } from "../../../primitives/index.ts";
import { fitFigures, fitLimit } from "../../hardware/fit-scale.ts";
import { barWords } from "../../hardware/memory-words.ts";
import { GradeBadge } from "../../hardware/recommendation-table.tsx";

export interface ModelPickerProps {
  /** Null = chosen by language. */
  modelId: string | null;
  models: readonly InstalledModel[];
  onChoose: (modelId: string | null) => void;
  onClose: () => void;
}

const automatic = "automatic";

/** Type to narrow, arrow keys to move, Enter to choose: each model with what it takes and whether it is loaded. */
export function ModelPicker({ modelId, models, onChoose, onClose }: ModelPickerProps) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { load } = useModelCommands();
  const choose = (next: string | null) => {
    onClose();
    onChoose(next);
    // Loading now instead of with the next question: a running answer ends first.
    if (next !== null) load(next);
  };
  return (
    <Command loop label={t("library.picker.title")} defaultValue={modelId ?? automatic} className="picker">
      <span className="field search sm">
        <Icon name="search" size={14} className="ink3" />
        <Command.Input autoFocus className="grow" placeholder={t("library.picker.search")} />
      </span>
      <Command.List className="picker-list">
        <Command.Empty className="pad8 ink3">{t("shell.models.none")}</Command.Empty>
        <Command.Item
          value={automatic}
          keywords={[t("chat.composer.automatic")]}
          className="pick"
          onSelect={() => choose(null)}
        >
          <Mark chosen={modelId === null} />
          <span className="med">{t("chat.composer.automatic")}</span>
        </Command.Item>
        {models.map((model) => (
          <Command.Item
            key={model.id}
            value={model.id}
            keywords={[model.name, model.quantization ?? ""]}
            className="pick"
            disabled={model.problem !== null}
            onSelect={() => choose(model.id)}
          >
            <Mark chosen={model.id === modelId} />
            <PickRow model={model} />
          </Command.Item>
        ))}
      </Command.List>
      <div className="picker-foot">
        <button
          type="button"
          className="link"
          onClick={() => {
            onClose();
            open({ section: "library", id: null });
          }}
        >
          {t("library.picker.more")}
        </button>
      </div>
    </Command>
  );
}

function Mark({ chosen }: { chosen: boolean }) {
  return <span className="mi-gap">{chosen && <Icon name="check" size={14} />}</span>;
}

function PickRow({ model }: { model: InstalledModel }) {
  const text = useText();
  const { t, format } = text;
  const fit = useFit(model.id).data;
  const machine = useMachine().data;
  const limit = machine && fitLimit(machine);
  const figures = limit && fit && fitFigures(fit.predicted, limit);
  const engine = useEngineStore(selectEngineOf(model.id));
  const measured = engine?.tokensPerSecond ?? null;
  const predicted = fit?.predicted.tokensPerSecond ?? null;
  return (
    <div className="pick-row">
      <div className="row g8">
        <span className="med clip">{model.name}</span>
        <span className="mono ink3 t12">{model.quantization}</span>
        <span className="grow" />
        {model.small && <Badge outline>{t("chat.composer.modelSmall")}</Badge>}
        {fit && <GradeBadge grade={fit.grade} />}
        {measured !== null && <span className="nowrap">{format.speed(measured)}</span>}
        {measured === null && predicted !== null && (
          <span className="nowrap">{t("hardware.about", { value: format.speed(predicted) })}</span>
        )}
      </div>
      {limit && figures && (
        <FitBar
          ground="raised"
          parts={figures.parts}
          totalBytes={limit.totalBytes}
          label={barWords(figures.parts, limit.totalBytes, text)}
        />
      )}
      <div className="t12 ink3 clip">
        {model.problem ? describeError(model.problem, text).title : <PickNote model={model} />}
      </div>
    </div>
  );
}

/** "Loaded. 0.7 GB spare at 16K context". */
function PickNote({ model }: { model: InstalledModel }) {
  const { t, format, language } = useText();
  const phase = useEngineStore(selectEngineOf(model.id))?.phase ?? "off";
  const fit = useFit(model.id).data;
  const machine = useMachine().data;
  const figures = machine && fit && fitFigures(fit.predicted, fitLimit(machine));
  const loading = phase === "starting" || phase === "loading" || phase === "restarting";
  const loaded = phase === "ready" || phase === "answering";
  const state = t(
    loaded ? "library.picker.loaded" : loading ? "library.picker.loading" : "library.picker.loadsWhenChosen",
  );
  if (!fit || !figures) return state;
  const size = format.compact(fit.plan.contextSize);
  const room =
    fit.grade === "too-large"
      ? t("library.picker.tooLarge")
      : figures.spillBytes > 0
        ? t("library.picker.inRam", { bytes: format.bytes(figures.spillBytes) })
        : t("library.picker.spare", { bytes: format.bytes(Math.max(0, figures.spareBytes)), size });
  return `${state}${language === "en" ? ". " : "。"}${room}`;
}
