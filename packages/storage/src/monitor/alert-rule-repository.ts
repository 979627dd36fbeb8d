import { createId } from "@deskside/base";
import { type AlertRule, alertRuleSchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** What was decided about one rule; `rule` null = removed, also where it is one of the defaults. */
export interface StoredAlertRule {
  readonly ruleId: string;
  readonly rule: AlertRule | null;
}

/** Alert rules that differ from the defaults. */
export interface AlertRuleRepository {
  /** In the order they were first set. One that no longer fits its schema is left out, and logged. */
  list(principal: Principal): StoredAlertRule[];
  set(principal: Principal, rule: AlertRule): void;
  /** Remembered as removed. */
  remove(principal: Principal, ruleId: string): void;
}

const rowSchema = z.object({ rule_id: z.string(), rule: z.string().nullable() });

export function createAlertRuleRepository({ store, clock, log }: RepositoryContext): AlertRuleRepository {
  const put = (ownerId: string, ruleId: string, rule: string | null) => {
    const now = clock.now();
    store.write((revision) =>
      store.run(
        `INSERT INTO alert_rules (id, owner_id, rule_id, rule, updated_at, revision)
         VALUES (@id, @ownerId, @ruleId, @rule, @now, @revision)
         ON CONFLICT (owner_id, rule_id) DO UPDATE
         SET rule = excluded.rule, updated_at = excluded.updated_at, revision = excluded.revision`,
        { id: createId("alert", now), ownerId, ruleId, rule, now, revision },
      ),
    );
  };
  return {
    list: ({ ownerId }) =>
      store
        .all("SELECT rule_id, rule FROM alert_rules WHERE owner_id = @ownerId ORDER BY seq", { ownerId })
        .flatMap((row): StoredAlertRule[] => {
          const { rule_id: ruleId, rule } = rowSchema.parse(row);
          if (rule === null) return [{ ruleId, rule: null }];
          const parsed = alertRuleSchema.safeParse(parseJson(rule));
          if (parsed.success) return [{ ruleId, rule: parsed.data }];
          log.warn({ ruleId }, "a stored alert rule does not fit and is ignored");
          return [];
        }),
    set: ({ ownerId }, rule) => put(ownerId, rule.id, JSON.stringify(alertRuleSchema.parse(rule))),
    remove: ({ ownerId }, ruleId) => put(ownerId, ruleId, null),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Fits no schema, and is reported as that.
    return undefined;
  }
}
