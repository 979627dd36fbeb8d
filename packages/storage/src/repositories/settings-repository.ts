import {
  deskError,
  type SettingKey,
  type Settings,
  type SettingValue,
  settingKeySchema,
  settingSchemas,
} from "@deskside/contract";
import type { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "./repository-context.ts";

/** Settings that differ from their defaults. */
export interface SettingsRepository {
  /** Stored values only. One that no longer fits its schema is left out, which means its default, and logged. */
  getAll(principal: Principal): Partial<Settings>;
  /** Undefined when it was never set. */
  get<K extends SettingKey>(principal: Principal, key: K): SettingValue<K> | undefined;
  /** Throws INVALID_INPUT when the value does not fit. Returns it as stored. */
  set<K extends SettingKey>(principal: Principal, key: K, value: unknown): SettingValue<K>;
  /** Back to the defaults. */
  remove(principal: Principal, keys: readonly SettingKey[]): void;
}

interface SettingRow {
  readonly key: string;
  readonly value: string;
}

export function createSettingsRepository(context: RepositoryContext): SettingsRepository {
  const { store, clock, log } = context;
  const getAll = ({ ownerId }: Principal): Partial<Settings> => {
    const rows = store.all("SELECT key, value FROM settings WHERE owner_id = @ownerId", { ownerId }) as SettingRow[];
    const entries = rows.flatMap((row) => {
      const key = settingKeySchema.safeParse(row.key);
      const value = key.success ? settingSchemas[key.data].safeParse(parseJson(row.value)) : null;
      if (value?.success) return [[row.key, value.data] as const];
      log.warn({ key: row.key }, "a stored setting does not fit and is ignored");
      return [];
    });
    return Object.fromEntries(entries);
  };
  return {
    getAll,
    get: (principal, key) => getAll(principal)[key],
    set: <K extends SettingKey>({ ownerId }: Principal, key: K, value: unknown) => {
      const parsed = settingSchemas[key].safeParse(value);
      if (!parsed.success) throw deskError("INVALID_INPUT", { issues: parsed.error.issues.map(toIssue) });
      store.write((revision) =>
        store.run(
          `INSERT INTO settings (owner_id, key, value, updated_at, revision)
           VALUES (@ownerId, @key, @value, @now, @revision)
           ON CONFLICT (owner_id, key) DO UPDATE
           SET value = excluded.value, updated_at = excluded.updated_at, revision = excluded.revision`,
          { ownerId, key, value: JSON.stringify(parsed.data), now: clock.now(), revision },
        ),
      );
      return parsed.data as SettingValue<K>;
    },
    remove: ({ ownerId }, keys) => {
      store.write(() => {
        for (const key of keys) {
          store.run("DELETE FROM settings WHERE owner_id = @ownerId AND key = @key", { ownerId, key });
        }
      });
    },
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

function toIssue(issue: z.core.$ZodIssue): { path: string; message: string } {
  return { path: issue.path.join("."), message: issue.message };
}
