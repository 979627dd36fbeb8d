import { type Clock, systemClock } from "@deskside/base";
import { type KnowledgeStore, passageRange } from "@deskside/storage";
import type { IndexedCollection, IndexedDocument, PassageIndex, VectorModel } from "../passage-index.ts";
import { shareBytes } from "../share-bytes.ts";
import { type CollectionVectors, createCollectionVectors } from "./collection-vectors.ts";
import { createIndexFeed } from "./index-feed.ts";
import { searchPassages } from "./search-passages.ts";
import { passageSeq, toPassage, toRow } from "./stored-passages.ts";

/** Deleted at a time, so that a question between two steps does not wait long. */
const sweptAtOnce = 500;

/**
 * The index in `knowledge.db`. Every call runs to its end on the thread it is made on: a product process runs it in a
 * worker (`startIndexWorker`). Closing the index closes the store.
 */
export function createEmbeddedIndex(store: KnowledgeStore, clock: Clock = systemClock): PassageIndex {
  const sets = createVectorSets(store);
  const sweeper = createSweeper(store);
  return {
    ...createCollectionCalls(store, sets, sweeper),
    ...createDocumentCalls(store, sets),
    ...createPassageCalls(store, sets, clock),
    backup: async (path) => store.backup(path),
    close: async () => {
      sweeper.stop();
      store.close();
    },
  };
}

type CollectionCalls =
  | "createCollection"
  | "listCollections"
  | "getCollection"
  | "changeCollection"
  | "removeCollection";

function createCollectionCalls(
  store: KnowledgeStore,
  sets: VectorSets,
  sweeper: { start(): void },
): Pick<PassageIndex, CollectionCalls | "useModel"> {
  return {
    createCollection: async (owner, collection) => toCollection(store.collections.create(owner, collection)),
    listCollections: async (owner) => store.collections.list(owner).map(toCollection),
    getCollection: async (owner, id) => toCollection(store.collections.get(owner, id)),
    changeCollection: async (owner, id, change) => toCollection(store.collections.change(owner, id, change)),
    removeCollection: async (owner, id) => {
      const { seq } = store.collections.get(owner, id);
      store.collections.markRemoved(owner, id);
      sets.forget(seq, passageRange(seq));
      sweeper.start();
    },
    useModel: async (owner, id, model) => {
      const { seq } = store.collections.get(owner, id);
      store.vectors.want(seq, model && store.vectors.modelSeq(model));
      sets.forgetOthers(seq, model);
    },
  };
}

type DocumentCalls = "addDocument" | "getDocument" | "listDocuments" | "changeDocument" | "removeDocument";

function createDocumentCalls(
  store: KnowledgeStore,
  sets: VectorSets,
): Pick<PassageIndex, DocumentCalls | "saveText" | "readText"> {
  return {
    addDocument: async (owner, id, document) => toDocument(store.documents.add(owner, id, document)),
    getDocument: async (owner, id) => toDocument(store.documents.get(owner, id)),
    listDocuments: async (owner, filter) => store.documents.list(owner, filter).map(toDocument),
    changeDocument: async (owner, id, change) => store.documents.change(owner, id, change),
    removeDocument: async (owner, id) => {
      const forget = forgetLater(store, sets, owner, id);
      store.removeDocument(owner, id);
      forget();
    },
    saveText: async (owner, id, content) => store.documents.saveText(owner, id, content),
    readText: async (owner, id) => store.documents.readText(owner, id),
  };
}

type PassageCalls = "setPassages" | "readPassages" | "documentPassages" | "pendingPassages" | "setVectors";

