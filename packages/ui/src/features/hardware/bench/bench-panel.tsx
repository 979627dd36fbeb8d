import { useState } from "react";
import { useChatModels } from "../../../app/data/use-models.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, ProgressBar, SelectField } from "../../../primitives/index.ts";
import { BenchReportCard } from "./bench-report.tsx";
import { useBench, useBenchReports } from "./use-bench.ts";

/** Measures an installed model with the plans that fit, beside what was predicted. */
export function BenchPanel() {
  const { t, format } = useText();
  const models = useChatModels()?.filter(({ problem }) => problem === null) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const { running, start, stop } = useBench();
  const reports = useBenchReports();
  const model = models.find(({ id }) => id === chosen) ?? models[0];
  const shown = running?.report && running.report.runs.length > 0 ? running.report : reports?.[0];
  const step =
    running &&
    t("engine.bench.progress", {
      done: format.integer(running.done),
      total: format.integer(running.total),
    });
  return (
    <section>
      <h2>{t("engine.bench.title")}</h2>
      <div className="panel">
        <div className="set">
          <div>
            <div className="n">{t("engine.bench.model")}</div>
            <div className="d">{t("engine.bench.help")}</div>
          </div>
          <div className="c">
            {model ? (
              <SelectField
                label={t("engine.bench.model")}
                width={230}
                value={model.id}
                options={models.map(({ id, name, quantization }) => ({ value: id, label: name, meta: quantization }))}
                onChange={setChosen}
              />
            ) : (
              <span className="ink3">{t("engine.bench.noModel")}</span>
            )}
            {model && !running && <Button onClick={() => start(model.id)}>{t("engine.bench.start")}</Button>}
            {running && <Button onClick={stop}>{t("engine.bench.stop")}</Button>}
          </div>
        </div>
        {running && step !== null && (
          <div className="set">
            <span className="t12 ink2">{step}</span>
            <span className="program-progress">
              <ProgressBar value={running.total > 0 ? running.done / running.total : null} label={step} />
            </span>
          </div>
        )}
      </div>
      {shown && <BenchReportCard report={shown} />}
      {!shown && reports?.length === 0 && !running && <p className="help gap8">{t("engine.bench.none")}</p>}
    </section>
  );
}
