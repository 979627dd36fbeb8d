import { embeddingModel, embedTexts } from "./embed-texts.ts";
import { type Language, readXquad } from "./xquad.ts";

export interface MixedPassage {
  readonly text: string;
  readonly values: Float32Array;
}

const languages: readonly Language[] = ["en", "zh"];
/** Deviation of what is added to every number: together about a fifth of the vector's length. */
const noise = 0.01;

interface Sentences {
  readonly texts: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/**
 * As many passages as wanted out of real ones: the text is three real sentences of one language, the vector a weighted
 * mean of the real vectors of two of them, with noise. Random vectors would be far too easy to tell apart.
 */
export async function* mixPassages(count: number, seed: number): AsyncGenerator<MixedPassage> {
  const random = createRandom(seed);
  const sources = await Promise.all(languages.map(readSentences));
  for (let made = 0; made < count; made++) {
    const source = sources[made % sources.length] as Sentences;
    const pick = () => Math.floor(random() * source.texts.length);
    const [first, second, third] = [pick(), pick(), pick()];
    const share = 0.5 + random() * 0.4;
    const one = source.vectors[first] as Float32Array;
    const other = source.vectors[second] as Float32Array;
    const values = one.map((value, at) => value * share + (other[at] ?? 0) * (1 - share) + gaussian(random) * noise);
    yield { text: [first, second, third].map((at) => source.texts[at]).join(" "), values: normalise(values) };
  }
}

/** Real questions of both languages with their vectors, in a mixed order. */
export async function readQuestions(count: number): Promise<{ text: string; values: Float32Array }[]> {
  const all: { text: string; values: Float32Array }[] = [];
  for (const language of languages) {
    const { questions } = readXquad(language);
    const vectors = await embedTexts(
      "query",
      questions.map(({ text }) => text),
    );
    all.push(
      ...questions.map(({ text }, at) => ({
        text,
        values: vectors[at] ?? new Float32Array(embeddingModel.dimensions),
      })),
    );
  }
  const random = createRandom(7);
  return Array.from({ length: count }, () => all[Math.floor(random() * all.length)]).filter((one) => one !== undefined);
}

async function readSentences(language: Language): Promise<Sentences> {
  const texts = readXquad(language).passages.flatMap(({ text }) =>
    text
      .split(/(?<=[。！？])|(?<=[.!?])\s+/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence.length > 8),
  );
  return { texts, vectors: await embedTexts("passage", texts) };
}

function normalise(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
