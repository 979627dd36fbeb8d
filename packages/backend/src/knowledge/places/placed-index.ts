import { withTimeout } from "@deskside/base";
import { type Collection, deskError, type TeamServer } from "@deskside/contract";
import {
  type IndexedCollection,
  type IndexStats,
  mergeSearches,
  type Owner,
  type PassageIndex,
  type PassageSearch,
  placeOf,
} from "@deskside/knowledge";
import { isAway } from "./server/is-away.ts";

export type Place = Collection["place"];

type OfOneId =
  | "getCollection"
  | "changeCollection"
  | "removeCollection"
  | "useModel"
  | "addDocument"
  | "getDocument"
  | "changeDocument"
  | "removeDocument"
  | "saveText"
  | "readText"
  | "setPassages"
  | "documentPassages";

/**
 * The index on this computer and the one on the team's server, as one: ids tell where to ask. What names something on
 * the server throws what the server throws; lists of everything show what answers.
 */
export interface PlacedIndex extends Pick<PassageIndex, OfOneId | "readPassages" | "search"> {
  /** Where collections can be. */
  readonly places: readonly Place[];
  createCollection(
    owner: Owner,
    place: Place,
    collection: Parameters<PassageIndex["createCollection"]>[1],
  ): Promise<IndexedCollection>;
  listCollections(owner: Owner, place: Place): Promise<IndexedCollection[]>;
  /** All collections of the places that answer, with their figures. */
  listEverything(owner: Owner): Promise<{ collections: IndexedCollection[]; stats: IndexStats }[]>;
  listDocuments(
    owner: Owner,
    filter: Parameters<PassageIndex["listDocuments"]>[1] & { readonly collectionId: string },
  ): ReturnType<PassageIndex["listDocuments"]>;
  /** Of the places of these ids. */
  stats(owner: Owner, ids: readonly string[]): Promise<IndexStats>;
}

export interface PlacedIndexes {
  readonly here: PassageIndex;
  readonly server: PassageIndex;
  readonly serverState: () => TeamServer["state"];
}

/** A list of everything waits no longer for a server that nobody has asked before. */
const answerMs = 10_000;
/** Found in each place, to be ranked together. */
const fromEach = 40;

export function createPlacedIndex(indexes: PlacedIndexes): PlacedIndex {
  const of = (id: string) => (placeOf(id) === "server" ? indexes.server : indexes.here);
  const isServerSet = () => indexes.serverState() !== "none";
  return {
    get places() {
      return isServerSet() ? (["here", "server"] as const) : (["here"] as const);
    },
    createCollection: (owner, place, collection) => {
      if (place === "server" && !isServerSet()) throw deskError("KNOWLEDGE_SERVER_NOT_SET", {});
      return indexes[place].createCollection(owner, collection);
    },
    listCollections: (owner, place) => indexes[place].listCollections(owner),
    listEverything: (owner) => listEverything(indexes, owner),
    getCollection: (owner, id) => of(id).getCollection(owner, id),
    changeCollection: (owner, id, change) => of(id).changeCollection(owner, id, change),
    removeCollection: (owner, id) => of(id).removeCollection(owner, id),
    useModel: (owner, id, model) => of(id).useModel(owner, id, model),
    addDocument: (owner, id, document) => of(id).addDocument(owner, id, document),
    listDocuments: (owner, filter) => of(filter.collectionId).listDocuments(owner, filter),
    getDocument: (owner, id) => of(id).getDocument(owner, id),
    changeDocument: (owner, id, change) => of(id).changeDocument(owner, id, change),
    removeDocument: (owner, id) => of(id).removeDocument(owner, id),
    saveText: (owner, id, content) => of(id).saveText(owner, id, content),
    readText: (owner, id) => of(id).readText(owner, id),
    setPassages: (owner, id, passages) => of(id).setPassages(owner, id, passages),
    documentPassages: (owner, id, options) => of(id).documentPassages(owner, id, options),
    readPassages: async (owner, ids) => {
      const read = await Promise.all(byPlace(ids).map(([place, own]) => indexes[place].readPassages(owner, own)));
      return read.flat().sort((a, b) => ids.indexOf(a.passageId) - ids.indexOf(b.passageId));
    },
    search: (owner, query) => searchPlaces(indexes, owner, query),
    stats: async (owner, ids) => {
      const parts = await Promise.all(byPlace(ids).map(([place]) => indexes[place].stats(owner)));
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      return { bytes, collections: parts.flatMap(({ collections }) => collections) };
    },
  };
}

function byPlace(ids: readonly string[]): [Place, string[]][] {
  return [...Map.groupBy(ids, placeOf)];
}

/** From this computer for certain, and from the server when it answers. */
async function listEverything({ here, server, serverState }: PlacedIndexes, owner: Owner) {
  const list = async (index: PassageIndex) => {
    const [collections, stats] = await Promise.all([index.listCollections(owner), index.stats(owner)]);
    return { collections, stats };
  };
  const isAsked = ["ready", "untried"].includes(serverState());
  const [own, others] = await Promise.all([list(here), isAsked ? unlessAway(list(server)) : []]);
  return [own, ...others];
}

async function unlessAway<T>(asked: Promise<T>): Promise<T[]> {
  const late = deskError("KNOWLEDGE_SERVER_UNAVAILABLE", { host: "", detail: "slow" });
  try {
    return [await withTimeout(asked, answerMs, () => late)];
  } catch (error) {
    // That it is away is told by its state, and by whatever names a collection there.
    if (!isAway(error)) throw error;
    return [];
  }
}

async function searchPlaces(
  indexes: PlacedIndexes,
  owner: Owner,
  query: Parameters<PassageIndex["search"]>[1],
): Promise<PassageSearch> {
  const parts = byPlace(query.scope.ids);
  const [[place] = ["here" as const]] = parts;
  if (parts.length < 2) return indexes[place].search(owner, query);
  const limit = Math.max(fromEach, query.limit * 2);
  const searches = await Promise.all(
    parts.map(([where, ids]) =>
      indexes[where].search(owner, { ...query, limit, scope: { kind: query.scope.kind, ids } }),
    ),
  );
  return mergeSearches(query.text, searches, query.limit);
}
