import type { Formats } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import type { SeriesBuffer } from "../series/series-buffer.ts";
import type { ChartSpec, Reading } from "./chart-spec.ts";
import { ChartTable } from "./chart-table.tsx";
import { useCursorRow } from "./cursor-store.ts";
import { TimeChart } from "./time-chart.tsx";

export interface ChartCardProps {
  readonly spec: ChartSpec;
  readonly buffer: SeriesBuffer;
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly range: string;
  readonly asTable: boolean;
}

/** A chart with its current readings, or those at the cursor. */
export function ChartCard({ spec, buffer, version, from, to, range, asTable }: ChartCardProps) {
  const { t, format } = useText();
  const last = buffer.at.length === 0 ? null : buffer.at.length - 1;
  const words = spec.readings(last).map(({ value, unit, note }) => [value, unit, note].filter(Boolean).join(" "));
  const label = t("monitor.label", { title: spec.title, range, readings: words.join(t("common.listComma")) });
  const time = clockFor(to, to - from, format);
  return (
    <section className="chart" aria-label={spec.title}>
      <h2 className="ink2 t12 regular">{spec.title}</h2>
      <Readings spec={spec} last={last} />
      {asTable ? (
        <ChartTable spec={spec} times={buffer.at} />
      ) : (
        <TimeChart {...{ spec, version, from, to, time, label }} times={buffer.at} dense={buffer.dense} />
      )}
    </section>
  );
}

/** Seconds for minutes, minutes for hours, days for days. */
function clockFor(to: number, span: number, format: Formats): (at: number) => string {
  if (span > 86_400_000) return (at) => format.moment(at, to);
  return span > 120_000 ? format.time : format.timeWithSeconds;
}

function Readings({ spec, last }: { spec: ChartSpec; last: number | null }) {
  const row = useCursorRow() ?? last;
  return (
    <div className="reads">
      {spec.readings(row).map((reading, index) => (
        <Figure key={`${reading.note ?? reading.unit}-${index}`} reading={reading} />
      ))}
      {spec.stacked && (
        <span className="legend">
          {spec.lines.map(({ label, color }) => (
            <span key={label}>
              <i style={{ background: `var(${color})` }} />
              {label}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

function Figure({ reading: { value, unit, note, color } }: { reading: Reading }) {
  return (
    <span className="rd">
      <b>{value}</b>
      {unit !== undefined && <span className="u">{unit}</span>}
      {(note !== undefined || color !== undefined) && (
        <span className="k">
          {color !== undefined && <i className="swatch" style={{ background: `var(${color})` }} />}
          {note}
        </span>
      )}
    </span>
  );
}
