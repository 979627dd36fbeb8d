import { isDesksideError } from "@deskside/base";
import { type BundleResult, type SettingKey, settingKeySchema } from "@deskside/contract";
import { localUser } from "@deskside/storage";
import type { SettingsService } from "../../settings/settings-service.ts";

type Skipped = BundleResult["skipped"];

/**
 * What makes sense on another computer: nothing of this machine's hardware and folders, no ids of models, nothing that
 * says whom to trust. A key that is not named here never travels, in either direction.
 */
const travelling: ReadonlySet<SettingKey> = new Set<SettingKey>([
  "general.language",
  "general.theme",
  "general.density",
  "general.zoom",
  "general.sendKey",
  "general.showReasoning",
  "network.proxy",
  "library.hubUrl",
  "library.mirrors",
  "library.privateFileHosts",
  "library.bytesPerSecond",
  "library.parallelDownloads",
  "library.downloadHours",
  "library.keepWarmMinutes",
]);

/** Those that differ from their defaults and are this person's own; `skipped`: addresses with a password in them. */
export function settingsToTravel(settings: SettingsService): {
  values: Record<string, unknown>;
  withSecrets: string[];
} {
  const values: Record<string, unknown> = {};
  const withSecrets: string[] = [];
  for (const { key, value, defaultValue, locked } of settings.list(localUser)) {
    if (!travelling.has(key) || locked || JSON.stringify(value) === JSON.stringify(defaultValue)) continue;
    if (holdsSecret(value)) withSecrets.push(key);
    else values[key] = value;
  }
  return { values, withSecrets };
}

/** An address with a name or password in it, at any depth. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(value);
  return Array.isArray(value) && value.some(holdsSecret);
}

/** Each by itself: one that this version does not know, or does not take, keeps none of the others out. */
export function takeSettings(bytes: Buffer, settings: SettingsService): { written: string[]; skipped: Skipped } {
  const written: string[] = [];
  const skipped: Skipped = [];
  for (const [name, value] of Object.entries(parseObject(bytes))) {
    const key = settingKeySchema.safeParse(name);
    if (!key.success || !travelling.has(key.data) || holdsSecret(value)) {
      skipped.push({ what: name.slice(0, 100), reason: "setting-unknown" });
      continue;
    }
    try {
      settings.set(localUser, key.data, value);
      written.push(key.data);
    } catch (error) {
      if (isDesksideError(error, "SETTING_LOCKED")) skipped.push({ what: name, reason: "setting-locked" });
      else if (isDesksideError(error, "INVALID_INPUT")) skipped.push({ what: name, reason: "setting-unknown" });
      else throw error;
    }
  }
  return { written, skipped };
}

/** They were signed, and are still somebody else's text: what is no object holds no settings. */
function parseObject(bytes: Buffer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}
