import type { Collection, PersonalDataKind } from "@deskside/contract";
import { type IndexedCollection, type IndexStats, placeOf } from "@deskside/knowledge";

type Sums = Collection["files"];

const noFiles: Sums = { total: 0, ready: 0, working: 0, waiting: 0, failed: 0, skipped: 0 };

/** Files of each state, as the interface groups them. */
export function countFiles(stats: IndexStats["collections"][number] | undefined): Sums {
  const sums = { ...noFiles };
  for (const { state, files } of stats?.files ?? []) {
    sums.total += files;
    if (state === "ready" || state === "missing") sums.ready += files;
    else if (state === "failed") sums.failed += files;
    else if (state === "duplicate") sums.skipped += files;
    else if (state === "waiting") sums.waiting += files;
    else sums.working += files;
  }
  return sums;
}

export function describeCollection(
  collection: IndexedCollection,
  stats: IndexStats,
  replaced: Partial<Record<PersonalDataKind, number>>,
): Collection {
  const { id, name, kind, settings, watched, model, nextModel, createdAt } = collection;
  const own = stats.collections.find((one) => one.id === id);
  const passages = own?.passages ?? 0;
  return {
    ...{ id, name, kind, place: placeOf(id), settings, createdAt, passages, replaced },
    files: countFiles(own),
    pages: own?.files.reduce((sum, { pages }) => sum + pages, 0) ?? 0,
    indexBytes: own?.bytes ?? 0,
    vectors: { model: nextModel ?? model, done: passages - (own?.waiting ?? passages), total: passages },
    watched: [...watched],
  };
}
