import { useEffect, useRef } from "react";
import { useAlerts } from "../../../app/data/use-alerts.ts";
import { useText } from "../../../i18n/use-text.ts";
import { toast } from "../../../primitives/index.ts";
import { metricValue, ruleCondition } from "../../monitor/alerts/alert-words.ts";

/** Tells each alert once when it begins; one that had begun before the window opened is only in the strip. */
export function useAlertToasts(): void {
  const text = useText();
  const alerts = useAlerts();
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!alerts) return;
    const active = alerts.filter(({ activeSince, rule }) => activeSince !== null && rule.enabled);
    const before = known.current;
    known.current = new Set(active.map(({ rule, activeSince }) => `${rule.id}/${activeSince}`));
    if (!before) return;
    for (const { rule, value, activeSince } of active) {
      if (before.has(`${rule.id}/${activeSince}`)) continue;
      toast({
        tone: "warn",
        id: `alert-${rule.id}`,
        text: text.t("monitor.alerts.began", {
          name: text.t(`monitor.alerts.metric.${rule.metric}`),
          condition: ruleCondition(rule, text),
        }),
        detail: text.t("monitor.alerts.beganDetail", { value: metricValue(rule.metric, value, text) }),
      });
    }
  }, [alerts, text]);
}
