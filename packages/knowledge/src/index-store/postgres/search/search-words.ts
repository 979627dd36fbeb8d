import type { StoredPassage } from "@deskside/storage";
import type { QuestionTerm } from "../../../retrieve/question-terms.ts";
import { chooseTerms, mostCounted } from "../../embedded/word-search.ts";
import type { Owner } from "../../passage-index.ts";
import { passageColumns, passageTables } from "../rows/passage-rows.ts";
import type { Query } from "../server/database.ts";
import { countPhrase, passageWords, type Phrase, phraseQuery, readPhrases } from "./passage-words.ts";
import type { SearchScope } from "./search-scope.ts";

export interface WordHits {
  /** By BM25, best first. */
  readonly hits: readonly { readonly row: StoredPassage; readonly score: number }[];
  /** Passages that contain each term, by its key; counting stops at `mostCounted`. */
  readonly frequencies: ReadonlyMap<string, number>;
}

interface CountedTerm {
  readonly key: string;
  readonly phrases: readonly Phrase[];
  readonly found: number;
}

/** Ranked by the server roughly, and among these by BM25 exactly. */
const roughlyBest = 3;
/** BM25's usual constants, and how much more a word in a heading counts. */
const saturation = 1.2;
const lengthShare = 0.75;
const contextWeight = 2;

/**
 * The index of words tells which passages hold the rarer terms. The server sorts them by inverse document frequency and
 * by repetitions as far as its own ranking counts them; of the best of these BM25 is computed from the words themselves.
 */
export async function searchWords(
  query: Query,
  owner: Owner,
  terms: readonly QuestionTerm[],
  scope: SearchScope,
  limit: number,
): Promise<WordHits> {
  const counted = await countTerms(query, owner, terms, scope);
  const frequencies = new Map(counted.map(({ key, found }) => [key, found]));
  const rarestFirst = counted.filter(({ found }) => found > 0).sort((a, b) => a.found - b.found);
  const chosen = chooseTerms(rarestFirst);
  const find = (expression: string, of: readonly CountedTerm[]) => findBest(query, owner, scope, expression, of, limit);
  if (chosen.length > 0) {
    return { hits: await find(chosen.map(({ phrases }) => phraseQuery(phrases)).join(" | "), chosen), frequencies };
  }
  for (const together of rarestFirst.length === 0 ? [] : [4, 2]) {
    const all = rarestFirst.slice(0, together);
    const hits = await find(all.map(({ phrases }) => `(${phraseQuery(phrases)})`).join(" & "), all);
    if (hits.length > 0) return { hits, frequencies };
  }
  return { hits: [], frequencies };
}

/** Condition on passages `p` and its values, which begin at `$1`. */
function within(owner: Owner, { collections, documents }: SearchScope) {
  return {
    condition: `p.owner_id = $1 AND ${documents === null ? "p.collection_seq" : "p.document_seq"} = ANY($2::bigint[])`,
    values: [owner.ownerId, documents ?? collections.map(({ seq }) => seq)] as const,
  };
}

async function countTerms(
  query: Query,
  owner: Owner,
  terms: readonly QuestionTerm[],
  scope: SearchScope,
): Promise<CountedTerm[]> {
  const read = terms.map(({ key, expression }) => ({ key, phrases: readPhrases(expression) }));
  const known = read.filter(({ phrases }) => phrases.length > 0);
  if (known.length === 0) return [];
  const { condition, values } = within(owner, scope);
  const rows = (await query(
    `SELECT (SELECT count(*) FROM (
         SELECT 1 FROM deskside.passages p WHERE p.words @@ term.query::tsquery AND ${condition} LIMIT $4) found) AS found
     FROM unnest($3::text[]) WITH ORDINALITY term (query, at) ORDER BY at`,
    [...values, known.map(({ phrases }) => phraseQuery(phrases)), mostCounted],
  )) as { found: number }[];
  return known.map((term, index) => ({ ...term, found: rows[index]?.found ?? 0 }));
}

async function findBest(
  query: Query,
  owner: Owner,
  scope: SearchScope,
  expression: string,
  terms: readonly CountedTerm[],
  limit: number,
) {
  const { condition, values } = within(owner, scope);
  const passages = scope.collections.reduce((sum, collection) => sum + collection.passages, 0);
  const weights = terms.map(({ found }) => rarity(passages, found));
  const rows = (await query(
    `WITH best AS (
       SELECT p.seq, (SELECT sum(term.weight * ts_rank('{0.5, 0.5, 0.5, 1}', p.words, term.query::tsquery))
         FROM unnest($4::text[], $5::double precision[]) term (query, weight)) / ln(2 + p.length) AS rough
       FROM deskside.passages p WHERE p.words @@ $3::tsquery AND ${condition} ORDER BY rough DESC, p.seq LIMIT $6)
     SELECT ${passageColumns} FROM best JOIN (${passageTables}) ON p.seq = best.seq ORDER BY p.seq`,
    [...values, expression, terms.map(({ phrases }) => phraseQuery(phrases)), weights, limit * roughlyBest],
  )) as StoredPassage[];
  const words = scope.collections.reduce((sum, collection) => sum + collection.words, 0);
  const scores = scoreByWords(rows, terms, weights, words / Math.max(1, passages));
  return rows
    .map((row, index) => ({ row, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.row.seq - b.row.seq)
    .slice(0, limit);
}

/** Inverse document frequency as BM25 has it; a word in most passages still counts a little. */
function rarity(passages: number, found: number): number {
  return Math.max(1e-6, Math.log((passages - found + 0.5) / (found + 0.5)));
}

function scoreByWords(
  rows: readonly StoredPassage[],
  terms: readonly CountedTerm[],
  weights: readonly number[],
  meanLength: number,
): number[] {
  const texts = rows.map(({ context, text }) => {
    const { title, sections } = JSON.parse(context) as { title: string; sections: string[] };
    return passageWords([title, ...sections].join("\n"), text);
  });
  const lengths = texts.map(({ context, body }) => context.length + body.length);
  return texts.map(({ context, body }, index) => {
    const norm = saturation * (1 - lengthShare + (lengthShare * (lengths[index] ?? 0)) / Math.max(1, meanLength));
    return terms.reduce((sum, { phrases }, at) => {
      const count = phrases.reduce(
        (found, phrase) => found + contextWeight * countPhrase(context, phrase) + countPhrase(body, phrase),
        0,
      );
      return sum + ((weights[at] ?? 0) * count * (saturation + 1)) / (count + norm);
    }, 0);
  });
}
