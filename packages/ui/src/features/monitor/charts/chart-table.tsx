import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import type { ChartSpec } from "./chart-spec.ts";

const mostRows = 12;

/** The readings of a chart in figures: evenly spread rows, the newest first. */
export function ChartTable({ spec, times }: { spec: ChartSpec; times: readonly number[] }) {
  const { t, format } = useText();
  return (
    <div className="chart-table" tabIndex={0} role="group" aria-label={spec.title}>
      <table className="tb s">
        <thead>
          <tr>
            <th>{t("monitor.time")}</th>
            {spec.lines.map(({ label }) => (
              <th key={label} className="r">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spreadRows(times.length, mostRows).map((row) => (
            <tr key={row}>
              <td className="ink2 nowrap">{format.timeWithSeconds(times[row] ?? Number.NaN)}</td>
              {spec.lines.map(({ label, values, format: write }) => {
                const value = values[row] ?? null;
                return (
                  <td key={label} className="r">
                    {value === null ? unknown : write(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** At most `most` row numbers from the last one back to the first, evenly spread. */
export function spreadRows(count: number, most: number): readonly number[] {
  if (count === 0) return [];
  const shown = Math.min(count, most);
  if (shown === 1) return [count - 1];
  return Array.from({ length: shown }, (_, index) => Math.round((count - 1) * (1 - index / (shown - 1))));
}
