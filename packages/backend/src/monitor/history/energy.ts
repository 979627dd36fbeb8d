import { gpuKey, type MonitorSeries } from "@deskside/contract";

/** A gap between two readings longer than this many intervals is a gap in knowledge. */
const bridgedIntervals = 3;
/** Less of the time measured than this says nothing about the rest. */
const neededShare = 0.8;

/**
 * Joules between two moments (milliseconds since 1970), over all GPUs that report power: the integral of power by the
 * trapezoid rule, and before the first and after the last reading that reading for at most one interval. Null where no
 * GPU reports it, where a fifth of the time was not measured, and where readings are too far apart for so short a time.
 */
export function energyBetween(series: MonitorSeries, fromMs: number, toMs: number): number | null {
  const wanted = toMs - fromMs;
  if (wanted <= 0 || (series.resolutionMs > 1000 && wanted < 2 * series.resolutionMs)) return null;
  const measured = series.gpus
    .map(({ id }) => integrate(series, series.values[gpuKey(id, "power")] ?? [], fromMs, toMs))
    .filter(({ coveredMs }) => coveredMs > 0);
  if (measured.length === 0 || measured.some(({ coveredMs }) => coveredMs < neededShare * wanted)) return null;
  return measured.reduce((sum, { joules, coveredMs }) => sum + (joules * wanted) / coveredMs, 0);
}

function integrate(series: MonitorSeries, power: readonly (number | null)[], fromMs: number, toMs: number) {
  const points = series.at.flatMap((at, index) => {
    const watts = power[index] ?? null;
    return watts === null ? [] : [{ at, watts }];
  });
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return { joules: 0, coveredMs: 0 };
  const held = series.resolutionMs;
  const line = [{ ...first, at: first.at - held }, ...points, { ...last, at: last.at + held }];
  let joules = 0;
  let coveredMs = 0;
  for (const [index, end] of line.entries()) {
    const start = line[index - 1];
    if (!start || end.at <= start.at || end.at - start.at > bridgedIntervals * series.resolutionMs) continue;
    const a = Math.max(fromMs, start.at);
    const b = Math.min(toMs, end.at);
    if (b <= a) continue;
    const wattsAt = (at: number) => start.watts + ((end.watts - start.watts) * (at - start.at)) / (end.at - start.at);
    joules += ((wattsAt(a) + wattsAt(b)) / 2) * ((b - a) / 1000);
    coveredMs += b - a;
  }
  return { joules, coveredMs };
}
