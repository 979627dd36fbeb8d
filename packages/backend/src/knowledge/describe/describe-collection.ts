import type { Collection, PersonalDataKind } from "@deskside/contract";
import type { IndexedCollection, IndexStats } from "@deskside/knowledge";

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
  const all = stats.collections.reduce((sum, one) => sum + one.passages, 0);
  return {
    ...{ id, name, kind, place: "here", settings, createdAt, passages, replaced },
    files: countFiles(own),
    pages: own?.files.reduce((sum, { pages }) => sum + pages, 0) ?? 0,
    // The index is one file: a collection's part is its share of the passages.
    indexBytes: all === 0 ? 0 : Math.round((stats.bytes * passages) / all),
    vectors: { model: nextModel ?? model, done: passages - (own?.waiting ?? passages), total: passages },
    watched: [...watched],
  };
}