function createPassageCalls(
  store: KnowledgeStore,
  sets: VectorSets,
  clock: Clock,
): Pick<PassageIndex, PassageCalls | "search" | "stats"> {
  const feed = createIndexFeed(store, sets);
  return {
    setPassages: async (owner, id, passages) => {
      const { seq, collection } = store.documents.get(owner, id);
      const forget = forgetLater(store, sets, owner, id);
      const collectionSeq = store.collections.get(owner, collection).seq;
      store.passages.replace({ seq, owner: owner.ownerId, collectionSeq }, passages.map(toRow));
      forget();
    },
    readPassages: async (owner, ids) =>
      store.passages
        .read(
          owner,
          ids.map(passageSeq).filter((seq) => seq !== null),
        )
        .map(toPassage),
    documentPassages: async (owner, id, { every }) => {
      const range = store.passages.rangeOf(store.documents.get(owner, id).seq);
      if (!range) return [];
      const count = Math.ceil((range.to - range.from + 1) / every);
      const seqs = Array.from({ length: count }, (_, position) => range.from + position * every);
      return store.passages.read(owner, seqs).map(toPassage);
    },
    pendingPassages: async (model, limit) => feed.pending(model, limit),
    setVectors: async (model, vectors) => feed.add(model, vectors),
    search: async (owner, query) =>
      searchPassages({ store, now: () => clock.monotonic(), vectorsOf: sets.find }, owner, query),
    stats: async (owner) => readStats(store, owner),
  };
}

/** What has to be forgotten in memory once a document's present passages are gone. */
function forgetLater(store: KnowledgeStore, sets: VectorSets, owner: { ownerId: string }, id: string): () => void {
  const { seq, collection } = store.documents.get(owner, id);
  const range = store.passages.rangeOf(seq);
  const collectionSeq = store.collections.get(owner, collection).seq;
  return () => {
    if (range) sets.forget(collectionSeq, range);
  };
}

export interface VectorSets {
  /** Null when no vector was ever wanted from this model. */
  find(collectionSeq: number, modelId: string): CollectionVectors | null;
  forget(collectionSeq: number, range: { from: number; to: number }): void;
  forgetOthers(collectionSeq: number, model: VectorModel | null): void;
}

function createVectorSets(store: KnowledgeStore): VectorSets {
  const sets = new Map<number, Map<string, CollectionVectors>>();
  return {
    find: (collection, id) => {
      const known = sets.get(collection)?.get(id);
      if (known) return known;
      const model = store.vectors.findModel(id);
      if (!model) return null;
      const made = createCollectionVectors({ store, collection, model: model.seq, dimensions: model.dimensions });
      sets.set(collection, (sets.get(collection) ?? new Map()).set(id, made));
      return made;
    },
    forget: (collection, range) => {
      for (const set of sets.get(collection)?.values() ?? []) set.forget(range);
    },
    // Codes of a model that was dropped are gone from the store; one that comes back is read again.
    forgetOthers: (collection) => void sets.delete(collection),
  };
}

/** Deletes what removed collections left, a step at a time, in this run or in one that follows. */
function createSweeper(store: KnowledgeStore) {
  let timer: NodeJS.Immediate | null = null;
  const step = () => {
    timer = null;
    if (store.sweep(sweptAtOnce)) timer = setImmediate(step);
  };
  const start = () => {
    if (store.readOnly === null) timer ??= setImmediate(step);
  };
  start();
  return { start, stop: () => timer && clearImmediate(timer) };
}

function toCollection({
  seq: _seq,
  ...collection
}: ReturnType<KnowledgeStore["collections"]["get"]>): IndexedCollection {
  return collection;
}

function toDocument({ seq: _seq, ...document }: ReturnType<KnowledgeStore["documents"]["get"]>): IndexedDocument {
  return { ...document, readHere: true };
}

function readStats(store: KnowledgeStore, owner: { ownerId: string }) {
  const counts = store.documents.counts(owner);
  const collections = store.collections.list(owner).map(({ id, seq, model, nextModel }) => {
    const files = counts.filter(({ collection }) => collection === id).map(({ collection: _id, ...count }) => count);
    const awaited = nextModel ?? model;
    const found = awaited === null ? null : store.vectors.findModel(awaited);
    const waiting = found === null ? 0 : store.vectors.countQueued(seq, found.seq);
    return { id, files, passages: files.reduce((sum, { passages }) => sum + passages, 0), waiting };
  });
  const bytes = store.bytes();
  return { bytes, collections: shareBytes(bytes, collections) };
}
