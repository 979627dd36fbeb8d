import { type KnowledgeStore, type PassageRange, passageRange, type StoredPassage } from "@deskside/storage";
import { type FoundPassage, rankPassages } from "../../retrieve/rank-passages.ts";
import { readQuestion } from "../../retrieve/question-terms.ts";
import type { Owner, PassageHit, PassageQuery, PassageSearch } from "../passage-index.ts";
import type { CollectionVectors, CosineMoments, Neighbour } from "./collection-vectors.ts";
import { searchWords } from "./word-search.ts";
import { embeddedTextOf, toPassage } from "./stored-passages.ts";

/** A collection in the scope of a question and the ranges of its passages that are. */
interface Part {
  readonly collection: number;
  readonly model: string | null;
  readonly ranges: readonly PassageRange[];
  readonly passages: number;
}

export interface SearchParts {
  readonly store: KnowledgeStore;
  readonly now: () => number;
  vectorsOf(collectionSeq: number, model: string): CollectionVectors | null;
}

/** Passages that words, and vectors, hand on to the joint ranking. */
const fromEach = 40;

export function searchPassages(parts: SearchParts, owner: Owner, query: PassageQuery): PassageSearch {
  const { store, now } = parts;
  const start = now();
  const scope = readScope(store, owner, query.scope);
  const question = readQuestion(query.text);
  const wanted = Math.max(fromEach, query.limit * 2);
  const ranges = scope.flatMap((part) => part.ranges);
  const words = searchWords(store, question.terms, ranges, wanted);
  const near = searchVectors(parts, scope, query, wanted);
  const seqs = [...new Set([...words.hits.map(({ passage }) => passage), ...near.hits.map(({ passage }) => passage)])];
  const rows = store.passages.read(owner, seqs);
  const vectors = near.vectorsOf(
    rows.map(({ seq }) => seq),
    (query.diversity ?? 0) > 0,
  );
  const wordScores = new Map(words.hits.map(({ passage, score }) => [passage, score]));
  const found: FoundPassage[] = rows.map((row) => ({
    searched: embeddedTextOf(row),
    wordHit: wordScores.get(row.seq) ?? null,
    cosine: vectors.cosines.get(row.seq) ?? null,
    vector: vectors.values.get(row.seq) ?? null,
  }));
  const passages = scope.reduce((sum, part) => sum + part.passages, 0);
  const { ranked, coverage } = rankPassages(question, found, {
    limit: query.limit,
    diversity: query.diversity ?? 0,
    cosines: near.moments,
    statistics: { passages, frequency: (key) => words.frequencies.get(key) ?? 0 },
  });
  const hits = ranked.flatMap(({ at, score, fullText, deviations }): PassageHit[] => {
    const row = rows[at] as StoredPassage;
    return [{ ...toPassage(row), score, fullText, vector: found[at]?.cosine ?? null, deviations }];
  });
  const frequencies = Object.fromEntries(words.frequencies);
  return { hits, passages, frequencies, coverage, cosines: near.moments, ms: now() - start };
}

function readScope(store: KnowledgeStore, owner: Owner, scope: PassageQuery["scope"]): Part[] {
  if (scope.kind === "collections") {
    return scope.ids.map((id) => {
      const { seq, model } = store.collections.get(owner, id);
      return { collection: seq, model, ranges: [passageRange(seq)], passages: store.passages.count(seq) };
    });
  }
  const byCollection = new Map<string, PassageRange[]>();
  for (const id of scope.ids) {
    const document = store.documents.get(owner, id);
    const range = store.passages.rangeOf(document.seq);
    const ranges = byCollection.get(document.collection) ?? [];
    byCollection.set(document.collection, range ? [...ranges, range] : ranges);
  }
  return [...byCollection].map(([id, ranges]) => {
    const { seq, model } = store.collections.get(owner, id);
    // A document's passages are numbered without gaps.
    const passages = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return { collection: seq, model, ranges, passages };
  });
}

function searchVectors(parts: SearchParts, scope: readonly Part[], query: PassageQuery, limit: number) {
  const { vector } = query;
  const sets = scope.flatMap(({ collection, model, ranges }) => {
    const vectors = vector !== null && model === vector.model ? parts.vectorsOf(collection, model) : null;
    return vectors === null ? [] : [{ vectors, ranges }];
  });
  const hits: Neighbour[] = [];
  const moments: CosineMoments[] = [];
  if (vector !== null) {
    for (const { vectors, ranges } of sets) {
      hits.push(...vectors.nearest(vector.values, ranges, limit));
      moments.push(...[vectors.moments(vector.values)].filter((own) => own !== null));
    }
  }
  return {
    hits: hits.sort((a, b) => b.cosine - a.cosine).slice(0, limit),
    moments: poolMoments(moments),
    vectorsOf: (seqs: readonly number[], withValues: boolean) => {
      const known = new Map(hits.map(({ passage, cosine }) => [passage, cosine] as const));
      const missing = seqs.filter((seq) => !known.has(seq));
      const entries =
        vector === null ? [] : sets.flatMap(({ vectors }) => [...vectors.cosines(vector.values, missing)]);
      return {
        cosines: new Map([...known, ...entries]),
        values: new Map(withValues ? sets.flatMap(({ vectors }) => [...vectors.vectors(seqs)]) : []),
      };
    },
  };
}

/** Mean and deviation over several collections, each weighing as much as it has passages. */
export function poolMoments(moments: readonly CosineMoments[]): { mean: number; deviation: number } | null {
  const count = moments.reduce((sum, own) => sum + own.count, 0);
  if (count === 0) return null;
  const mean = moments.reduce((sum, own) => sum + own.mean * own.count, 0) / count;
  const square =
    moments.reduce((sum, own) => sum + (own.deviation ** 2 + (own.mean - mean) ** 2) * own.count, 0) / count;
  return { mean, deviation: Math.sqrt(square) };
}
