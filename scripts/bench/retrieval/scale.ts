import { embeddingModel } from "./embed-texts.ts";
import { mixPassages, type MixedPassage, readQuestions } from "./mixed-passages.ts";
import { benchOwner, openTemporaryIndex, type TemporaryIndex } from "./temporary-index.ts";

export interface ScaleRow {
  readonly passages: number;
  readonly what: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the ten nearest by exact comparison; null for words. */
  readonly recallAt10: number | null;
}

export interface ScaleResult {
  readonly rows: ScaleRow[];
  readonly passages: number;
  readonly bytesPerPassage: number;
  /** Words and vectors written, passages a second. */
  readonly textPerSecond: number;
  readonly vectorsPerSecond: number;
  /** First question after opening, which reads the codes. */
  readonly firstMs: number;
}

const passagesPerDocument = 200;
const nearest = 10;
const noWords = "\u{10ffff}";

export interface ScaleOptions {
  readonly count: number;
  readonly questions: number;
  /** Another library beside: builds its index in memory, takes minutes for a million. */
  readonly withUsearch: boolean;
}

/** Latency and recall of the product's index over so many passages, beside a plain scan and usearch. */
export async function measureScale({ count, questions: wanted, withUsearch }: ScaleOptions): Promise<ScaleResult> {
  await using temporary = openTemporaryIndex();
  const questions = await readQuestions(wanted);
  const all = new Float32Array(count * embeddingModel.dimensions);
  const filled = await fill(temporary, count, all);
  const { bytes } = await temporary.index.stats(benchOwner);
  const brute = time(questions, ({ values }) => scanExactly(all, values));
  const exact = brute.results;
  const ask =
    (how: "words" | "vectors" | "joint", limit: number) => (question: { text: string; values: Float32Array }) =>
      temporary.index.search(benchOwner, {
        scope: { kind: "collections", ids: [filled.collection] },
        text: how === "vectors" ? noWords : question.text,
        vector: how === "words" ? null : { model: embeddingModel.id, values: question.values },
        limit,
      });
  const first = questions[0];
  const start = performance.now();
  if (first) await ask("joint", nearest)(first);
  const firstMs = performance.now() - start;
  const rows: ScaleRow[] = [];
  const add = (what: string, ms: readonly number[], recallAt10: number | null) =>
    rows.push({ passages: count, what, p50Ms: quantile(ms, 0.5), p99Ms: quantile(ms, 0.99), recallAt10 });
  const words = await timeAsync(questions, ask("words", nearest));
  add("full text", words.ms, null);
  const vectors = await timeAsync(questions, ask("vectors", nearest));
  add(
    "vectors",
    vectors.ms,
    recallOf(
      vectors.results.map(({ hits }) => hits.map(({ tokens }) => tokens)),
      exact,
    ),
  );
  const joint = await timeAsync(questions, ask("joint", nearest));
  add("joint", joint.ms, null);
  add("plain scan of float32 in memory", brute.ms, 1);
  if (withUsearch) await addUsearch(all, questions, exact, add);
  const { textPerSecond, vectorsPerSecond } = filled;
  return { rows, passages: count, bytesPerPassage: bytes / count, textPerSecond, vectorsPerSecond, firstMs };
}

