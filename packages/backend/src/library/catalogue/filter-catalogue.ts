import type { CatalogueEntry, CatalogueQuery } from "@deskside/contract";

/** Entries that every filter lets through, in their order. */
export function filterCatalogue(
  entries: readonly CatalogueEntry[],
  query: Omit<CatalogueQuery, "limit">,
): CatalogueEntry[] {
  const words = wordsOf(query.text);
  const has = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  return entries.filter((entry) => {
    if (!has(query.roles, entry.role) || !has(query.sizeClasses, entry.sizeClass)) return false;
    if (query.reasoning !== null && entry.reasoning !== query.reasoning) return false;
    if (!hasLicence(entry, query.licences) || !hasLanguage(entry, query.languages)) return false;
    if (!hasSize(entry, query.maxFileBytes) || !hasGrade(entry, query.grades)) return false;
    if (words.length === 0) return true;
    const text = searchTextOf(entry);
    return words.every((word) => text.includes(word));
  });
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function searchTextOf(entry: CatalogueEntry): string {
  const { id, name, family, licence, files } = entry;
  const publishers = new Set(files.flatMap(({ publisher, repo }) => [publisher, repo]));
  return [id, name, family, licence.id, licence.name, ...publishers].join(" ").toLowerCase();
}

function hasLicence({ licence }: CatalogueEntry, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((id) => id.toLowerCase() === licence.id?.toLowerCase());
}

function hasLanguage({ languages }: CatalogueEntry, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((tag) => languages.includes(tag));
}

/** A file whose size nobody knows is none that is small enough. */
function hasSize({ files }: CatalogueEntry, most: number | null): boolean {
  return most === null || files.some(({ sizeBytes }) => sizeBytes !== null && sizeBytes <= most);
}

/** Of the recommended quantization; without a recommendation, of any file. */
function hasGrade({ files, best }: CatalogueEntry, wanted: CatalogueQuery["grades"]): boolean {
  if (wanted.length === 0) return true;
  const judged = best === null ? files : files.filter(({ quantization }) => quantization === best);
  return judged.some(({ fit }) => fit !== null && wanted.includes(fit.grade));
}
