import { isDesksideError } from "@deskside/base";
import { readServerAddress } from "@deskside/knowledge";
import { localUser, type SecretRepository } from "@deskside/storage";
import { z } from "zod";
import type { SettingsService } from "../../../settings/settings-service.ts";

/** Where the team's database is: the address is a setting, the password a secret of that account on that host alone. */
export interface ServerSettings {
  /** Without a password; null: none is set. */
  readonly address: string | null;
  readonly isLocked: boolean;
  readonly hasPassword: boolean;
  /** With the kept password, where the address is of the account it was kept for and names none itself. */
  withPassword(connectionString: string): string;
  /** Throws INVALID_INPUT, SETTING_LOCKED, KNOWLEDGE_SERVER_UNFIT. */
  set(connectionString: string): void;
  /** Throws SETTING_LOCKED. */
  remove(): void;
  /** What is kept for an address that is not set any more goes. */
  forgetOthers(): void;
}

const secretName = "knowledge.server";
const keptSchema = z.object({ account: z.string(), password: z.string() });

export function createServerSettings(deps: {
  readonly settings: SettingsService;
  readonly secrets: SecretRepository;
}): ServerSettings {
  const { settings, secrets } = deps;
  const entry = () => settings.list(localUser).find(({ key }) => key === secretName);
  const address = () => settings.get(localUser, secretName);
  const kept = () => {
    const text = secrets.get(localUser, secretName);
    return text === null ? null : keptSchema.parse(JSON.parse(text));
  };
  const passwordFor = (text: string) => {
    const found = kept();
    return found?.account === accountOf(text) ? found.password : null;
  };
  const forgetOthers = () => {
    const text = address();
    if (kept() !== null && (text === null || passwordFor(text) === null)) secrets.remove(localUser, secretName);
  };
  return {
    get address() {
      return address();
    },
    get isLocked() {
      return entry()?.locked ?? false;
    },
    get hasPassword() {
      const text = address();
      return text !== null && passwordFor(text) !== null;
    },
    withPassword(text) {
      const url = URL.parse(text);
      const password = url && url.password === "" ? passwordFor(text) : null;
      if (!url || password === null) return text;
      url.password = encodeURIComponent(password);
      return url.href;
    },
    set(text) {
      const { bare, password } = splitPassword(text);
      checkAddress(bare);
      const before = secrets.get(localUser, secretName);
      const account = accountOf(bare);
      // Before the address: whoever hears of it connects at once.
      if (password !== null) secrets.set(localUser, secretName, JSON.stringify({ account, password }));
      try {
        // A policy that names the address leaves the password to each person.
        if (bare !== address()) settings.set(localUser, secretName, bare);
      } catch (error) {
        if (before === null) secrets.remove(localUser, secretName);
        else secrets.set(localUser, secretName, before);
        throw error;
      }
      forgetOthers();
    },
    remove() {
      settings.set(localUser, secretName, null);
      forgetOthers();
    },
    forgetOthers,
  };
}

/** Whose password it is: it never goes to another host, port or account. */
function accountOf(text: string): string | null {
  const url = URL.parse(text);
  return url && `${url.username}@${url.hostname}:${url.port}`;
}

/** Both ways in which an address can carry one. */
function splitPassword(text: string): { bare: string; password: string | null } {
  const url = URL.parse(text);
  if (!url) return { bare: text, password: null };
  const password = url.password === "" ? url.searchParams.get("password") : decodeURIComponent(url.password);
  url.password = "";
  url.searchParams.delete("password");
  return { bare: url.href, password: password === "" ? null : password };
}

/** What is no address at all is told by the setting's own schema. */
function checkAddress(text: string): void {
  try {
    readServerAddress(text);
  } catch (error) {
    if (!isDesksideError(error, "KNOWLEDGE_SERVER_UNAVAILABLE")) throw error;
  }
}
