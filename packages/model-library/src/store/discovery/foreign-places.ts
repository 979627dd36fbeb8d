import { posix, win32 } from "node:path";

export const foreignPrograms = ["lm-studio", "ollama", "jan", "gpt4all"] as const;
export type ForeignProgram = (typeof foreignPrograms)[number];

export interface ForeignPlace {
  readonly program: ForeignProgram;
  /** Absolute. */
  readonly path: string;
}

/** What decides where programs keep their models. */
export interface ForeignMachine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A file of another program that may name another folder. */
export interface ForeignSetting {
  readonly program: ForeignProgram;
  readonly path: string;
  /** The folder it names; null when it names none. */
  readonly read: (text: string) => string | null;
}

/**
 * Where each program keeps models unless told otherwise. Sources: lmstudio.ai/docs/app/basics/import-model (both
 * places), github.com/ollama/ollama docs/faq.md, jan.ai/docs data folder (current, and `jan` in the home of old
 * versions), docs.gpt4all.io settings ("Download Path").
 */
export function foreignPlaces(machine: ForeignMachine): ForeignPlace[] {
  const { home, platform } = machine;
  const { join } = pathsOn(platform);
  return [
    { program: "lm-studio", path: join(home, ".lmstudio", "models") },
    { program: "lm-studio", path: join(home, ".cache", "lm-studio", "models") },
    ...ollamaPlaces(machine),
    { program: "jan", path: join(appData(machine), "Jan", "data", "llamacpp", "models") },
    { program: "jan", path: join(appData(machine), "Jan", "data", "models") },
    { program: "jan", path: join(home, "jan", "models") },
    { program: "gpt4all", path: join(localData(machine), "nomic.ai", "GPT4All") },
  ];
}

function ollamaPlaces({ home, env, platform }: ForeignMachine): ForeignPlace[] {
  const { join } = pathsOn(platform);
  const set = env.OLLAMA_MODELS?.trim();
  const paths = [set || join(home, ".ollama", "models")];
  // The system service of the Linux installer runs as a user of its own.
  if (!set && platform === "linux") paths.push("/usr/share/ollama/.ollama/models", "/var/lib/ollama/models");
  return paths.map((path) => ({ program: "ollama", path }));
}

export function foreignSettings(machine: ForeignMachine): ForeignSetting[] {
  const { home, platform, env } = machine;
  const { join, isAbsolute } = pathsOn(platform);
  const absolute = (path: string | null): string | null => (path !== null && isAbsolute(path) ? path : null);
  const models = (path: string | null): string | null => (path === null ? null : join(path, "models"));
  const config = platform === "linux" ? env.XDG_CONFIG_HOME || join(home, ".config") : appData(machine);
  return [
    { program: "lm-studio", path: join(home, ".lmstudio-home-pointer"), read: (text) => models(absolute(text.trim())) },
    ...[join(home, ".lmstudio", "settings.json"), join(config, "LM Studio", "settings.json")].map(
      (path): ForeignSetting => ({
        ...{ program: "lm-studio", path },
        read: (text) => absolute(textIn(text, "downloadsFolder")),
      }),
    ),
    ...["llamacpp", ""].map(
      (engine): ForeignSetting => ({
        ...{ program: "jan", path: join(appData(machine), "Jan", "data", "settings.json") },
        read: (text) => {
          const folder = absolute(textIn(text, "data_folder"));
          return folder === null ? null : join(folder, engine, "models");
        },
      }),
    ),
    {
      program: "gpt4all",
      path: join(config, "nomic.ai", "GPT4All.ini"),
      read: (text) => absolute(iniValue(text, "modelPath")),
    },
  ];
}

/** A text value at the top of a JSON object. Null when the file is another. */
function textIn(text: string, key: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    const found: unknown = (value as Record<string, unknown>)[key];
    return typeof found === "string" && found !== "" ? found : null;
  } catch {
    // Another program's file: damaged or of a version we do not know. It then names no folder.
    return null;
  }
}

function iniValue(text: string, key: string): string | null {
  const line = text.split(/\r?\n/).find((candidate) => candidate.startsWith(`${key}=`));
  const value = line
    ?.slice(key.length + 1)
    .trim()
    .replace(/^"(.*)"$/, "$1");
  return value ? value : null;
}

function pathsOn(platform: NodeJS.Platform): typeof posix {
  return platform === "win32" ? win32 : posix;
}

/** Data that moves with the user. */
function appData(machine: ForeignMachine): string {
  const { join } = pathsOn(machine.platform);
  if (machine.platform === "win32") return machine.env.APPDATA || join(machine.home, "AppData", "Roaming");
  return localData(machine);
}

function localData({ platform, home, env }: ForeignMachine): string {
  const { join } = pathsOn(platform);
  if (platform === "win32") return env.LOCALAPPDATA || join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  return env.XDG_DATA_HOME || join(home, ".local", "share");
}