async function fill({ index }: TemporaryIndex, count: number, all: Float32Array) {
  const settings = { scrub: [], ocr: [], passageTokens: 256, overlapTokens: 32 };
  const collection = await index.createCollection(benchOwner, { name: "scale", kind: "collection", settings });
  await index.useModel(benchOwner, collection.id, embeddingModel);
  let [made, textMs, vectorMs] = [0, 0, 0];
  let batch: MixedPassage[] = [];
  const flush = async () => {
    const file = { path: `${made}.txt`, originalPath: null, bytes: 0, modifiedAt: null };
    const { id } = await index.addDocument(benchOwner, collection.id, file);
    const start = performance.now();
    const from = made;
    await index.setPassages(
      benchOwner,
      id,
      batch.map(({ text }, at) => ({
        ...{ index: at, text, kind: "text" as const, context: { title: "", sections: [] } },
        // The number of tokens is nobody's concern here: it carries the passage's own number.
        tokens: from + at,
        spans: [{ start: 0, end: text.length, place: { kind: "lines" as const, from: at + 1, to: at + 1 } }],
      })),
    );
    const between = performance.now();
    const pending = await index.pendingPassages(embeddingModel, passagesPerDocument);
    const byText = new Map(batch.map(({ text, values }) => [text, values]));
    await index.setVectors(
      embeddingModel,
      pending.flatMap(({ id: passage, text }) => {
        const values = byText.get(text);
        return values ? [{ id: passage, values }] : [];
      }),
    );
    const end = performance.now();
    [textMs, vectorMs] = [textMs + between - start, vectorMs + end - between];
    for (const { values } of batch) all.set(values, made++ * embeddingModel.dimensions);
    batch = [];
    if (made % 10_000 === 0) process.stderr.write(`\rindexing ${made} of ${count}   `);
  };
  for await (const passage of mixPassages(count, count)) {
    if (batch.push(passage) === passagesPerDocument) await flush();
  }
  if (batch.length > 0) await flush();
  process.stderr.write("\r\x1b[K");
  return {
    collection: collection.id,
    textPerSecond: (count / textMs) * 1000,
    vectorsPerSecond: (count / vectorMs) * 1000,
  };
}

function scanExactly(all: Float32Array, question: Float32Array): number[] {
  const { dimensions } = embeddingModel;
  const best: { at: number; score: number }[] = [];
  for (let at = 0, offset = 0; offset < all.length; at++, offset += dimensions) {
    let sum = 0;
    for (let k = 0; k < dimensions; k++) sum += (all[offset + k] as number) * (question[k] as number);
    if (best.length === nearest && sum <= (best.at(-1)?.score ?? 0)) continue;
    best.push({ at, score: sum });
    best.sort((a, b) => b.score - a.score);
    if (best.length > nearest) best.pop();
  }
  return best.map(({ at }) => at);
}

type AddRow = (what: string, ms: readonly number[], recall: number | null) => void;

async function addUsearch(
  all: Float32Array,
  questions: readonly { values: Float32Array }[],
  exact: readonly (readonly number[])[],
  add: AddRow,
): Promise<void> {
  const { Index, MetricKind, ScalarKind } = (await import("usearch")).default;
  const index = new Index({
    ...{ metric: MetricKind.IP, quantization: ScalarKind.F32, dimensions: embeddingModel.dimensions },
    ...{ connectivity: 16, expansion_add: 128, expansion_search: 64, multi: false },
  });
  const count = all.length / embeddingModel.dimensions;
  const atOnce = 10_000;
  const start = performance.now();
  for (let from = 0; from < count; from += atOnce) {
    const to = Math.min(count, from + atOnce);
    const keys = BigUint64Array.from({ length: to - from }, (_, at) => BigInt(from + at));
    index.add(keys, all.subarray(from * embeddingModel.dimensions, to * embeddingModel.dimensions), 2);
    process.stderr.write(`\rusearch ${to} of ${count}   `);
  }
  process.stderr.write("\r\x1b[K");
  const seconds = (performance.now() - start) / 1000;
  const found = time(questions, ({ values }) => [...index.search(values, nearest, 1).keys].map(Number));
  add(`usearch HNSW f32 in memory (built in ${seconds.toFixed(0)} s)`, found.ms, recallOf(found.results, exact));
}

function recallOf(found: readonly (readonly number[])[], exact: readonly (readonly number[])[]): number {
  const shares = exact.map((wanted, at) => wanted.filter((one) => found[at]?.includes(one)).length / wanted.length);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function time<T, R>(items: readonly T[], work: (item: T) => R): { ms: number[]; results: R[] } {
  const ms: number[] = [];
  const results = items.map((item) => {
    const start = performance.now();
    const result = work(item);
    ms.push(performance.now() - start);
    return result;
  });
  return { ms, results };
}

async function timeAsync<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<{ ms: number[]; results: R[] }> {
  const ms: number[] = [];
  const results: R[] = [];
  for (const item of items) {
    const start = performance.now();
    results.push(await work(item));
    ms.push(performance.now() - start);
  }
  return { ms, results };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
