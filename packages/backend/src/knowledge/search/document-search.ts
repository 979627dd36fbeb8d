import { deskError, type Scope, type SearchHit } from "@deskside/contract";
import {
  findTerms,
  type Owner,
  type PassageHit,
  type PassageSearch,
  type Retrieved,
  type RetrievedPassage,
  rewriteQuestion,
  type TermStatistics,
} from "@deskside/knowledge";
import type { EmbeddingEngine, Vectors } from "../../engines/embedding/embedding-engine.ts";
import type { DocumentSearch, LookUpQuestion } from "../../generation/documents/look-up.ts";
import type { VectorFiller } from "../ingest/vector-filler.ts";
import type { PlacedIndex } from "../places/placed-index.ts";
import { scopeIds } from "./scope-ids.ts";

export interface SearchDeps {
  readonly index: PlacedIndex;
  readonly embedding: EmbeddingEngine;
  readonly vectors: VectorFiller;
}

export interface FoundPassages {
  /** Collections that were searched. */
  readonly ids: readonly string[];
  readonly hits: readonly PassageHit[];
  readonly search: PassageSearch;
  readonly files: number;
  readonly question: Float32Array | null;
  readonly modes: Pick<Retrieved["report"], "fullText" | "vectors">;
}

/** Passages an answer may look at; the prompt takes fewer. */
const answerPassages = 16;
/** Passages of a chat's files that are read whole: about 6,000 tokens, and every sentence of them is compared. */
const mostWhole = 24;

export function createDocumentSearch(deps: SearchDeps): DocumentSearch {
  return {
    async retrieve(principal, question, signal) {
      const started = performance.now();
      const rewritten = rewriteQuestion(question.question, question.earlier);
      const text = rewritten ?? question.question;
      const found = await searchScope(deps, principal, { ...question, text, limit: answerPassages }, signal);
      if (found.search.passages === 0) throw await nothing(deps.index, principal, question);
      const passages = found.hits.map((hit) => toRetrieved(hit, text));
      const whole = question.scope.kind === "chat" ? await readWhole(deps.index, principal, found, text) : null;
      const { cosines } = found.search;
      const embed = found.question !== null && cosines !== null ? embedSentences(deps.embedding) : null;
      return {
        ...{ question: question.question, rewritten, passages, whole },
        statistics: statisticsOf(found.search),
        report: {
          files: found.files,
          passages: found.search.passages,
          ms: performance.now() - started,
          ...found.modes,
        },
        sentenceDeviations:
          embed === null || found.question === null || cosines === null
            ? null
            : async (sentences, at) => {
                const vectors = await embed(sentences, at);
                const asked = found.question ?? new Float32Array();
                const spread = cosines.deviation || 1;
                return sentences.map((_, row) => (dot(vectors, row, asked) - cosines.mean) / spread);
              },
        likeness:
          embed === null
            ? null
            : async (statements, sentences, at) => {
                const [left, right] = [await embed(statements, at), await embed(sentences, at)];
                return statements.map((_, row) =>
                  calibrate(sentences.map((__, other) => dot(right, other, rowOf(left, row)))),
                );
              },
      };
    },
  };
}

function toRetrieved(hit: PassageHit, query: string): RetrievedPassage {
  return {
    ...toSearchHit(hit, query),
    context: [hit.context.title, ...hit.context.sections].join(" › "),
    deviations: hit.deviations,
  };
}

/** What is attached to a chat, as far as a model can read it at once. */
async function readWhole(
  index: PlacedIndex,
  owner: Owner,
  { ids, search }: FoundPassages,
  query: string,
): Promise<RetrievedPassage[] | null> {
  if (search.passages > mostWhole) return null;
  const documents = (
    await Promise.all(ids.map((collectionId) => index.listDocuments(owner, { collectionId, limit: mostWhole })))
  ).flat();
  const passages = await Promise.all(documents.map(({ id }) => index.documentPassages(owner, id, { every: 1 })));
  const found = new Map(search.hits.map((hit) => [hit.passageId, hit]));
  return passages
    .flat()
    .map((passage) =>
      toRetrieved(
        found.get(passage.passageId) ?? { ...passage, score: 0, fullText: null, vector: null, deviations: null },
        query,
      ),
    );
}

