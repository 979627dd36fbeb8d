import type { Clock } from "@deskside/base";
import { readQuestion } from "../../../retrieve/question-terms.ts";
import { type FoundPassage, rankPassages } from "../../../retrieve/rank-passages.ts";
import { embeddedTextOf } from "../../embedded/stored-passages.ts";
import type { Owner, PassageHit, PassageQuery, PassageSearch } from "../../passage-index.ts";
import { readPassages } from "../rows/passage-rows.ts";
import { toServerPassage } from "../rows/server-ids.ts";
import type { Database } from "../server/database.ts";
import { readScope } from "./search-scope.ts";
import { searchVectors } from "./search-vectors.ts";
import { searchWords } from "./search-words.ts";

/** Candidates that words and vectors each bring, as in the index on this computer: the joint ranking is the same. */
const fromEach = 40;

export interface ServerSearch {
  readonly database: Database;
  readonly clock: Clock;
  /** Vectors. */
  readonly comparedUpTo: number;
}

export async function searchServer(
  { database, clock, comparedUpTo }: ServerSearch,
  owner: Owner,
  query: PassageQuery,
): Promise<PassageSearch> {
  const start = clock.monotonic();
  const scope = await readScope(database.query, owner, query.scope);
  const question = readQuestion(query.text);
  const wanted = Math.max(fromEach, query.limit * 2);
  const words = await searchWords(database.query, owner, question.terms, scope, wanted);
  const near = await searchVectors({ database, comparedUpTo }, owner, scope, query.vector, wanted);
  const wordRows = words.hits.map(({ row }) => row);
  const wordScores = new Map(words.hits.map(({ row, score }) => [row.seq, score]));
  const nearRows = await readPassages(
    database.query,
    owner,
    near.hits.map(({ seq }) => seq).filter((seq) => !wordScores.has(seq)),
  );
  const rows = [...wordRows, ...nearRows];
  const vectors = await near.of(
    rows.map(({ seq }) => seq),
    (query.diversity ?? 0) > 0,
  );
  const found: FoundPassage[] = rows.map((row) => ({
    searched: embeddedTextOf(row),
    wordHit: wordScores.get(row.seq) ?? null,
    cosine: vectors.get(row.seq)?.cosine ?? null,
    vector: vectors.get(row.seq)?.vector ?? null,
  }));
  const passages = scope.collections.reduce((sum, collection) => sum + collection.passages, 0);
  const { ranked, coverage } = rankPassages(question, found, {
    limit: query.limit,
    diversity: query.diversity ?? 0,
    cosines: near.moments,
    statistics: { passages, frequency: (key) => words.frequencies.get(key) ?? 0 },
  });
  const hits = ranked.flatMap(({ at, score, fullText, deviations }): PassageHit[] => {
    const row = rows[at];
    return row ? [{ ...toServerPassage(row), score, fullText, vector: found[at]?.cosine ?? null, deviations }] : [];
  });
  const frequencies = Object.fromEntries(words.frequencies);
  return { hits, passages, frequencies, coverage, cosines: near.moments, ms: clock.monotonic() - start };
}
