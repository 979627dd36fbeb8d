import { useId, useLayoutEffect, useRef, useState } from "react";

export interface LineChartProps {
  /** One value a second, oldest first; null = no reading in that second. */
  values: readonly number[];
  /** The value at the top edge. */
  top: number;
  slots: number;
  color: string;
  /** Labels of the grid from the top down, e.g. ["32", "16", "0"]. */
  gridLabels: readonly string[];
  /** The chart in words, with its figures. */
  label: string;
}

const usualWidth = 403;
const height = 158;
const left = 36;
const bottom = 140;
const topEdge = 6;

/** Hairline grid, one line of 1.5 px, its area in a tint; it moves by one reading a second. */
export function LineChart({ values, top, slots, color, gridLabels, label }: LineChartProps) {
  const titleId = useId();
  const { ref, width } = useDrawnWidth();
  const shown = values.slice(-slots);
  const step = (width - left - 4) / (slots - 1);
  const x = (index: number) => left + (slots - shown.length + index) * step;
  const y = (value: number) => bottom - (Math.min(value, top) / top) * (bottom - topEdge);
  const points = shown.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
  const line = points.length > 0 ? `M${points.join("L")}` : "";
  const area = line === "" ? "" : `${line}L${x(shown.length - 1).toFixed(1)} ${bottom}L${x(0).toFixed(1)} ${bottom}Z`;
  const last = shown.at(-1);
  return (
    <svg
      ref={ref}
      className="plot"
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby={titleId}
    >
      <title id={titleId}>{label}</title>
      {gridLabels.map((text, index) => {
        const at = topEdge + ((bottom - topEdge) * index) / Math.max(1, gridLabels.length - 1);
        return (
          <g key={text}>
            <path className="gl" d={`M${left} ${at}H${width - 4}`} />
            <text x={left - 6} y={at + 3.5} textAnchor="end">
              {text}
            </text>
          </g>
        );
      })}
      <text x={left} y={height - 3}>
        −{slots} s
      </text>
      <text x={width - 4} y={height - 3} textAnchor="end">
        0 s
      </text>
      <path d={area} fill={color} opacity=".11" />
      <path d={line} fill="none" stroke={color} strokeWidth="1.5" strokeLinejoin="round" />
      {last !== undefined && <circle cx={x(shown.length - 1)} cy={y(last)} r="2.5" fill={color} />}
    </svg>
  );
}

/** One unit of the drawing is one pixel at any width, so that its words keep their size. */
function useDrawnWidth() {
  const ref = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(usualWidth);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
