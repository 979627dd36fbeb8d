import type { AlertRule, AlertState } from "@deskside/contract";
import { unknown } from "../../../format/formats.ts";
import type { Text } from "../../../i18n/use-text.ts";

type Metric = AlertRule["metric"];

/** A value of a metric with its unit. */
export function metricValue(metric: Metric, value: number | null, { format, t }: Text): string {
  if (value === null) return t("monitor.notReported");
  switch (metric) {
    case "vram-percent":
    case "memory-percent":
      return format.percent(value / 100);
    case "gpu-temperature":
      return format.celsius(value);
    case "first-token-p99":
      return format.duration(value);
    case "crashes-per-hour":
      return Number.isFinite(value) ? format.number(value, 0) : unknown;
    case "free-disk":
      return format.bytes(value);
  }
}

/** "above 90% for 5 min 0 s" */
export function ruleCondition(rule: AlertRule, text: Text): string {
  const { t, format } = text;
  const threshold =
    rule.metric === "first-token-p99" ? format.span(rule.threshold) : metricValue(rule.metric, rule.threshold, text);
  const condition = t(`monitor.alerts.${rule.direction}`, { value: threshold });
  if (rule.durationMs === 0) return condition;
  return t("monitor.alerts.lasting", { condition, duration: format.span(rule.durationMs) });
}

/** Thresholds are typed in the unit that the form names: free disk in GB, all else as the metric counts. */
const typedUnit: Record<Metric, number> = {
  "vram-percent": 1,
  "memory-percent": 1,
  "gpu-temperature": 1,
  "first-token-p99": 1,
  "crashes-per-hour": 1,
  "free-disk": 1024 ** 3,
};

export function toTyped(metric: Metric, threshold: number): string {
  return String(Math.round((threshold / typedUnit[metric]) * 100) / 100);
}

/** Null for what is no number, or a negative one. */
export function fromTyped(metric: Metric, typed: string): number | null {
  const value = numberOf(typed);
  return value === null ? null : value * typedUnit[metric];
}

/** Typed seconds in milliseconds. */
export function fromSeconds(typed: string): number | null {
  const value = numberOf(typed);
  return value === null ? null : Math.round(value * 1000);
}

function numberOf(typed: string): number | null {
  const value = Number(typed.trim().replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(value) || value < 0 ? null : value;
}

/** The thresholds that charts show: of alerts that are switched on. */
export function chartLimits(alerts: readonly AlertState[]): { temperature: number | null; firstToken: number | null } {
  const of = (metric: Metric) =>
    alerts.find(({ rule }) => rule.enabled && rule.metric === metric)?.rule.threshold ?? null;
  return { temperature: of("gpu-temperature"), firstToken: of("first-token-p99") };
}
