import type { BenchReport, BenchRun, ThreadSpeed } from "@deskside/contract";
import type { CSSProperties } from "react";
import { saveText } from "../../../app/save-text.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Badge, Button } from "../../../primitives/index.ts";
import { planWords } from "../plan-words.ts";
import { benchCsv } from "./bench-csv.ts";

/** What was measured beside what was predicted, with bars on one scale; exported as it is. */
export function BenchReportCard({ report }: { report: BenchReport }) {
  const text = useText();
  const { t, format } = text;
  const top = Math.max(
    1,
    ...report.runs.flatMap(({ measured, predicted }) => [
      measured.tokensPerSecond ?? 0,
      predicted.tokensPerSecond ?? 0,
    ]),
  );
  const name = `deskside-bench-${new Date(report.at).toISOString().slice(0, 19).replaceAll(":", "")}`;
  return (
    <div className="card bench">
      <div className="cardhead">
        <h3 className="med grow clip">
          {t("engine.bench.of", {
            model: [report.model, report.quantization].filter(Boolean).join(" "),
            time: format.dateTime(report.at),
          })}
        </h3>
        <Button variant="quiet" size="xs" onClick={() => saveText(`${name}.csv`, benchCsv(report), "text/csv")}>
          {t("engine.bench.exportCsv")}
        </Button>
        <Button
          variant="quiet"
          size="xs"
          onClick={() => saveText(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`, "application/json")}
        >
          {t("engine.bench.exportJson")}
        </Button>
      </div>
      <div className="table-wrap">
        <table className="tb">
          <thead>
            <tr>
              <th>{t("engine.bench.plan")}</th>
              <th>{t("engine.bench.speed")}</th>
              <th className="r">{t("engine.bench.prompt")}</th>
              <th className="r">{t("engine.bench.firstToken")}</th>
              <th className="r">{t("engine.bench.memory")}</th>
            </tr>
          </thead>
          <tbody>
            {report.runs.map((run) => (
              <RunRow key={JSON.stringify(run.plan)} run={run} top={top} text={text} />
            ))}
          </tbody>
        </table>
      </div>
      {report.threads.length > 0 && <ThreadTable threads={report.threads} chosen={report.chosenThreads} />}
    </div>
  );
}

function RunRow({ run: { plan, predicted, measured }, top, text }: { run: BenchRun; top: number; text: Text }) {
  const { t, format } = text;
  const pair = (write: (value: number) => string, one: number | null, other: number | null) =>
    t("engine.bench.pair", {
      measured: one === null ? t("hardware.notMeasured") : write(one),
      predicted: other === null ? t("hardware.notMeasured") : write(other),
    });
  const speeds = {
    measured: format.speed(measured.tokensPerSecond),
    predicted: format.speed(predicted.tokensPerSecond),
  };
  return (
    <tr>
      <td>{planWords(plan, text)}</td>
      <td>
        <span className="bench-bars" role="img" aria-label={t("engine.bench.chart", speeds)}>
          <Bar share={(measured.tokensPerSecond ?? 0) / top} color="var(--c-1)" />
          <Bar share={(predicted.tokensPerSecond ?? 0) / top} color="var(--line-control)" />
        </span>
        <span className="t12 ink2">{t("engine.bench.pair", speeds)}</span>
      </td>
      <td className="r t12">{pair(format.speed, measured.promptTokensPerSecond, predicted.promptTokensPerSecond)}</td>
      <td className="r nowrap">{format.duration(measured.firstTokenMs)}</td>
      <td className="r t12">{pair(format.bytes, measured.memoryBytes, predicted.memoryBytes)}</td>
    </tr>
  );
}

function Bar({ share, color }: { share: number; color: string }) {
  return <i style={{ width: `${(Math.min(1, share) * 100).toFixed(1)}%`, background: color } as CSSProperties} />;
}

function ThreadTable({ threads, chosen }: { threads: readonly ThreadSpeed[]; chosen: number | null }) {
  const { t, format } = useText();
  const top = Math.max(1, ...threads.map(({ idleTokensPerSecond }) => idleTokensPerSecond));
  const cell = (speed: number, color: string) => (
    <td>
      <span className="bench-bars" aria-hidden="true">
        <Bar share={speed / top} color={color} />
      </span>
      <span className="t12 ink2">{format.speed(speed)}</span>
    </td>
  );
  return (
    <div className="table-wrap">
      <table className="tb" aria-label={t("engine.bench.threads")}>
        <thead>
          <tr>
            <th>{t("engine.bench.threadsHead")}</th>
            <th>{t("engine.bench.idle")}</th>
            <th>{t("engine.bench.busy")}</th>
          </tr>
        </thead>
        <tbody>
          {threads.map(({ threads: count, idleTokensPerSecond, busyTokensPerSecond }) => (
            <tr key={count}>
              <td className="nowrap">
                {format.integer(count)} {count === chosen && <Badge tone="accent">{t("engine.bench.chosen")}</Badge>}
              </td>
              {cell(idleTokensPerSecond, "var(--c-1)")}
              {cell(busyTokensPerSecond, "var(--c-2)")}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
