import type { Collection, CollectionSettings } from "@deskside/contract";
import type { IndexedCollection } from "@deskside/knowledge";
import type { Principal } from "@deskside/storage";
import { describeCollection } from "../describe/describe-collection.ts";
import { forgetOriginals } from "./forget-originals.ts";
import { type Changed, type KnowledgeDeps, mostListed } from "./knowledge-deps.ts";

type NewCollection = Pick<Collection, "name" | "settings" | "place">;

export function describeWith({ index, replaced }: Pick<KnowledgeDeps, "index" | "replaced">) {
  return async (principal: Principal, collection: IndexedCollection): Promise<Collection> =>
    describeCollection(collection, await index.stats(principal, [collection.id]), replaced(collection.id));
}

/** From the first file on it is known that vectors are wanted: without them none is ready. */
export async function createWithModel(
  { index, vectors }: Pick<KnowledgeDeps, "index" | "vectors">,
  principal: Principal,
  place: Collection["place"],
  input: Pick<IndexedCollection, "name" | "kind" | "settings">,
): Promise<IndexedCollection> {
  const made = await index.createCollection(principal, place, input);
  const model = await vectors.model();
  if (model === null) return made;
  await index.useModel(principal, made.id, model);
  return index.getCollection(principal, made.id);
}

export function createCollections(deps: KnowledgeDeps, changed: Changed) {
  const { index, queue } = deps;
  const describe = describeWith(deps);
  return {
    async listCollections(principal: Principal): Promise<Collection[]> {
      const parts = await index.listEverything(principal);
      return parts
        .flatMap(({ collections, stats }) =>
          collections
            .filter(({ kind }) => kind === "collection")
            .map((one) => describeCollection(one, stats, deps.replaced(one.id))),
        )
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    getCollection: async (principal: Principal, id: string) =>
      describe(principal, await index.getCollection(principal, id)),
    async createCollection(principal: Principal, input: NewCollection) {
      const { name, settings, place } = input;
      const made = await createWithModel(deps, principal, place, { name, settings, kind: "collection" });
      changed(made.id);
      return describe(principal, made);
    },
    async renameCollection(principal: Principal, id: string, name: string) {
      const collection = await index.changeCollection(principal, id, { name });
      changed(id);
      return describe(principal, collection);
    },
    /** What the change touches is read again. */
    async configureCollection(principal: Principal, id: string, settings: CollectionSettings) {
      const before = await index.getCollection(principal, id);
      const collection = await index.changeCollection(principal, id, { settings });
      if (JSON.stringify(before.settings) !== JSON.stringify(collection.settings)) {
        for (const document of await index.listDocuments(principal, { collectionId: id, limit: mostListed }))
          await index.changeDocument(principal, document.id, { state: "waiting", attempts: 0 });
        queue.wake();
      }
      changed(id);
      return describe(principal, collection);
    },
    removeCollection: (principal: Principal, id: string) => removeCollection(deps, changed, principal, id),
  };
}

/** With everything that was kept for it. */
export async function removeCollection(
  deps: KnowledgeDeps,
  changed: Changed,
  principal: Principal,
  id: string,
): Promise<void> {
  const { index, queue, folders } = deps;
  const documents = await index.listDocuments(principal, { collectionId: id, limit: mostListed });
  for (const document of documents) queue.drop(document.id);
  folders.forget(id);
  await index.removeCollection(principal, id);
  deps.forgetPersonalData(id);
  await forgetOriginals(deps, principal, documents);
  changed(id);
}
