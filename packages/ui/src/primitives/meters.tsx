import type { CSSProperties } from "react";
import { classNames } from "./class-names.ts";

export type MemoryPart = "weights" | "kv" | "buffer" | "other";

const partClass: Record<MemoryPart, string> = { weights: "w", kv: "k", buffer: "b", other: "o" };
const partOrder: readonly MemoryPart[] = ["weights", "kv", "buffer", "other"];

export interface FitBarProps {
  /** Bytes of each part; parts that are not known are left out, never guessed. */
  parts: Partial<Record<MemoryPart, number>>;
  /** Bytes of the whole bar. */
  totalBytes: number;
  /** The bar in words, with the figures. */
  label: string;
  /** Heights 6, 8 and 12. */
  size?: "sm" | "md" | "lg";
  /** Ground it stands on, for the gaps between parts. */
  ground?: "ground" | "pane" | "raised" | "surface";
}

/** Memory, drawn the same everywhere: full width = all the memory there is; weights, KV cache, buffers, others, free. */
export function FitBar({ parts, totalBytes, label, size = "md", ground = "ground" }: FitBarProps) {
  return (
    <span
      className={classNames("fit", size !== "md" && size)}
      role="img"
      aria-label={label}
      style={{ "--fit-gap": `var(--${ground})` } as CSSProperties}
    >
      {partOrder.map((part) => {
        const bytes = parts[part];
        if (bytes === undefined || bytes <= 0 || totalBytes <= 0) return null;
        return <i key={part} className={partClass[part]} style={width(bytes / totalBytes)} />;
      })}
    </span>
  );
}

export interface ComparedFitBarProps extends Pick<FitBarProps, "parts" | "label" | "ground"> {
  /** What may be used: the tick. Bytes. */
  limitBytes: number;
  /** What does not fit and goes to RAM. Bytes. */
  spillBytes: number;
  /** Bytes of the whole width, the same for all rows that are compared. */
  scaleBytes: number;
}

/** Rows that are compared share a scale; a tick marks the limit, and what is beyond it is hatched. */
export function ComparedFitBar(props: ComparedFitBarProps) {
  const { parts, label, ground = "raised", limitBytes, spillBytes, scaleBytes } = props;
  const limit = scaleBytes > 0 ? Math.min(1, limitBytes / scaleBytes) : 0;
  const spill = scaleBytes > 0 ? spillBytes / scaleBytes : 0;
  const over = limit + spill > 1;
  return (
    <span className="fitwrap" role="img" aria-label={label}>
      <span className="fit" style={{ "--fit-gap": `var(--${ground})`, width: percent(limit) } as CSSProperties}>
        {partOrder.map((part) => {
          const bytes = parts[part];
          if (bytes === undefined || bytes <= 0 || limitBytes <= 0) return null;
          return <i key={part} className={partClass[part]} style={width(bytes / limitBytes)} />;
        })}
      </span>
      <span className="lim" style={{ left: percent(limit) }} />
      {spillBytes > 0 && (
        <span
          className={classNames("x", over && "over")}
          style={{ left: percent(limit), width: percent(Math.min(spill, 1 - limit)) }}
        />
      )}
    </span>
  );
}

/** A fraction 0–1 of something, e.g. of a download or the context. Null draws an empty track. */
export function ProgressBar(props: { value: number | null; label?: string; tone?: "ok" | "warn" | "danger" | "idle" }) {
  const { value, label, tone } = props;
  const bar = <i style={width(value ?? 0)} />;
  if (label === undefined) {
    return (
      <span className={classNames("bar", tone)} aria-hidden="true">
        {bar}
      </span>
    );
  }
  return (
    <span
      className={classNames("bar", tone)}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : Math.round(value * 100)}
    >
      {bar}
    </span>
  );
}

function percent(fraction: number): string {
  return `${(Math.min(1, Math.max(0, fraction)) * 100).toFixed(2)}%`;
}

function width(fraction: number): CSSProperties {
  return { "--w": percent(fraction) } as CSSProperties;
}

export interface SparkProps {
  /** One value a second, oldest first; the line is drawn from the right edge when there are fewer than `slots`. */
  values: readonly number[];
  slots?: number;
  width?: number;
  height?: number;
  /** In words; without it the drawing is decoration beside its own figure. */
  label?: string;
}

/** A sparkline over the last minute. Its scale is its own highest value, so it shows shape, not size. */
export function Spark({ values, slots = 60, width: w = 64, height: h = 16, label }: SparkProps) {
  const shown = values.slice(-slots);
  const top = Math.max(1, ...shown);
  const step = w / Math.max(1, slots - 1);
  const offset = (slots - shown.length) * step;
  const points = shown.map(
    (value, index) => `${round(offset + index * step)} ${round(h - 0.5 - (value / top) * (h - 2))}`,
  );
  const line = points.length > 0 ? `M${points.join("L")}` : "";
  const area = points.length > 0 ? `${line}L${w} ${h}L${round(offset)} ${h}Z` : "";
  return (
    <svg
      className="spark"
      width={w}
      height={h}
      viewBox={`0 0 ${w} ${h}`}
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      <path className="a" d={area} />
      <path d={line} />
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
