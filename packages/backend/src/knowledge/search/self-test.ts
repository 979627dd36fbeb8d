import type { SelfTestEvent } from "@deskside/contract";
import { type Owner, splitSentences } from "@deskside/knowledge";
import type { PlacedIndex } from "../places/placed-index.ts";
import { searchScope, type SearchDeps } from "./document-search.ts";

/** Questions asked at most: enough to see a weak file, few enough to be done in a minute. */
const mostQuestions = 100;
/** A sentence shorter than this could stand anywhere. */
const leastCharacters = { latin: 40, han: 14 };

interface Question {
  readonly text: string;
  readonly passageId: string;
  readonly documentId: string;
  readonly document: string;
}

/** Asks for passages with half of the words of one of their sentences, as somebody would who remembers it roughly. */
export async function* selfTest(
  deps: SearchDeps,
  owner: Owner,
  collectionId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SelfTestEvent> {
  const questions = await makeQuestions(deps.index, owner, collectionId);
  const ranks: { question: Question; rank: number }[] = [];
  for (const [done, question] of questions.entries()) {
    signal?.throwIfAborted();
    yield { type: "progress", done, total: questions.length };
    const scope = { kind: "collections" as const, ids: [collectionId] };
    const { hits } = await searchScope(deps, owner, { scope, chatId: null, text: question.text, limit: 5 }, signal);
    const rank = hits.findIndex(({ passageId }) => passageId === question.passageId);
    ranks.push({ question, rank: rank < 0 ? Number.POSITIVE_INFINITY : rank });
  }
  yield { type: "done", questions: ranks.length, ...recall(ranks), weak: weakFiles(ranks) };
}

function recall(ranks: readonly { rank: number }[]) {
  const share = (most: number) => ranks.filter(({ rank }) => rank < most).length / Math.max(1, ranks.length);
  return { recallAt1: share(1), recallAt5: share(5) };
}

function weakFiles(ranks: readonly { question: Question; rank: number }[]) {
  const byDocument = Map.groupBy(ranks, ({ question }) => question.documentId);
  return [...byDocument.values()]
    .flatMap((own) => {
      const [first] = own;
      const { recallAt5 } = recall(own);
      if (!first || recallAt5 === 1) return [];
      const { documentId, document } = first.question;
      return [{ documentId, document, questions: own.length, recallAt5 }];
    })
    .sort((a, b) => a.recallAt5 - b.recallAt5)
    .slice(0, 10);
}

async function makeQuestions(index: PlacedIndex, owner: Owner, collectionId: string): Promise<Question[]> {
  const documents = (await index.listDocuments(owner, { collectionId, limit: 10_000 })).filter(
    ({ passages }) => passages > 0,
  );
  const each = Math.max(1, Math.ceil(mostQuestions / Math.max(1, documents.length)));
  const questions: Question[] = [];
  for (const { id } of documents) {
    if (questions.length >= mostQuestions) break;
    const passages = await index.documentPassages(owner, id, { every: each });
    for (const passage of passages) {
      const text = roughly(passage.text);
      if (text !== null) questions.push({ text, passageId: passage.passageId, documentId: id, document: passage.path });
    }
  }
  return questions.slice(0, mostQuestions);
}

/** The longest sentence with every second word left out (Chinese: every second run of four characters). */
function roughly(text: string): string | null {
  const sentences = splitSentences(text).map(({ start, end }) => text.slice(start, end).trim());
  const [longest = ""] = sentences.sort((a, b) => b.length - a.length);
  const isHan = /\p{Script=Han}/u.test(longest);
  if (longest.length < (isHan ? leastCharacters.han : leastCharacters.latin)) return null;
  const parts = isHan ? (longest.match(/[\s\S]{1,4}/gu) ?? []) : longest.split(/\s+/);
  return parts
    .filter((_, position) => position % 2 === 0)
    .join(isHan ? "" : " ")
    .slice(0, 400);
}
