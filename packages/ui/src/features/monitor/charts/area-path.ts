import uPlot from "uplot";

const linear = uPlot.paths.linear?.();

/** Rows that one corner of the tinted area stands for where readings are dense. */
const denseRows = 4;

/**
 * A line whose area follows the greatest of a few rows: filling every notch of a dense line costs many times what the
 * line itself does, and cannot be seen in a tint.
 */
export const denseArea: uPlot.Series.PathBuilder = (plot, series, first, last) => {
  const paths = linear?.(plot, series, first, last) ?? null;
  if (!paths) return null;
  return { ...paths, fill: envelope(plot, series, first, last) };
};

function envelope(plot: uPlot, series: number, first: number, last: number): Path2D {
  const [times] = plot.data;
  const values = plot.data[series] ?? [];
  const path = new Path2D();
  const base = plot.valToPos(0, "y", true);
  let from: number | null = null;
  let right = 0;
  for (let row = first; row <= last; row += denseRows) {
    const top = greatest(values, row, Math.min(row + denseRows, last + 1));
    if (top === null) {
      if (from !== null) close(path, right, base);
      from = null;
      continue;
    }
    const left = plot.valToPos(times[row] ?? 0, "x", true);
    right = plot.valToPos(times[Math.min(row + denseRows, last)] ?? 0, "x", true);
    const y = plot.valToPos(top, "y", true);
    if (from === null) {
      path.moveTo(left, base);
      from = left;
    }
    path.lineTo(left, y);
    path.lineTo(right, y);
  }
  if (from !== null) close(path, right, base);
  return path;
}

function close(path: Path2D, right: number, base: number): void {
  path.lineTo(right, base);
  path.closePath();
}

function greatest(values: ArrayLike<number | null | undefined>, from: number, to: number): number | null {
  let top: number | null = null;
  for (let row = from; row < to; row++) {
    const value = values[row];
    if (value !== null && value !== undefined && (top === null || value > top)) top = value;
  }
  return top;
}
