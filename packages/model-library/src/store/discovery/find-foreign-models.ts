import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, relative, sep } from "node:path";
import { splitPattern } from "../../gguf/split-parts.ts";
import { readBounded } from "../disk/read-bounded.ts";
import { findGgufFiles, linkTargetOf } from "./find-gguf-files.ts";
import {
  type ForeignMachine,
  type ForeignPlace,
  type ForeignProgram,
  foreignPlaces,
  foreignSettings,
} from "./foreign-places.ts";
import { findOllamaModels } from "./ollama-models.ts";

/** A model file of another program, used where it lies with `ModelStore.link`. */
export interface FoundModel {
  readonly program: ForeignProgram;
  /** As that program shows it. */
  readonly name: string;
  /** Absolute, links followed; of the first part. The same as the store's path once it is linked. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Where the program names its files by it; else null. */
  readonly sha256: string | null;
}

export interface FoundModels {
  readonly models: readonly FoundModel[];
  /** Folders that are there and could not be read. */
  readonly unreadable: readonly string[];
  /** A folder was larger than what is looked at. */
  readonly isCut: boolean;
}

const mostSettingBytes = 1024 * 1024;

/** Models of LM Studio, Ollama, Jan and GPT4All. Reads names and sizes only; nothing is copied or changed. */
export async function findForeignModels(
  options: { machine?: ForeignMachine; signal?: AbortSignal } = {},
): Promise<FoundModels> {
  const machine = options.machine ?? { platform: process.platform, home: homedir(), env: process.env };
  const models = new Map<string, FoundModel>();
  const unreadable: string[] = [];
  let isCut = false;
  for (const place of await existingPlaces(machine)) {
    const found = await findAt(place, options.signal ? { signal: options.signal } : {});
    unreadable.push(...found.unreadable);
    isCut ||= found.isCut;
    for (const model of found.models) {
      const key = `${model.program}\0${model.path}\0${model.name}`;
      if (!models.has(key)) models.set(key, model);
    }
  }
  return { models: [...models.values()], unreadable, isCut };
}

/** The usual places and those the programs' own settings name; each once. */
async function existingPlaces(machine: ForeignMachine): Promise<ForeignPlace[]> {
  const places = foreignPlaces(machine);
  for (const { program, path, read } of foreignSettings(machine)) {
    const named = read(await readBounded(path, mostSettingBytes).catch(() => ""));
    if (named !== null) places.push({ program, path: named });
  }
  const existing = new Map<string, ForeignPlace>();
  for (const place of places) {
    const info = await stat(place.path).catch(() => null);
    if (info?.isDirectory()) existing.set(`${place.program}\0${info.dev}\0${info.ino}`, place);
  }
  return [...existing.values()];
}

async function findAt(place: ForeignPlace, options: { signal?: AbortSignal }): Promise<FoundModels> {
  const { program } = place;
  if (program === "ollama") {
    const { models, unreadable } = await findOllamaModels(place.path, options);
    return { models: await withTargets(models.map((model) => ({ program, ...model }))), unreadable, isCut: false };
  }
  const { files, unreadable, isCut } = await findGgufFiles(place.path, options);
  const models = files
    // GPT4All gives an unfinished download this name; a projector is no model of its own.
    .filter(({ path }) => !/^(?:incomplete-|mmproj)/i.test(basename(path)))
    .map(({ path, sizeBytes }) => ({
      program,
      name: nameOf(program, place.path, path),
      path,
      sizeBytes,
      sha256: null,
    }));
  return { models: await withTargets(models), unreadable, isCut };
}

/** Known by the same path as the store knows a linked file. One that went away meanwhile is left out. */
async function withTargets(models: readonly FoundModel[]): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for (const model of models) {
    const path = await linkTargetOf(model.path).catch(() => null);
    if (path !== null) found.push({ ...model, path });
  }
  return found;
}

function nameOf(program: ForeignProgram, root: string, path: string): string {
  const file = basename(path)
    .replace(splitPattern, "")
    .replace(/\.gguf$/i, "");
  if (program !== "jan") return file;
  // Jan calls every file `model.gguf` and names the folder.
  const folders = relative(root, path).split(sep).slice(0, -1);
  return file === "model" && folders.length > 0 ? folders.join("/") : file;
}
