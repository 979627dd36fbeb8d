import { embeddingModel, embedTexts } from "./embed-texts.ts";
import { benchOwner, openTemporaryIndex } from "./temporary-index.ts";
import { type Language, readXquad, type Xquad } from "./xquad.ts";

export interface RecallRow {
  readonly from: Language;
  readonly to: Language;
  readonly method: "full text" | "vectors" | "joint";
  readonly recallAt1: number;
  readonly recallAt5: number;
  readonly reciprocalRank: number;
}

const directions = [
  ["en", "en"],
  ["zh", "zh"],
  ["zh", "en"],
  ["en", "zh"],
] as const;
/** Words that match nothing: what is left is the vectors' order. */
const noWords = "\u{10ffff}";

/**
 * How often the paragraph that answers is found, through the product's own index: 240 paragraphs, 1,190 questions each
 * way. `titles`: whether passages carry the article's title, as documents do.
 */
export async function measureRecall(titles: boolean): Promise<RecallRow[]> {
  const data = { en: readXquad("en"), zh: readXquad("zh") };
  const rows: RecallRow[] = [];
  await using temporary = openTemporaryIndex();
  const { index } = temporary;
  const collections = { en: "", zh: "" };
  for (const language of ["en", "zh"] as const) {
    const settings = { scrub: [], ocr: [], passageTokens: 256, overlapTokens: 32 };
    const { id } = await index.createCollection(benchOwner, { name: language, kind: "collection", settings });
    collections[language] = id;
    await index.useModel(benchOwner, id, embeddingModel);
    await fill(index, id, data[language], titles);
  }
  for (const [from, to] of directions) {
    const questions = data[from].questions;
    const vectors = await embedTexts(
      "query",
      questions.map(({ text }) => text),
    );
    for (const method of ["full text", "vectors", "joint"] as const) {
      const ranks: number[] = [];
      for (const [at, question] of questions.entries()) {
        const values = vectors[at];
        if (!values) throw new Error("a question without a vector");
        const { hits } = await index.search(benchOwner, {
          scope: { kind: "collections", ids: [collections[to]] },
          text: method === "vectors" ? noWords : question.text,
          vector: method === "full text" ? null : { model: embeddingModel.id, values },
          limit: 10,
        });
        ranks.push(hits.findIndex(({ position }) => position === question.passage) + 1);
      }
      rows.push({ from, to, method, ...summarise(ranks) });
    }
  }
  return rows;
}

async function fill(
  index: ReturnType<typeof openTemporaryIndex>["index"],
  collectionId: string,
  { passages }: Xquad,
  titles: boolean,
): Promise<void> {
  const file = { path: "xquad.txt", originalPath: null, bytes: 0, modifiedAt: null };
  const { id } = await index.addDocument(benchOwner, collectionId, file);
  await index.setPassages(
    benchOwner,
    id,
    passages.map(({ title, text }, at) => ({
      ...{ index: at, text, tokens: 0, kind: "text" as const, spans: [] },
      context: { title: titles ? title : "", sections: [] },
    })),
  );
  const pending = await index.pendingPassages(embeddingModel, passages.length);
  const vectors = await embedTexts(
    "passage",
    pending.map(({ text }) => text),
  );
  await index.setVectors(
    embeddingModel,
    pending.flatMap(({ id: passage }, at) => (vectors[at] ? [{ id: passage, values: vectors[at] }] : [])),
  );
}

/** Rank 0: not among the first ten. */
function summarise(ranks: readonly number[]) {
  const share = (most: number) => ranks.filter((rank) => rank > 0 && rank <= most).length / ranks.length;
  const reciprocal = ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0);
  return { recallAt1: share(1), recallAt5: share(5), reciprocalRank: reciprocal / ranks.length };
}
