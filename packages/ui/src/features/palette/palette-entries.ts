import type { Chat, EngineState, InstalledModel } from "@deskside/contract";
import type { IconName } from "../../primitives/index.ts";

export interface PaletteEntry {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  /** Other words it is found by, in both languages. */
  readonly synonyms?: string;
  readonly meta?: string;
  readonly keys?: string;
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly id: "chats" | "commands" | "models" | "collections";
  readonly entries: readonly PaletteEntry[];
}

export interface PaletteSources {
  readonly commands: readonly PaletteEntry[];
  readonly chats: readonly PaletteEntry[];
  readonly models: readonly PaletteEntry[];
  readonly collections: readonly PaletteEntry[];
}

const mostPerGroup = 20;

/** `>` asks for commands only, `@` for models, `#` for collections of documents; plain words search all of them. */
export function filterPalette(query: string, sources: PaletteSources): readonly PaletteGroup[] {
  const { scope, words } = readQuery(query);
  const pick = (entries: readonly PaletteEntry[], most = mostPerGroup) =>
    entries.filter((entry) => matches(entry, words)).slice(0, most);
  const groups: PaletteGroup[] = [];
  if (scope === "all")
    groups.push({ id: "chats", entries: pick(sources.chats, words.length === 0 ? 5 : mostPerGroup) });
  if (scope === "all" || scope === "commands") groups.push({ id: "commands", entries: pick(sources.commands) });
  if (scope === "models" || (scope === "all" && words.length > 0)) {
    groups.push({ id: "models", entries: pick(sources.models) });
  }
  if (scope === "collections" || (scope === "all" && words.length > 0)) {
    groups.push({ id: "collections", entries: pick(sources.collections) });
  }
  return groups.filter((group) => group.entries.length > 0);
}

const scopes = new Map([
  [">", "commands"],
  ["@", "models"],
  ["#", "collections"],
] as const);

type PaletteScope = "all" | "commands" | "models" | "collections";

/** What was typed is words for everything: a question can be made of it. */
export function isPlain(query: string): boolean {
  return query.trim() !== "" && readQuery(query).scope === "all";
}

function readQuery(query: string): { scope: PaletteScope; words: readonly string[] } {
  const trimmed = query.trimStart();
  const scope = [...scopes].find(([mark]) => trimmed.startsWith(mark))?.[1] ?? "all";
  const rest = scope === "all" ? trimmed : trimmed.slice(1);
  return { scope, words: rest.toLowerCase().split(/\s+/).filter(Boolean) };
}

function matches(entry: PaletteEntry, words: readonly string[]): boolean {
  const text = `${entry.label} ${entry.synonyms ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The label cut where the words of the query are, to mark them. */
export function markHits(label: string, query: string): readonly { text: string; hit: boolean }[] {
  const { words } = readQuery(query);
  const lower = label.toLowerCase();
  // A label whose length changes with its case (İ) cannot be cut by the positions of the other.
  if (words.length === 0 || lower.length !== label.length) return [{ text: label, hit: false }];
  const hit = Array.from(label, () => false);
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) {
      hit.fill(true, at, at + word.length);
    }
  }
  const parts: { text: string; hit: boolean }[] = [];
  for (let start = 0, end = 1; end <= label.length; end++) {
    if (end < label.length && hit[end] === hit[start]) continue;
    parts.push({ text: label.slice(start, end), hit: hit[start] ?? false });
    start = end;
  }
  return parts;
}

export function chatEntries(
  chats: readonly Chat[],
  options: { untitled: string; moment: (at: number) => string; open: (chatId: string) => void },
): readonly PaletteEntry[] {
  return chats.map((chat) => ({
    id: `chat/${chat.id}`,
    icon: "chat",
    label: chat.title || options.untitled,
    meta: options.moment(chat.updatedAt),
    run: () => options.open(chat.id),
  }));
}

export function modelEntries(
  models: readonly InstalledModel[],
  engines: readonly EngineState[],
  options: {
    loadLabel: (model: string) => string;
    unloadLabel: (model: string) => string;
    load: (modelId: string) => void;
    unload: (modelId: string) => void;
  },
): readonly PaletteEntry[] {
  return models
    .filter((model) => model.role === "chat" && model.problem === null)
    .map((model) => {
      const phase = engines.find((engine) => engine.model?.id === model.id)?.phase;
      const held = phase === "ready" || phase === "answering";
      return {
        id: `model/${model.id}`,
        icon: "cpu",
        label: held ? options.unloadLabel(model.name) : options.loadLabel(model.name),
        synonyms: `${model.id} ${model.quantization ?? ""}`,
        ...(model.quantization !== null && { meta: model.quantization }),
        run: () => (held ? options.unload(model.id) : options.load(model.id)),
      };
    });
}
