import type { InstalledModel, Recommendation } from "@deskside/contract";
import type { ReactNode } from "react";
import { useNavigationStore } from "../../app/client-context.tsx";
import { useFit, useMachine, useRecommendations } from "../../app/data/use-hardware.ts";
import { useChatModels } from "../../app/data/use-models.ts";
import { useText } from "../../i18n/use-text.ts";
import { Button, FitBar } from "../../primitives/index.ts";
import { GetRecommended } from "../library/get-recommended.tsx";
import { fitFigures, fitLimit } from "./fit-scale.ts";
import { MachineCard } from "./machine-card.tsx";
import { barWords } from "./memory-words.ts";
import { GradeBadge } from "./recommendation-table.tsx";

const shownRecommendations = 2;

/** In an empty workspace: the measured machine, what runs on it, and one thing to do. */
export function FirstRun({ onStart }: { onStart: () => void }) {
  const { t } = useText();
  const models = useChatModels()?.filter(({ problem }) => problem === null) ?? [];
  const { data: recommendations } = useRecommendations();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <div className="first-run">
      <MachineCard short />
      <section className="card" aria-labelledby="first-run-title">
        <div className="cardhead">
          <h2 className="med grow" id="first-run-title">
            {t("hardware.firstRun.title")}
          </h2>
        </div>
        <div className="first-list">
          <div className="label">{t("hardware.firstRun.builtIn")}</div>
          {models.length === 0 && <p className="ink3">{t("hardware.firstRun.none")}</p>}
          {models.map((model) => (
            <InstalledLine key={model.id} model={model} />
          ))}
          {recommendations && recommendations.length > 0 && (
            <>
              <div className="label">{t("hardware.firstRun.fromCatalogue")}</div>
              {recommendations.slice(0, shownRecommendations).map((recommendation) => (
                <RecommendedLine
                  key={`${recommendation.model}/${recommendation.quantization}`}
                  {...{ recommendation }}
                />
              ))}
              <button type="button" className="link t12" onClick={() => open({ section: "library", id: null })}>
                {t("hardware.firstRun.more")}
              </button>
            </>
          )}
        </div>
        {models.length > 0 && (
          <div className="first-start">
            <Button variant="primary" onClick={onStart}>
              {t("hardware.firstRun.start")}
            </Button>
            <span className="t12 ink3">{t("hardware.firstRun.startHint")}</span>
          </div>
        )}
      </section>
    </div>
  );
}

function InstalledLine({ model }: { model: InstalledModel }) {
  const { data } = useFit(model.id);
  return (
    <Line
      name={model.name}
      quantization={model.quantization}
      predicted={data?.predicted ?? null}
      grade={data?.grade ?? null}
    />
  );
}

function RecommendedLine({ recommendation }: { recommendation: Recommendation }) {
  const { name, quantization, predicted, grade } = recommendation;
  return (
    <Line {...{ name, quantization, predicted, grade }}>
      <GetRecommended plain recommendation={recommendation} />
    </Line>
  );
}

function Line(props: {
  name: string;
  quantization: string | null;
  predicted: Recommendation["predicted"] | null;
  grade: Recommendation["grade"] | null;
  children?: ReactNode;
}) {
  const text = useText();
  const { t, format } = text;
  const { name, quantization, predicted, grade } = props;
  const { data: machine } = useMachine();
  const limit = machine && fitLimit(machine);
  const figures = limit && predicted && fitFigures(predicted, limit);
  const speed = predicted?.tokensPerSecond ?? null;
  return (
    <div className="first-line">
      <span className="clip">
        <span className="med">{name}</span> <span className="mono ink3 t12">{quantization}</span>
      </span>
      <span className="row g8 nowrap">
        {speed !== null && <span>{t("hardware.about", { value: format.speed(speed) })}</span>}
        {grade !== null && <GradeBadge grade={grade} />}
        {props.children}
      </span>
      {limit && figures && (
        <FitBar
          ground="raised"
          parts={figures.parts}
          totalBytes={limit.totalBytes}
          label={barWords(figures.parts, limit.totalBytes, text)}
        />
      )}
    </div>
  );
}
