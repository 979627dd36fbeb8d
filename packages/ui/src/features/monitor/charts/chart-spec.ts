import type { Column } from "../series/series-buffer.ts";

/** Names of colour tokens; the theme gives them their colours. */
export type ChartColor =
  | "--c-1"
  | "--c-2"
  | "--c-3"
  | "--c-4"
  | "--c-5"
  | "--mem-weights"
  | "--mem-kv"
  | "--mem-buffer"
  | "--mem-other";

export interface ChartLine {
  readonly label: string;
  readonly color: ChartColor;
  readonly values: Column;
  /** `area`: a tint below the line. `step`: holds its value until the next. */
  readonly style: "line" | "area" | "step";
  /** With its unit, for the table and the words of the chart. */
  readonly format: (value: number) => string;
}

/** One figure of a chart's head. */
export interface Reading {
  readonly value: string;
  readonly unit?: string;
  readonly note?: string;
  readonly color?: ChartColor;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  /** Drawn on top of each other when `stacked`, the first one at the bottom. */
  readonly lines: readonly ChartLine[];
  readonly stacked: boolean;
  /** The value at the top edge. */
  readonly top: number;
  /** Values with a grid line; bottom, middle and top where it is absent. */
  readonly grid?: readonly number[];
  readonly tick: (value: number) => string;
  readonly thresholds: readonly { readonly value: number; readonly label: string; readonly side?: "left" }[];
  /** Figures of one row; `null` = nothing was read yet. */
  readonly readings: (row: number | null) => readonly Reading[];
}

/** 1, 2 or 5 times a power of ten, at least `least`, so that the scale stays while the values move. */
export function niceTop(value: number | null, least: number): number {
  const wanted = Math.max(least, value ?? 0);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= wanted) ?? wanted;
}
