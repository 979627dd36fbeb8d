import {
  deskError,
  type SettingEntry,
  type SettingKey,
  type Settings,
  settingKeys,
  settingSchemas,
} from "@deskside/contract";
import type { Principal, Workspace } from "@deskside/storage";
import type { EventHub } from "../system/event-hub.ts";

/** Values that the organisation fixes. Keys it does not know are left alone. */
export type SettingsPolicy = Readonly<Partial<Record<string, unknown>>>;

export interface SettingsService {
  list(principal: Principal): SettingEntry[];
  get<K extends SettingKey>(principal: Principal, key: K): Settings[K];
  /** Throws SETTING_LOCKED, INVALID_INPUT. */
  set(principal: Principal, key: SettingKey, value: unknown): SettingEntry;
  resetSection(principal: Principal, section: string): SettingEntry[];
}

export function createSettingsService(deps: {
  workspace: Workspace;
  events: EventHub;
  policy: SettingsPolicy;
}): SettingsService {
  const { settings } = deps.workspace;

  const entry = (principal: Principal, key: SettingKey): SettingEntry => {
    const schema = settingSchemas[key];
    const defaultValue = schema.parse(undefined);
    const fixed = key in deps.policy ? schema.safeParse(deps.policy[key]) : null;
    if (fixed?.success) return { key, value: fixed.data, defaultValue, locked: true };
    // A value that an older or newer version stored and this one does not know counts as not set.
    const stored = schema.safeParse(settings.getAll(principal)[key]);
    return { key, value: stored.success ? stored.data : defaultValue, defaultValue, locked: false };
  };

  return {
    list: (principal) => settingKeys.map((key) => entry(principal, key)),
    get: (principal, key) => entry(principal, key).value as never,
    set(principal, key, value) {
      if (entry(principal, key).locked) throw deskError("SETTING_LOCKED", { key });
      const parsed = settingSchemas[key].safeParse(value);
      if (!parsed.success) {
        throw deskError("INVALID_INPUT", {
          issues: parsed.error.issues.map(({ message }) => ({ path: key, message })),
        });
      }
      settings.set(principal, key, parsed.data);
      deps.events.publish({ type: "settings" });
      return entry(principal, key);
    },
    resetSection(principal, section) {
      const keys = settingKeys.filter((key) => key.startsWith(`${section}.`) && !entry(principal, key).locked);
      settings.remove(principal, keys);
      deps.events.publish({ type: "settings" });
      return settingKeys.map((key) => entry(principal, key));
    },
  };
}
