import type { FitGrade, MachineProfile, Recommendation } from "@deskside/contract";
import type { ReactNode } from "react";
import { useMachine, useRecommendations } from "../../app/data/use-hardware.ts";
import { unknown } from "../../format/formats.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { describeFitReason } from "../../i18n/describe-hardware.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Banner, ComparedFitBar, classNames, type Tone } from "../../primitives/index.ts";
import { type FitBarFigures, type FitLimit, fitFigures, fitLimit, sharedScale } from "./fit-scale.ts";
import "./hardware.css";
import { barWords } from "./memory-words.ts";

const gradeTone: Record<FitGrade, Tone> = { fits: "ok", tight: "warn", "uses-ram": "warn", "too-large": "danger" };

export function GradeBadge({ grade }: { grade: FitGrade }) {
  const { t } = useText();
  return <Badge tone={gradeTone[grade]}>{t(`hardware.grade.${grade}`)}</Badge>;
}

/** What can be done with a recommendation, at the end of its row. */
export type ShownAction = (recommendation: Recommendation) => ReactNode;

/** What of the catalogue runs best here, with the memory it would take and the reasons. */
export function RecommendationSection({ action }: { action?: ShownAction }) {
  const text = useText();
  const { t } = text;
  const { data: machine } = useMachine();
  const { data: recommendations, error } = useRecommendations();
  return (
    <section className="col g8" aria-labelledby="recommend-title">
      <h2 className="t14 sb" id="recommend-title">
        {t("hardware.recommend.title")}
      </h2>
      {error !== null && recommendations === null && (
        <Banner tone="danger" title={t("hardware.recommend.failed")}>
          {describeError(toErrorData(error), text).body}
        </Banner>
      )}
      {error === null && recommendations === null && <p className="ink3">{t("hardware.recommend.loading")}</p>}
      {recommendations?.length === 0 && <p className="ink2">{t("hardware.recommend.empty")}</p>}
      {machine && recommendations && recommendations.length > 0 && (
        <RecommendationTable machine={machine} recommendations={recommendations} action={action} />
      )}
      {recommendations && recommendations.length > 0 && <p className="help">{t("hardware.recommend.source")}</p>}
    </section>
  );
}

function RecommendationTable(props: {
  machine: MachineProfile;
  recommendations: readonly Recommendation[];
  action: ShownAction | undefined;
}) {
  const { t, format } = useText();
  const limit = fitLimit(props.machine);
  const rows = props.recommendations.map((recommendation) => ({
    recommendation,
    figures: fitFigures(recommendation.predicted, limit),
  }));
  const scaleBytes = sharedScale(
    rows.map(({ figures }) => figures),
    limit,
  );
  return (
    <div className="table-wrap">
      <table className="tb edge rec-table">
        <thead>
          <tr>
            <th>{t("hardware.recommend.model")}</th>
            <th>
              {t("hardware.recommend.memory")}
              {t("common.comma")}
              {format.bytes(limit.totalBytes)}
            </th>
            <th className="r">{t("hardware.recommend.speed")}</th>
            <th className="r lo-md">{t("hardware.recommend.context")}</th>
            <th>{t("hardware.recommend.why")}</th>
            {props.action && (
              <th>
                <span className="sr">{t("library.model.get")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ recommendation, figures }, index) => (
            <RecommendationRow
              key={`${recommendation.model}/${recommendation.quantization}`}
              {...{ recommendation, figures, limit, scaleBytes }}
              best={index === 0}
              action={props.action}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RecommendationRow(props: {
  recommendation: Recommendation;
  figures: FitBarFigures;
  limit: FitLimit;
  scaleBytes: number;
  best: boolean;
  action: ShownAction | undefined;
}) {
  const text = useText();
  const { t, format } = text;
  const { recommendation, figures, limit, scaleBytes, best, action } = props;
  const { name, quantization, grade, predicted, contextSize, because } = recommendation;
  return (
    <tr className={best ? "on" : ""}>
      <td>
        <span className="row g8">
          <span className="med">{name}</span>
          {best && <Badge tone="accent">{t("hardware.recommend.best")}</Badge>}
        </span>
        <span className="mono ink3 t12">{quantization ?? unknown}</span>
      </td>
      <td className="rec-fit">
        <ComparedFitBar
          parts={figures.parts}
          limitBytes={limit.totalBytes}
          spillBytes={figures.spillBytes}
          scaleBytes={scaleBytes}
          label={barWords(figures.parts, limit.totalBytes, text)}
        />
        <span className="row g8 t12">
          <GradeBadge grade={grade} />
          <SpareWords figures={figures} />
        </span>
      </td>
      <td className="r nowrap">
        {predicted.tokensPerSecond === null ? (
          <span className="ink3">{t("hardware.recommend.noSpeed")}</span>
        ) : (
          t("hardware.about", { value: format.speed(predicted.tokensPerSecond) })
        )}
      </td>
      <td className="r ink2 lo-md">{format.compact(contextSize)}</td>
      <td className="t12 ink2">
        <ul className="rec-why">
          {because.map((reason) => (
            <li key={reason.code}>{describeFitReason(reason, text)}</li>
          ))}
        </ul>
      </td>
      {action && <td className="r">{action(recommendation)}</td>}
    </tr>
  );
}

function SpareWords({ figures: { spillBytes, spareBytes } }: { figures: FitBarFigures }) {
  const { t, format } = useText();
  if (spillBytes > 0)
    return <span className="warn nowrap">{t("hardware.moved", { bytes: format.bytes(spillBytes) })}</span>;
  const key = spareBytes >= 0 ? "hardware.spare" : "hardware.missing";
  return (
    <span className={classNames("nowrap", spareBytes >= 0 ? "ok" : "danger")}>
      {t(key, { bytes: format.bytes(Math.abs(spareBytes)) })}
    </span>
  );
}

const legend = ["weights", "kv", "buffer", "other"] as const;

/** The five meanings of a fit bar in words. */
export function FitLegend() {
  const { t } = useText();
  return (
    <div className="legend">
      {legend.map((part) => (
        <span key={part}>
          <i style={{ background: `var(--mem-${part})` }} />
          {t(`hardware.bar.${part}`)}
        </span>
      ))}
      <span>
        <i className="x" />
        {t("hardware.bar.spillWord")}
      </span>
      <span>
        <i className="free" />
        {t("hardware.bar.freeWord")}
      </span>
    </div>
  );
}
