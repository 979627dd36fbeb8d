export interface BestList {
  /** Scores at or below it need not be offered. */
  readonly threshold: number;
  /** Returns the new threshold. */
  add(key: number, score: number): number;
  /** Best first; empties the list. */
  take(): { key: number; score: number }[];
}

/** Keeps the `limit` highest scores of a stream (a binary heap with the worst on top). */
export function createBestList(limit: number): BestList {
  const keys = new Float64Array(limit);
  const scores = new Float64Array(limit);
  let size = 0;
  const threshold = () => (limit === 0 ? Infinity : size < limit ? -Infinity : (scores[0] as number));
  const put = (at: number, key: number, score: number) => {
    keys[at] = key;
    scores[at] = score;
  };
  return {
    get threshold() {
      return threshold();
    },
    add: (key, score) => {
      if (score <= threshold()) return threshold();
      if (size < limit) siftUp(scores, keys, size++, key, score, put);
      else siftDown(scores, keys, size, key, score, put);
      return threshold();
    },
    take: () => {
      const all = Array.from({ length: size }, (_, at) => ({ key: keys[at] as number, score: scores[at] as number }));
      size = 0;
      return all.sort((a, b) => b.score - a.score || a.key - b.key);
    },
  };
}

type Put = (at: number, key: number, score: number) => void;

function siftUp(scores: Float64Array, keys: Float64Array, from: number, key: number, score: number, put: Put): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((scores[parent] as number) <= score) break;
    put(at, keys[parent] as number, scores[parent] as number);
    at = parent;
  }
  put(at, key, score);
}

function siftDown(scores: Float64Array, keys: Float64Array, size: number, key: number, score: number, put: Put): void {
  let at = 0;
  for (let child = 1; child < size; child = at * 2 + 1) {
    if (child + 1 < size && (scores[child + 1] as number) < (scores[child] as number)) child += 1;
    if ((scores[child] as number) >= score) break;
    put(at, keys[child] as number, scores[child] as number);
    at = child;
  }
  put(at, key, score);
}
