import type { AlertRule } from "@deskside/contract";
import type { StoredAlertRule } from "@deskside/storage";

const minute = 60_000;

/** What a new user gets. Two crashes in an hour are bad luck, the third is a fault: hence "above 2". */
export const defaultAlertRules: readonly AlertRule[] = [
  above("vram", "vram-percent", 90, 5 * minute),
  above("first-token", "first-token-p99", 500, minute),
  above("crashes", "crashes-per-hour", 2, 0),
  above("gpu-temperature", "gpu-temperature", 87, 30_000),
  { ...above("free-disk", "free-disk", 20 * 1024 ** 3, minute), direction: "below" },
  above("memory", "memory-percent", 95, minute),
];

function above(id: string, metric: AlertRule["metric"], threshold: number, durationMs: number): AlertRule {
  return { id, metric, direction: "above", threshold, durationMs, enabled: true };
}

/** The defaults, as far as they were not changed or removed, then the others. */
export function mergeAlertRules(stored: readonly StoredAlertRule[]): AlertRule[] {
  const decided = new Map(stored.map(({ ruleId, rule }) => [ruleId, rule]));
  const kept = defaultAlertRules.map((rule) => (decided.has(rule.id) ? decided.get(rule.id) : rule));
  const added = stored.filter(({ ruleId }) => !defaultAlertRules.some(({ id }) => id === ruleId));
  return [...kept, ...added.map(({ rule }) => rule)].filter((rule) => rule !== null && rule !== undefined);
}
