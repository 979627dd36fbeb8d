import { useNavigationStore } from "../../app/client-context.tsx";
import { useAlerts } from "../../app/data/use-alerts.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { Banner, Button } from "../../primitives/index.ts";
import { chartLimits } from "./alerts/alert-words.ts";
import { ChartGrid } from "./charts/chart-grid.tsx";
import { CursorTime } from "./monitor-head.tsx";
import { useAnswerSlice } from "./series/use-monitor-series.ts";

/** What the machine did while one answer was written, and what that took. */
export function AnswerSliceScreen({ messageId }: { messageId: string }) {
  const text = useText();
  const { t, format } = text;
  const { open } = useNavigationStore((state) => state.actions);
  const { slice, error, buffer } = useAnswerSlice(messageId);
  const limits = chartLimits(useAlerts() ?? []);
  const took =
    slice === null
      ? ""
      : t("monitor.slice.took", {
          from: format.timeWithSeconds(slice.fromMs),
          to: format.timeWithSeconds(slice.toMs),
          duration: format.duration(slice.toMs - slice.fromMs),
        });
  return (
    <>
      <div className="head">
        <h1>{t("monitor.slice.title")}</h1>
        <span className="t12 ink2 nowrap">{took}</span>
        <span className="grow" />
        <CursorTime times={buffer.at} />
        <Button size="sm" icon="monitor" onClick={() => open({ section: "monitor", id: null })}>
          {t("monitor.slice.back")}
        </Button>
      </div>
      <div className="scroll">
        <div className="mon">
          {error !== null && (
            <Banner tone="danger" title={t("monitor.slice.failed")}>
              {describeError(toErrorData(error), text).body}
            </Banner>
          )}
          {slice && (
            <p className="ink2">
              {slice.energyJoules === null
                ? t("monitor.slice.noEnergy")
                : t("monitor.slice.energy", { value: format.energy(slice.energyJoules) })}
            </p>
          )}
          {slice && buffer.at.length === 0 && slice.series.at.length === 0 && (
            <Banner tone="info">{t("monitor.slice.noReadings")}</Banner>
          )}
          {slice && buffer.at.length > 0 && (
            <ChartGrid
              buffer={buffer}
              version={buffer.version}
              from={Math.min(slice.fromMs, buffer.at[0] ?? slice.fromMs)}
              to={Math.max(slice.toMs, buffer.at.at(-1) ?? slice.toMs)}
              range={t("monitor.slice.range")}
              limits={limits}
              asTable={false}
            />
          )}
        </div>
      </div>
    </>
  );
}
