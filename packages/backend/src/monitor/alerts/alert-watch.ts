import type { Clock } from "@deskside/base";
import type { AlertRule, AlertState } from "@deskside/contract";
import { type AlertRuleRepository, localUser } from "@deskside/storage";
import type { Sample } from "../sampler.ts";
import { mergeAlertRules } from "./alert-rules.ts";
import { type AlertProgress, alertValue, nextAlert, quietAlert } from "./alert-state.ts";

/** The rules of this machine and how they stand. They belong to its user, whoever asks. */
export interface AlertWatch {
  readonly states: AlertState[];
  /** Looks at one more sample; calls `onChange` when an alert began or ended. */
  observe(sample: Sample): void;
  /** Throws STORE_READ_ONLY, DISK_FULL. */
  set(rule: AlertRule): void;
  remove(id: string): void;
}

export function createAlertWatch(deps: {
  store: AlertRuleRepository;
  clock: Clock;
  onChange: (states: AlertState[]) => void;
}): AlertWatch {
  const { store, clock, onChange } = deps;
  let rules = mergeAlertRules(store.list(localUser));
  let progress = new Map<string, AlertProgress>();

  const states = (): AlertState[] =>
    rules.map((rule) => {
      const { value, activeSince } = progress.get(rule.id) ?? quietAlert;
      return { rule, value, activeSince };
    });
  /** A rule that was changed starts anew. */
  const reload = () => {
    const before = new Map(rules.map((rule) => [rule.id, JSON.stringify(rule)]));
    rules = mergeAlertRules(store.list(localUser));
    const same = rules.filter((rule) => before.get(rule.id) === JSON.stringify(rule));
    progress = new Map(same.map(({ id }) => [id, progress.get(id) ?? quietAlert]));
    onChange(states());
  };

  return {
    get states() {
      return states();
    },
    observe({ sample, crashesLastHour }) {
      const time = { now: clock.now(), monotonic: clock.monotonic() };
      let changed = false;
      for (const rule of rules) {
        const before = progress.get(rule.id) ?? quietAlert;
        const after = nextAlert(before, rule, alertValue(rule.metric, sample, crashesLastHour), time);
        changed ||= (before.activeSince === null) !== (after.activeSince === null);
        progress.set(rule.id, after);
      }
      if (changed) onChange(states());
    },
    set(rule) {
      store.set(localUser, rule);
      reload();
    },
    remove(id) {
      store.remove(localUser, id);
      reload();
    },
  };
}
