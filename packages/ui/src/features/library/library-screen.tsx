import type { FitGrade, InstalledModel, MemoryUse } from "@deskside/contract";
import { useEngineStore } from "../../app/client-context.tsx";
import { useFit } from "../../app/data/use-hardware.ts";
import { useModelCommands, useModels } from "../../app/data/use-models.ts";
import { selectEngineOf } from "../../app/state/engine-store.ts";
import { unknown } from "../../format/formats.ts";
import { describeError } from "../../i18n/describe-error.ts";
import { type Text, useText } from "../../i18n/use-text.ts";
import { Badge, Banner, Button } from "../../primitives/index.ts";
import { EmptyView } from "../frame/empty-view.tsx";
import { predictedUsed } from "../hardware/memory-words.ts";
import { FitLegend, GradeBadge, RecommendationSection } from "../hardware/recommendation-table.tsx";

/** What is installed, and what can be done with it today. */
export function LibraryScreen() {
  const text = useText();
  const { t } = text;
  const models = useModels();
  const broken = models?.filter((model) => model.problem !== null) ?? [];
  return (
    <>
      <div className="head">
        <h1>{t("shell.library.title")}</h1>
        {models && <span className="t12 ink3">{t("shell.library.installed", { count: models.length })}</span>}
      </div>
      <div className="scroll">
        {models?.length === 0 ? (
          <EmptyView icon="library" title={t("shell.library.empty")} body={t("shell.library.emptyBody")} />
        ) : (
          <div className="lbody">
            {broken.map((model) => (
              <ProblemBanner key={model.id} model={model} text={text} />
            ))}
            {models && <ModelTable models={models} />}
            <p className="help">{t("shell.library.note")}</p>
            <RecommendationSection />
            <FitLegend />
          </div>
        )}
      </div>
    </>
  );
}

function ProblemBanner({ model, text }: { model: InstalledModel; text: Text }) {
  if (!model.problem) return null;
  const { title, body } = describeError(model.problem, text);
  return (
    <Banner tone="danger" title={`${model.name}: ${title}`}>
      {body}
    </Banner>
  );
}

function ModelTable({ models }: { models: readonly InstalledModel[] }) {
  const { t } = useText();
  return (
    <div className="table-wrap">
      <table className="tb edge">
        <thead>
          <tr>
            <th>{t("shell.library.model")}</th>
            <th>{t("shell.library.quantization")}</th>
            <th className="r">{t("shell.library.size")}</th>
            <th>{t("shell.library.memory")}</th>
            <th className="lo-md">{t("shell.library.role")}</th>
            <th className="hide-sm">{t("shell.library.languages")}</th>
            <th className="r lo-md">{t("shell.library.context")}</th>
            <th className="hide-sm">{t("shell.library.licence")}</th>
            <th>{t("shell.library.state")}</th>
            <th>
              <span className="sr">{t("shell.models.load")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ModelRow({ model }: { model: InstalledModel }) {
  const { t, format } = useText();
  return (
    <tr>
      <td>
        <span className="row g8">
          <span className="med">{model.name}</span>
          {model.small && model.role === "chat" && (
            <Badge outline title={t("shell.models.smallHint")}>
              {t("shell.library.small")}
            </Badge>
          )}
        </span>
        <span className="t11 ink3 mono">{model.fileName}</span>
      </td>
      <td className="mono ink2">{model.quantization ?? unknown}</td>
      <td className="r" title={format.exactBytes(model.sizeBytes)}>
        {format.fileSize(model.sizeBytes)}
      </td>
      <td>
        <MemoryCell model={model} />
      </td>
      <td className="ink2 lo-md">{t(`errors.role.${model.role}`)}</td>
      <td className="ink2 hide-sm">
        {model.languages.map((tag) => languageName(tag, t)).join(t("common.listComma")) || unknown}
      </td>
      <td className="r ink2 lo-md" title={format.integer(model.contextSize)}>
        {format.compact(model.contextSize)}
      </td>
      <td className="ink2 hide-sm">{model.licence}</td>
      <StateCells model={model} />
    </tr>
  );
}

/** Predicted and, once it was loaded, measured; only what is loaded to answer has a plan. */
function MemoryCell({ model }: { model: InstalledModel }) {
  const engine = useEngineStore(selectEngineOf(model.id));
  if (model.role !== "chat" || model.problem) return <span className="ink3">{unknown}</span>;
  if (engine?.measured) return <MemoryWords use={engine.measured} predicted={engine.predicted} grade={null} />;
  return <PredictedCell modelId={model.id} />;
}

function PredictedCell({ modelId }: { modelId: string }) {
  const { data } = useFit(modelId);
  if (!data) return <span className="ink3">{unknown}</span>;
  return <MemoryWords use={null} predicted={data.predicted} grade={data.grade} />;
}

function MemoryWords(props: { use: MemoryUse | null; predicted: MemoryUse | null; grade: FitGrade | null }) {
  const text = useText();
  const { use, predicted, grade } = props;
  return (
    <span className="col g4 t12 ink2">
      <span className="nowrap">{predictedUsed(predicted, use, text) ?? unknown}</span>
      {grade !== null && (
        <span>
          <GradeBadge grade={grade} />
        </span>
      )}
    </span>
  );
}

function languageName(tag: string, t: Text["t"]): string {
  return tag === "en" || tag === "zh" ? t(`common.language.${tag}`) : tag;
}

function StateCells({ model }: { model: InstalledModel }) {
  const { t } = useText();
  const engine = useEngineStore(selectEngineOf(model.id));
  const { load, unload } = useModelCommands();
  const phase = engine?.phase ?? "off";
  const loaded = phase === "ready" || phase === "answering";
  return (
    <>
      <td>
        {model.problem && <Badge tone="danger">{t("shell.models.cannotRun")}</Badge>}
        {!model.problem && loaded && <Badge tone="ok">{t("shell.models.loaded")}</Badge>}
        {!model.problem && phase === "gave-up" && <Badge tone="danger">{t("shell.monitor.phase.gave-up")}</Badge>}
        {!model.problem && phase === "off" && <Badge>{t("shell.library.ready")}</Badge>}
        {(phase === "starting" || phase === "loading" || phase === "restarting") && (
          <Badge tone="warn">{t(`shell.monitor.phase.${phase}`)}</Badge>
        )}
      </td>
      <td className="r">
        {model.role === "chat" && !model.problem && (phase === "off" || phase === "gave-up") && (
          <Button size="sm" onClick={() => load(model.id)}>
            {t(phase === "off" ? "shell.models.load" : "shell.models.restart")}
          </Button>
        )}
        {model.role === "chat" && loaded && (
          <Button size="sm" onClick={() => unload(model.id)}>
            {t("shell.models.unload")}
          </Button>
        )}
      </td>
    </>
  );
}
