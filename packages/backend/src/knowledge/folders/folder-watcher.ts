import { type FSWatcher, watch } from "node:fs";
import { sep } from "node:path";
import { isDesksideError } from "@deskside/base";
import type { Collection } from "@deskside/contract";
import type { IndexedCollection, Owner } from "@deskside/knowledge";
import type { Logger } from "../../log/logger.ts";
import type { PlacedIndex } from "../places/placed-index.ts";
import { isAway } from "../places/server/is-away.ts";
import { listFiles } from "../files/list-files.ts";

/** Keeps collections in step with folders: new and changed files are read, those that went are removed. */
export interface FolderWatcher extends AsyncDisposable {
  /** After a start, and whenever the folders of a collection changed. */
  follow(collection: IndexedCollection): void;
  forget(collectionId: string): void;
}

export interface FolderWatcherDeps {
  readonly index: PlacedIndex;
  readonly owner: Owner;
  readonly log: Logger;
  readonly onAdded: () => void;
  readonly onRemoved: (documentId: string) => void;
  readonly onChange: (collectionId: string) => void;
}

/** A program that saves a file does so in several steps. */
const settleMs = 1_000;
/** Systems lose events, and some file systems send none. */
const compareEveryMs = 60_000;

interface Followed {
  readonly watchers: FSWatcher[];
  timer: NodeJS.Timeout | undefined;
  running: Promise<void> | null;
  again: boolean;
}

export function createFolderWatcher(deps: FolderWatcherDeps): FolderWatcher {
  return new Watcher(deps);
}

class Watcher implements FolderWatcher {
  readonly #deps: FolderWatcherDeps;
  readonly #followed = new Map<string, Followed>();
  readonly #every: NodeJS.Timeout;
  #closed = false;

  constructor(deps: FolderWatcherDeps) {
    this.#deps = deps;
    this.#every = setInterval(() => {
      for (const collectionId of this.#followed.keys()) void this.#compare(collectionId);
    }, compareEveryMs);
    this.#every.unref();
  }

  follow(collection: IndexedCollection): void {
    const { id, watched } = collection;
    this.forget(id);
    if (this.#closed || watched.length === 0) return;
    const watchers = watched.flatMap(({ path }) => watchFolder(path, () => this.#compareSoon(id)));
    this.#followed.set(id, { watchers, timer: undefined, running: null, again: false });
    void this.#compare(id);
  }

  forget(collectionId: string): void {
    const entry = this.#followed.get(collectionId);
    this.#followed.delete(collectionId);
    clearTimeout(entry?.timer);
    for (const one of entry?.watchers ?? []) one.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#every);
    const running = [...this.#followed.values()].flatMap((entry) => entry.running ?? []);
    for (const collectionId of this.#followed.keys()) this.forget(collectionId);
    await Promise.all(running);
  }

  #compareSoon(collectionId: string): void {
    const entry = this.#followed.get(collectionId);
    if (!entry || this.#closed) return;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void this.#compare(collectionId), settleMs);
    entry.timer.unref();
  }

  async #compare(collectionId: string): Promise<void> {
    const entry = this.#followed.get(collectionId);
    if (!entry || this.#closed) return;
    entry.again = true;
    entry.running ??= this.#compareWhileNeeded(collectionId, entry).finally(() => {
      entry.running = null;
    });
    await entry.running;
  }

  async #compareWhileNeeded(collectionId: string, entry: Followed): Promise<void> {
    const { index, owner, log } = this.#deps;
    try {
      while (entry.again && !this.#closed) {
        entry.again = false;
        await compareFolders(await index.getCollection(owner, collectionId), this.#deps);
      }
    } catch (error) {
      if (isDesksideError(error, "COLLECTION_NOT_FOUND") || this.#closed) return;
      // It is compared when the server answers again.
      if (isAway(error)) return;
      log.warn({ err: error, collectionId }, "a folder could not be compared");
    }
  }
}

/** Where the system cannot tell of changes, comparing now and then is enough. */
function watchFolder(path: string, onChange: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, { recursive: true, persistent: false }, onChange);
    watcher.on("error", onChange);
    return [watcher];
  } catch {
    return [];
  }
}

/** One look at the folders of a collection. A folder that cannot be read is `gone`: nothing of it is removed. */
async function compareFolders(collection: IndexedCollection, deps: FolderWatcherDeps): Promise<void> {
  const { index, owner } = deps;
  const states: Collection["watched"] = [];
  let isChanged = false;
  for (const { path } of collection.watched) {
    const files = await listFiles(path).catch((error: unknown) => {
      if (isDesksideError(error, "DOCUMENT_PATH_UNREADABLE")) return null;
      throw error;
    });
    states.push({ path, state: files === null ? "gone" : "watching" });
    if (files === null) continue;
    const known = await documentsUnder(deps, collection.id, path);
    for (const file of files) {
      const before = known.get(file.original);
      known.delete(file.original);
      if (before && before.bytes === file.bytes && before.modifiedAt === file.modifiedAt) continue;
      await index.addDocument(owner, collection.id, {
        ...{ path: file.path, originalPath: file.original, bytes: file.bytes, modifiedAt: file.modifiedAt },
      });
      isChanged = true;
    }
    for (const { id } of known.values()) {
      deps.onRemoved(id);
      await index.removeDocument(owner, id);
      isChanged = true;
    }
  }
  if (JSON.stringify(states) !== JSON.stringify(collection.watched)) {
    await index.changeCollection(owner, collection.id, { watched: states });
    isChanged = true;
  }
  if (!isChanged) return;
  deps.onChange(collection.id);
  deps.onAdded();
}

async function documentsUnder({ index, owner }: FolderWatcherDeps, collectionId: string, folder: string) {
  const under = new Map<string, { id: string; bytes: number; modifiedAt: number | null }>();
  const prefix = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  const page = 1000;
  for (let offset = 0; ; offset += page) {
    const documents = await index.listDocuments(owner, { collectionId, limit: page, offset });
    for (const { id, originalPath, bytes, modifiedAt } of documents)
      if (originalPath?.startsWith(prefix)) under.set(originalPath, { id, bytes, modifiedAt });
    if (documents.length < page) return under;
  }
}