/** Searches by words, and by meaning where the model can be had; says which of the two worked. */
export async function searchScope(
  { index, embedding, vectors }: SearchDeps,
  owner: Owner,
  query: { scope: Scope; chatId: string | null; text: string; limit: number },
  signal: AbortSignal | undefined,
): Promise<FoundPassages> {
  const ids = await scopeIds(index, owner, query.scope, query.chatId);
  const model = await vectors.model();
  const options = signal === undefined ? {} : { signal };
  const before = await index.stats(owner, ids);
  const isEmpty = !before.collections.some(({ id, passages }) => ids.includes(id) && passages > 0);
  const embedded = model === null || isEmpty ? null : await embedding.embedQueries([query.text], options);
  const values = embedded === null ? null : rowOf(embedded, 0);
  const search = await index.search(owner, {
    ...{ scope: { kind: "collections", ids }, text: query.text, limit: query.limit },
    vector: model === null || values === null ? null : { model: model.id, values },
  });
  const stats = await index.stats(owner, ids);
  const own = stats.collections.filter(({ id }) => ids.includes(id));
  const waiting = own.reduce((sum, one) => sum + one.waiting, 0);
  const files = own.reduce((sum, one) => sum + one.files.reduce((count, { files: n }) => count + n, 0), 0);
  const byMeaning = model === null ? "no-model" : search.cosines === null || waiting > 0 ? "indexing" : "on";
  const byWords = search.passages > 0 && search.coverage < foreignCoverage ? "other-language" : "on";
  return { ids, hits: search.hits, search, files, question: values, modes: { fullText: byWords, vectors: byMeaning } };
}

/** Less of the question than this is in any passage: it is written in another language, or about something else. */
const foreignCoverage = 0.1;

export function toSearchHit(hit: PassageHit, query: string): SearchHit {
  const { passageId, documentId, collectionId, text, spans, score, fullText, vector } = hit;
  const wanted = new Set(findTerms(query).map(({ key }) => key));
  const highlights = findTerms(text)
    .filter(({ key }) => wanted.has(key))
    .map(({ start, end }) => ({ start, end }));
  const page = spans.map(({ place }) => place).find((place) => place.kind === "page")?.page ?? null;
  return {
    passageId,
    documentId,
    collectionId,
    document: hit.path,
    page,
    text,
    spans: [...spans],
    highlights,
    score,
    fullText,
    vector,
  };
}

function statisticsOf({ passages, frequencies }: PassageSearch): TermStatistics {
  return { passages, frequency: (key) => frequencies[key] ?? 0 };
}

async function nothing(index: PlacedIndex, owner: Owner, { scope, chatId }: LookUpQuestion): Promise<Error> {
  const ids = await scopeIds(index, owner, scope, chatId);
  const stats = await index.stats(owner, ids);
  const files = stats.collections.filter(({ id }) => ids.includes(id)).flatMap((one) => one.files);
  const count = (failed: boolean) =>
    files.filter(({ state }) => (state === "failed") === failed).reduce((sum, { files: n }) => sum + n, 0);
  return deskError("NOTHING_TO_SEARCH", { waiting: count(false), failed: count(true) });
}

/** Sentences of passages are embedded as questions are: at once, they belong to an answer somebody waits for. */
function embedSentences(embedding: EmbeddingEngine) {
  const known = new Map<string, Float32Array>();
  return async (texts: readonly string[], signal: AbortSignal): Promise<Vectors> => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const made = await embedding.embedSentences(missing, { signal });
    for (const [row, text] of missing.entries()) known.set(text, rowOf(made, row));
    const dimensions = known.get(texts[0] ?? "")?.length ?? 0;
    const data = new Float32Array(texts.length * dimensions);
    for (const [row, text] of texts.entries()) data.set(known.get(text) ?? [], row * dimensions);
    return { ...made, dimensions, data };
  };
}

function rowOf({ data, dimensions }: Vectors, row: number): Float32Array {
  return data.subarray(row * dimensions, (row + 1) * dimensions);
}

function dot(vectors: Vectors, row: number, other: Float32Array): number {
  return rowOf(vectors, row).reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

/**
 * Cosines of this kind of model lie close together: a sentence is like a statement by how far it stands out among the
 * others. Three standard deviations above the mean count as the same; the mean counts as nothing in common.
 */
function calibrate(cosines: readonly number[]): number[] {
  const mean = cosines.reduce((sum, value) => sum + value, 0) / Math.max(1, cosines.length);
  const spread =
    Math.sqrt(cosines.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, cosines.length)) || 1;
  return cosines.map((value) => Math.min(1, Math.max(0, (value - mean) / spread / 3)));
}
