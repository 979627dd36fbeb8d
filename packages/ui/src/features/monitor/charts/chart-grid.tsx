import { useMemo } from "react";
import { useText } from "../../../i18n/use-text.ts";
import type { SeriesBuffer } from "../series/series-buffer.ts";
import { ChartCard } from "./chart-card.tsx";
import { firstTokenChart, requestsChart, speedChart } from "./engine-charts.ts";
import { type ChartInput, heatChart, memoryChart, utilisationChart } from "./machine-charts.ts";

export interface ChartGridProps {
  readonly buffer: SeriesBuffer;
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly range: string;
  readonly limits: ChartInput["limits"];
  readonly asTable: boolean;
}

/** The six charts over the same time, with one cursor. */
export function ChartGrid({ buffer, version, from, to, range, limits, asTable }: ChartGridProps) {
  const text = useText();
  const { temperature, firstToken } = limits;
  const specs = useMemo(() => {
    const input = { buffer, text, range, limits: { temperature, firstToken }, version };
    return [utilisationChart, memoryChart, heatChart, speedChart, firstTokenChart, requestsChart].map((build) =>
      build(input),
    );
    // `version` stands for what the buffer holds.
  }, [buffer, version, text, range, temperature, firstToken]);
  return (
    <div className="mon-charts">
      {specs.map((spec) => (
        <ChartCard key={spec.id} {...{ spec, buffer, version, from, to, range, asTable }} />
      ))}
    </div>
  );
}
