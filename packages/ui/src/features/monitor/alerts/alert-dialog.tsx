import { createId } from "@deskside/base";
import { type AlertRule, alertMetrics } from "@deskside/contract";
import { type ReactNode, useId, useState } from "react";
import { useAlertCommands } from "../../../app/data/use-alerts.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, NumberField, Segmented, SelectField } from "../../../primitives/index.ts";
import { fromSeconds, fromTyped, toTyped } from "./alert-words.ts";

const fresh: Omit<AlertRule, "id"> = {
  metric: "memory-percent",
  direction: "above",
  threshold: 90,
  durationMs: 60_000,
  enabled: true,
};

/** What is typed, and the rule it makes; null while it makes none. */
function useAlertForm(rule: AlertRule | null) {
  const start = rule ?? { ...fresh, id: "" };
  const [metric, setMetric] = useState(start.metric);
  const [direction, setDirection] = useState(start.direction);
  const [threshold, setThreshold] = useState(toTyped(start.metric, start.threshold));
  const [seconds, setSeconds] = useState(String(start.durationMs / 1000));
  const wanted = fromTyped(metric, threshold);
  const duration = fromSeconds(seconds);
  const build = (): AlertRule | null =>
    wanted === null || duration === null
      ? null
      : {
          id: rule?.id ?? createId("alert", Date.now()),
          metric,
          direction,
          threshold: wanted,
          durationMs: duration,
          enabled: start.enabled,
        };
  return {
    build,
    complete: wanted !== null && duration !== null,
    metric: { value: metric, set: setMetric },
    direction: { value: direction, set: setDirection },
    threshold: { value: threshold, set: setThreshold, bad: wanted === null },
    seconds: { value: seconds, set: setSeconds, bad: duration === null },
  };
}

type AlertForm = ReturnType<typeof useAlertForm>;

/** A reading, a threshold and how long it has to last. */
export function AlertDialog({ rule, onClose }: { rule: AlertRule | null; onClose: () => void }) {
  const { t } = useText();
  const { save, remove } = useAlertCommands();
  const form = useAlertForm(rule);
  const submit = () => {
    const built = form.build();
    if (!built) return;
    save(built);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(rule ? "monitor.alerts.editTitle" : "monitor.alerts.newTitle")}
      actions={
        <>
          {rule && (
            <Button
              variant="danger"
              onClick={() => {
                remove(rule.id);
                onClose();
              }}
            >
              {t("monitor.alerts.remove")}
            </Button>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={!form.complete} onClick={submit}>
            {t("monitor.alerts.save")}
          </Button>
        </>
      }
    >
      <AlertFields form={form} />
    </Dialog>
  );
}

function AlertFields({ form: { metric, direction, threshold, seconds } }: { form: AlertForm }) {
  const { t } = useText();
  return (
    <>
      <FormRow label={t("monitor.alerts.metricLabel")}>
        <SelectField
          label={t("monitor.alerts.metricLabel")}
          width={240}
          value={metric.value}
          options={alertMetrics.map((value) => ({ value, label: t(`monitor.alerts.metric.${value}`) }))}
          onChange={metric.set}
        />
      </FormRow>
      <FormRow label={t("monitor.alerts.directionLabel")}>
        <Segmented
          label={t("monitor.alerts.directionLabel")}
          value={direction.value}
          options={[
            { value: "above", label: t("monitor.alerts.directionAbove") },
            { value: "below", label: t("monitor.alerts.directionBelow") },
          ]}
          onChange={direction.set}
        />
      </FormRow>
      <TypedNumber
        label={t("monitor.alerts.thresholdLabel")}
        unit={t(`monitor.alerts.unit.${metric.value}`)}
        value={threshold.value}
        bad={threshold.bad}
        onChange={threshold.set}
      />
      <TypedNumber
        label={t("monitor.alerts.durationLabel")}
        unit={t("monitor.alerts.seconds")}
        value={seconds.value}
        bad={seconds.bad}
        onChange={seconds.set}
      />
    </>
  );
}

function FormRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="form-row">
      <span>{label}</span>
      {children}
    </div>
  );
}

function TypedNumber(props: {
  label: string;
  unit: string;
  value: string;
  bad: boolean;
  onChange: (value: string) => void;
}) {
  const { t } = useText();
  const { label, unit, value, bad, onChange } = props;
  const helpId = useId();
  return (
    <>
      <FormRow label={label}>
        <NumberField
          label={label}
          unit={unit}
          value={value}
          bad={bad}
          {...(bad && { describedBy: helpId })}
          onChange={onChange}
        />
      </FormRow>
      {bad && (
        <p className="help bad" id={helpId}>
          {t("monitor.alerts.invalid")}
        </p>
      )}
    </>
  );
}
