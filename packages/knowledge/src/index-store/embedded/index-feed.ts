import { collectionOf, type KnowledgeStore } from "@deskside/storage";
import type { PendingPassage, VectorModel } from "../passage-index.ts";
import type { VectorSets } from "./embedded-index.ts";
import { embeddedTextOf, passageId, passageSeq } from "./stored-passages.ts";
import { unpackVector } from "./vector-bytes.ts";

/** Hands out the passages that wait for vectors and takes the vectors in. */
export interface IndexFeed {
  pending(model: VectorModel, limit: number): PendingPassage[];
  add(model: VectorModel, vectors: readonly { id: string; values: Float32Array }[]): void;
}

/** Looked at for texts that have a vector already, at a time. */
const lookedAtOnce = 256;

export function createIndexFeed(store: KnowledgeStore, sets: VectorSets): IndexFeed {
  const setOf = (collection: number, model: VectorModel) => {
    store.vectors.modelSeq(model);
    return sets.find(collection, model.id);
  };
  return {
    pending: (model, limit) => {
      const modelSeq = store.vectors.modelSeq(model);
      const texts = new Map<string, PendingPassage>();
      for (const collection of store.vectors.collectionsWaiting(modelSeq)) {
        linkKnown(collection, modelSeq, model);
        for (const passage of store.vectors.queued(collection, modelSeq, limit)) {
          if (texts.size >= limit) break;
          // The same text twice in a batch is embedded once; its double is linked the next time.
          const key = Buffer.from(passage.textHash).toString("base64");
          if (!texts.has(key)) texts.set(key, { id: passageId(passage.seq), text: embeddedTextOf(passage) });
        }
      }
      return [...texts.values()];
    },
    add: (model, vectors) => {
      const byCollection = new Map<number, { passage: number; values: Float32Array; embeddingSeq: null }[]>();
      for (const { id, values } of vectors) {
        const passage = passageSeq(id);
        if (passage === null || values.length !== model.dimensions)
          throw new Error(`no vector of ${model.id} for ${id}`);
        const collection = collectionOf(passage);
        byCollection.set(collection, [
          ...(byCollection.get(collection) ?? []),
          { passage, values, embeddingSeq: null },
        ]);
      }
      for (const [collection, rows] of byCollection) {
        setOf(collection, model)?.add(rows.sort((a, b) => a.passage - b.passage));
      }
    },
  };

  /** Texts that have a vector already get it without being embedded again. */
  function linkKnown(collection: number, modelSeq: number, model: VectorModel): void {
    for (;;) {
      const queued = store.vectors.queued(collection, modelSeq, lookedAtOnce);
      const known = queued.flatMap(({ seq, known: found }) =>
        found === null
          ? []
          : [
              {
                passage: seq,
                values: unpackVector(found.vector, model.dimensions),
                embeddingSeq: found.embeddingSeq,
              },
            ],
      );
      if (known.length === 0) return;
      setOf(collection, model)?.add(known);
    }
  }
}
