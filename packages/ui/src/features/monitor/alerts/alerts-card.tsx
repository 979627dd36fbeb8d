import type { AlertRule, AlertState } from "@deskside/contract";
import { lazy, Suspense, useState } from "react";
import { useAlertCommands, useAlerts } from "../../../app/data/use-alerts.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, classNames, Icon, IconButton, Switch } from "../../../primitives/index.ts";
import { metricValue, ruleCondition } from "./alert-words.ts";

const AlertDialog = lazy(async () => ({ default: (await import("./alert-dialog.tsx")).AlertDialog }));

/** What Deskside watches by itself, with the newest values. */
export function AlertsCard() {
  const { t } = useText();
  const alerts = useAlerts();
  const [edited, setEdited] = useState<AlertRule | "new" | null>(null);
  const active = alerts?.filter(({ activeSince, rule }) => activeSince !== null && rule.enabled).length ?? 0;
  return (
    <section className="card" aria-labelledby="alerts-title">
      <div className="cardhead">
        <h2 className="med grow" id="alerts-title">
          {t("monitor.alerts.title")}
        </h2>
        {active > 0 && <Badge tone="warn">{t("monitor.alerts.active", { count: active })}</Badge>}
        <Button variant="quiet" size="xs" icon="plus" onClick={() => setEdited("new")}>
          {t("monitor.alerts.add")}
        </Button>
      </div>
      {alerts?.length === 0 && <p className="card-note ink3">{t("monitor.alerts.none")}</p>}
      {alerts?.map((alert) => (
        <AlertRow key={alert.rule.id} alert={alert} onEdit={() => setEdited(alert.rule)} />
      ))}
      <Suspense fallback={null}>
        {edited !== null && <AlertDialog rule={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      </Suspense>
    </section>
  );
}

function AlertRow({ alert, onEdit }: { alert: AlertState; onEdit: () => void }) {
  const text = useText();
  const { t, format } = text;
  const { save } = useAlertCommands();
  const { rule, value, activeSince } = alert;
  const active = activeSince !== null && rule.enabled;
  const name = t(`monitor.alerts.metric.${rule.metric}`);
  const condition = ruleCondition(rule, text);
  const since = activeSince === null ? undefined : t("monitor.alerts.since", { time: format.time(activeSince) });
  return (
    <div className="al" title={active ? since : undefined}>
      <Icon name={active ? "warning" : "check"} size={14} className={active ? "warn" : rule.enabled ? "ok" : "ink3"} />
      <span className="al-words">
        {name} <span className="ink3">{condition}</span>
      </span>
      <span className={classNames("med nowrap", active ? "warn" : value === null ? "ink3" : "ink2")}>
        {metricValue(rule.metric, value, text)}
      </span>
      <IconButton
        icon="edit"
        size="xs"
        label={`${t("monitor.alerts.edit")}${t("common.comma")}${name}`}
        onClick={onEdit}
      />
      <Switch
        checked={rule.enabled}
        label={t("monitor.alerts.switchLabel", { name, condition })}
        onChange={(enabled) => save({ ...rule, enabled })}
      />
    </div>
  );
}
