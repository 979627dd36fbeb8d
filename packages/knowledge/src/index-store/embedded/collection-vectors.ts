import type { KnowledgeStore, PassageRange } from "@deskside/storage";
import { type CodeSet, createCodeSet } from "./code-set.ts";
import { bytesToFloats, dot, floatBytes, packVector, unpackVector } from "./vector-bytes.ts";
import { encodeVector, prepareQuestion } from "./vector-code.ts";

export interface Neighbour {
  readonly passage: number;
  readonly cosine: number;
}

export interface CosineMoments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Vectors of one collection under one model. */
export interface CollectionVectors {
  /** Stores vectors of new passages and, where the same text has one already, their numbers. */
  add(vectors: readonly NewPassageVector[]): void;
  forget(range: PassageRange): void;
  /** The nearest passages by exact cosine, best first. */
  nearest(question: Float32Array, ranges: readonly PassageRange[], limit: number): Neighbour[];
  /** Exact cosines of given passages; those without a vector are left out. */
  cosines(question: Float32Array, passages: readonly number[]): Map<number, number>;
  vectors(passages: readonly number[]): Map<number, Float32Array>;
  /** Of the cosines of everything here, from a sample; null when nothing is here. */
  moments(question: Float32Array): CosineMoments | null;
}

export interface NewPassageVector {
  readonly passage: number;
  readonly values: Float32Array;
  /** Of the embedding that is stored already; null = store it. */
  readonly embeddingSeq: number | null;
}

interface Place {
  readonly store: KnowledgeStore;
  readonly collection: number;
  readonly model: number;
  readonly dimensions: number;
}

/** Rows read at a time while codes are loaded or made anew. */
const rowsAtOnce = 4096;
const sampled = 512;
/** Estimates that are checked against the vectors themselves. */
const fewestChecked = 160;
/** The center settles quickly; beyond this many vectors codes are not made anew. */
const settledCenter = 16_384;

export function createCollectionVectors(place: Place): CollectionVectors {
  const { store, collection, model, dimensions } = place;
  let codes: CodeSet | null = null;
  let center = readCenter(place);

  const loaded = (): CodeSet => (codes ??= loadCodes(place));
  const readVectors = (passages: readonly number[]) =>
    new Map(
      store.vectors.vectors(model, passages).map(({ seq, vector }) => [seq, unpackVector(vector, dimensions)] as const),
    );
  const sample = createSample(() => loaded(), readVectors);
  return {
    add: (vectors) => {
      if (vectors.length === 0) return;
      const use = center ?? { values: meanOf(vectors, dimensions), coded: vectors.length };
      const rows = vectors.map((one) => toRow(one, use.values));
      store.transaction(() => {
        if (center === null) saveCenter(place, use);
        store.vectors.add(collection, model, rows);
      });
      center = use;
      // A passage that went while its vector was made has a code here that leads nowhere; see `nearest`.
      if (codes && !rows.every(({ passageSeq, code }) => codes?.add(passageSeq, code))) codes = null;
      const size = loaded().size;
      if (use.coded < settledCenter && size >= use.coded * 4) {
        center = recode(place);
        codes = null;
      }
    },
    forget: (range) => codes?.remove(range),
    nearest: (question, ranges, limit) => {
      if (!center) return [];
      const found = loaded().nearest(
        prepareQuestion(question, center.values),
        ranges,
        Math.max(fewestChecked, limit * 4),
      );
      const vectors = readVectors(found.map(({ passage }) => passage));
      return [...vectors]
        .map(([passage, vector]) => ({ passage, cosine: dot(question, vector) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, limit);
    },
    cosines: (question, passages) =>
      new Map([...readVectors(passages)].map(([passage, vector]) => [passage, dot(question, vector)] as const)),
    vectors: readVectors,
    moments: (question) => {
      const cosines = sample().map((vector) => dot(question, vector));
      if (cosines.length === 0) return null;
      const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
      const variance = cosines.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cosines.length;
      return { count: loaded().size, mean, deviation: Math.sqrt(variance) };
    },
  };
}

interface Center {
  readonly values: Float32Array;
  readonly coded: number;
}

function readCenter({ store, collection, model }: Place): Center | null {
  const row = store.vectors.center(collection, model);
  return row && { values: bytesToFloats(row.center), coded: row.coded };
}

function saveCenter({ store, collection, model }: Place, { values, coded }: Center): void {
  store.vectors.saveCenter(collection, model, { center: floatBytes(values), coded });
}

function loadCodes({ store, collection, model, dimensions }: Place): CodeSet {
  const set = createCodeSet(dimensions);
  for (let after = 0; ; ) {
    const rows = store.vectors.codes(collection, model, after, rowsAtOnce);
    for (const { seq, code } of rows) set.add(seq, code);
    const last = rows.at(-1);
    if (!last) return set;
    after = last.seq;
  }
}

/** A new center from everything that is there, and all codes relative to it, in one transaction. */
function recode(place: Place): Center {
  const { store, model, dimensions } = place;
  const set = loadCodes(place);
  const passages = set.sample(set.size);
  const values = new Float32Array(dimensions);
  const chunks = Array.from({ length: Math.ceil(passages.length / rowsAtOnce) }, (_, index) =>
    passages.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce),
  );
  const read = (chunk: readonly number[]) =>
    store.vectors.vectors(model, chunk).map(({ seq, vector }) => ({ seq, vector: unpackVector(vector, dimensions) }));
  for (const chunk of chunks) {
    for (const { vector } of read(chunk)) {
      for (let index = 0; index < dimensions; index++) {
        values[index] = (values[index] ?? 0) + (vector[index] ?? 0) / passages.length;
      }
    }
  }
  const center = { values, coded: passages.length };
  store.transaction(() => {
    saveCenter(place, center);
    for (const chunk of chunks) {
      store.vectors.saveCodes(
        model,
        read(chunk).map(({ seq, vector }) => ({ seq, code: encodeVector(vector, values) })),
      );
    }
  });
  return center;
}

function meanOf(vectors: readonly NewPassageVector[], dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (const { values } of vectors) {
    for (let index = 0; index < dimensions; index++) {
      mean[index] = (mean[index] ?? 0) + (values[index] ?? 0) / vectors.length;
    }
  }
  return mean;
}

function toRow({ passage, values, embeddingSeq }: NewPassageVector, center: Float32Array) {
  return {
    passageSeq: passage,
    code: encodeVector(values, center),
    vector: embeddingSeq === null ? packVector(values) : { embeddingSeq },
  };
}

/** Vectors evenly spread over the collection, read again when it has grown or shrunk by a quarter. */
function createSample(
  codes: () => CodeSet,
  readVectors: (passages: readonly number[]) => ReadonlyMap<number, Float32Array>,
): () => readonly Float32Array[] {
  let last: { readonly of: number; readonly vectors: readonly Float32Array[] } | null = null;
  return () => {
    const set = codes();
    if (!last || Math.abs(set.size - last.of) * 4 > last.of) {
      last = { of: set.size, vectors: [...readVectors(set.sample(sampled)).values()] };
    }
    return last.vectors;
  };
}
