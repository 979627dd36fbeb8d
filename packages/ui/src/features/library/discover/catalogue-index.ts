import type { CatalogueEntry, CatalogueEntryFile, CatalogueFit, FitGrade } from "@deskside/contract";
import { fitOfFile } from "./file-fit.ts";

/** What is to be shown of the catalogue. Every filter narrows. */
export interface CatalogueFilter {
  readonly text: string;
  /** Only what fits, also with help from RAM. */
  readonly runsHere: boolean;
  readonly reasoning: boolean;
  /** Null = every role. */
  readonly role: CatalogueEntry["role"] | null;
  /** BCP 47 base tag; null = every language. */
  readonly language: string | null;
  /** As `licenceOf` names it; null = every licence. */
  readonly licence: string | null;
}

export const everything: CatalogueFilter = {
  ...{ text: "", runsHere: true, reasoning: false, role: null, language: null, licence: null },
};

/** Grades in the order of the groups, then what is too large, then what is not known. */
export const catalogueGroups = ["fits", "tight", "uses-ram", "too-large", "unknown"] as const;
export type CatalogueGroup = (typeof catalogueGroups)[number];

export interface IndexedEntry {
  readonly entry: CatalogueEntry;
  /** Lower case; everything that is searched. */
  readonly text: string;
  /** The file that suits this machine, or the one that comes closest. */
  readonly lead: CatalogueEntryFile | null;
  /** Of that file. */
  readonly fit: CatalogueFit | null;
  readonly group: CatalogueGroup;
  readonly languages: ReadonlySet<string>;
  readonly licence: string;
}

/** Made once for each catalogue, so that a keystroke only compares. Ordered as it is shown. */
export interface CatalogueIndex {
  readonly entries: readonly IndexedEntry[];
  readonly byId: ReadonlyMap<string, IndexedEntry>;
  readonly licences: readonly string[];
  readonly languages: readonly string[];
}

export interface FoundGroup {
  readonly group: CatalogueGroup;
  readonly entries: readonly IndexedEntry[];
}

export interface Found {
  readonly groups: readonly FoundGroup[];
  readonly count: number;
  /** Entries that match everything but `runsHere`. */
  readonly hidden: number;
}

export function createCatalogueIndex(entries: readonly CatalogueEntry[]): CatalogueIndex {
  const indexed = entries.map(indexEntry).sort(compareEntries);
  return {
    entries: indexed,
    byId: new Map(indexed.map((one) => [one.entry.id, one])),
    licences: distinct(indexed.map(({ licence }) => licence)),
    languages: distinct(indexed.flatMap(({ languages }) => [...languages])),
  };
}

export function findEntries(index: CatalogueIndex, filter: CatalogueFilter): Found {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const buckets = new Map<CatalogueGroup, IndexedEntry[]>();
  let count = 0;
  let hidden = 0;
  for (const one of index.entries) {
    if (!matches(one, filter, words)) continue;
    if (filter.runsHere && !runsHere(one)) {
      hidden++;
      continue;
    }
    count++;
    const bucket = buckets.get(one.group);
    if (bucket) bucket.push(one);
    else buckets.set(one.group, [one]);
  }
  const groups = catalogueGroups.flatMap((group) => {
    const found = buckets.get(group);
    return found ? [{ group, entries: found }] : [];
  });
  return { groups, count, hidden };
}

export function licenceOf({ licence }: CatalogueEntry): string {
  return licence.name ?? licence.id ?? "";
}

function matches(one: IndexedEntry, filter: CatalogueFilter, words: readonly string[]): boolean {
  if (filter.reasoning && !one.entry.reasoning) return false;
  if (filter.role !== null && one.entry.role !== filter.role) return false;
  if (filter.language !== null && !one.languages.has(filter.language)) return false;
  if (filter.licence !== null && one.licence !== filter.licence) return false;
  return words.every((word) => one.text.includes(word));
}

function runsHere({ group }: IndexedEntry): boolean {
  return group === "fits" || group === "tight" || group === "uses-ram";
}

function indexEntry(entry: CatalogueEntry): IndexedEntry {
  const lead = leadFile(entry);
  const fit = lead && fitOfFile(entry, lead);
  const licence = licenceOf(entry);
  const publishers = new Set(entry.files.flatMap(({ publisher, repo }) => [publisher, repo]));
  const words = [entry.id, entry.name, entry.family, licence, entry.licence.id ?? "", ...publishers];
  return {
    ...{ entry, lead, fit, licence, languages: new Set(entry.languages) },
    group: fit?.grade ?? "unknown",
    text: words.join("\n").toLowerCase(),
  };
}

const order: Record<FitGrade, number> = { fits: 0, tight: 1, "uses-ram": 2, "too-large": 3 };

/** The best one; without it the best grade there is, of those the smallest file: it comes closest. */
function leadFile(entry: CatalogueEntry): CatalogueEntryFile | null {
  const best = entry.files.find(({ quantization }) => quantization === entry.best);
  if (best) return best;
  const known = entry.files.filter((file) => fitOfFile(entry, file) !== null);
  const rank = ({ fit }: CatalogueEntryFile) => (fit ? order[fit.grade] : order["too-large"] + 1);
  return known.toSorted((a, b) => rank(a) - rank(b) || (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0))[0] ?? null;
}

/** Tokens a second that most people read at; slower answers keep them waiting. */
const readingSpeed = 5;

/** What keeps up with reading first; of those the larger, which answers better; then the newer. */
function compareEntries(a: IndexedEntry, b: IndexedEntry): number {
  const keepsUp = ({ fit }: IndexedEntry) => Number((fit?.tokensPerSecond ?? 0) >= readingSpeed);
  const speed = keepsUp(b) - keepsUp(a);
  const size = (b.entry.totalParametersB ?? 0) - (a.entry.totalParametersB ?? 0);
  return (
    speed || size || (b.entry.released ?? "").localeCompare(a.entry.released ?? "") || a.text.localeCompare(b.text)
  );
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter(Boolean).sort((a, b) => a.localeCompare(b));
}
