// Measured against predicted on logarithmic axes: as text for a terminal, as SVG for a page.
export interface PlotPoint {
  readonly id: string;
  readonly group: string;
  readonly measured: number;
  readonly predicted: number;
}

/** Tokens per second on both axes. */
const from = 2;
const to = 500;
const ticks = [2, 5, 10, 20, 50, 100, 200, 500];

/** 0 … 1 along an axis. */
const along = (value: number) => Math.log(value / from) / Math.log(to / from);
const bounded = (value: number, most: number) => Math.max(0, Math.min(most, value));

/** One letter per group; `·` is the diagonal where prediction and measurement agree. */
export function plotAsText(points: readonly PlotPoint[], columns = 72, rows = 26): string {
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  const put = (x: number, y: number, sign: string) => {
    const row = cells[rows - 1 - bounded(Math.round(y * (rows - 1)), rows - 1)];
    if (row) row[bounded(Math.round(x * (columns - 1)), columns - 1)] = sign;
  };
  for (let step = 0; step < columns; step++) put(step / (columns - 1), step / (columns - 1), "·");
  const letters = lettersOf(points);
  for (const { group, measured, predicted } of points)
    put(along(measured), along(predicted), letters.get(group) ?? "?");
  const lines = cells.map((row, index) => `${scale(1 - index / (rows - 1), rows).padStart(5)} |${row.join("")}`);
  const axis = Array.from({ length: columns }, () => " ");
  for (const tick of ticks) {
    const at = bounded(Math.round(along(tick) * (columns - 1)), columns - String(tick).length);
    axis.splice(at, String(tick).length, ...String(tick));
  }
  const legend = [...letters].map(([group, letter]) => `${letter} ${group}`).join("   ");
  return [
    "predicted, tokens per second",
    ...lines,
    `      +${"-".repeat(columns)}`,
    `       ${axis.join("")}  measured`,
    legend,
    "",
  ].join("\n");
}

export function plotAsSvg(points: readonly PlotPoint[], caption: string): string {
  const size = 640;
  const margin = 56;
  const x = (value: number) => (margin + along(value) * (size - 2 * margin)).toFixed(1);
  const y = (value: number) => (size - margin - along(value) * (size - 2 * margin)).toFixed(1);
  const groups = [...new Set(points.map(({ group }) => group))].toSorted();
  const colour = (group: string) => `hsl(${Math.round((groups.indexOf(group) * 360) / groups.length)} 65% 42%)`;
  const band = (factor: number) =>
    `<line x1="${x(from)}" y1="${y(from * factor)}" x2="${x(to)}" y2="${y(to * factor)}" stroke="#999" stroke-dasharray="4 4"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size + 190} ${size}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<clipPath id="frame"><rect x="${margin}" y="${margin}" width="${size - 2 * margin}" height="${size - 2 * margin}"/></clipPath>
<text x="${margin}" y="24" font-size="15">Predicted and measured decode speed, tokens per second</text>
<text x="${margin}" y="42" fill="#555">${caption}</text>
<rect x="${margin}" y="${margin}" width="${size - 2 * margin}" height="${size - 2 * margin}" fill="none" stroke="#333"/>
<g clip-path="url(#frame)">
<line x1="${x(from)}" y1="${y(from)}" x2="${x(to)}" y2="${y(to)}" stroke="#333"/>
${[0.65, 1.35].map(band).join("\n")}
</g>
${ticks.map((tick) => `<text x="${x(tick)}" y="${size - margin + 16}" text-anchor="middle">${tick}</text><text x="${margin - 6}" y="${y(tick)}" text-anchor="end">${tick}</text>`).join("\n")}
<text x="${size / 2}" y="${size - 16}" text-anchor="middle">measured</text>
<text x="16" y="${size / 2}" text-anchor="middle" transform="rotate(-90 16 ${size / 2})">predicted</text>
${points.map(({ id, group, measured, predicted }) => `<circle cx="${x(measured)}" cy="${y(predicted)}" r="3.5" fill="${colour(group)}" fill-opacity="0.75"><title>${id}</title></circle>`).join("\n")}
${groups.map((group, index) => `<circle cx="${size - 28}" cy="${margin + 10 + index * 20}" r="4" fill="${colour(group)}"/><text x="${size - 16}" y="${margin + 14 + index * 20}">${group}</text>`).join("\n")}
</svg>
`;
}

function lettersOf(points: readonly PlotPoint[]): ReadonlyMap<string, string> {
  const groups = [...new Set(points.map(({ group }) => group))].toSorted();
  return new Map(groups.map((group, index) => [group, String.fromCharCode(97 + index)]));
}

/** The tick nearest to a line of text, once. */
function scale(share: number, rows: number): string {
  const near = ticks.find((tick) => Math.abs(along(tick) - share) < 0.5 / (rows - 1));
  return near === undefined ? "" : String(near);
}
