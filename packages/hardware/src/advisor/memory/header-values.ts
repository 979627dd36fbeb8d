/** What is needed of a checked GGUF header. Bytes; the contiguous dimension of a tensor comes first. */
export interface HeaderLike {
  readonly architecture: string;
  readonly quantization: string | null;
  readonly parameters: number;
  readonly fileBytes: number;
  /** Only of a split file; `fileBytes` is then the first part. */
  readonly parts?: readonly { readonly fileBytes: number }[];
  readonly headerBytes: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    readonly bytes: number;
  }[];
  readonly contextLength: number | null;
  readonly embeddingLength: number | null;
  readonly blockCount: number | null;
  readonly headCounts: readonly number[];
  readonly keyValueHeadCounts: readonly number[];
  readonly vocabularySize: number | null;
  readonly metadata: ReadonlyMap<string, unknown>;
}

/** Numbers of one header under the prefix of its architecture. A value of another kind counts as absent. */
export interface HeaderValues {
  /** First of the keys that is there; a list gives its largest element. */
  largest(...keys: string[]): number | null;
  /** Of layer `layer`: the element of a list, or the single number. */
  ofLayer(layer: number, ...keys: string[]): number | null;
  /** A list with one truth value for each layer; null = there is none. */
  flags(key: string): readonly boolean[] | null;
}

export function readHeaderValues(header: Pick<HeaderLike, "architecture" | "metadata">): HeaderValues {
  const find = (keys: readonly string[]): readonly number[] | null => {
    for (const key of keys) {
      const numbers = asNumbers(header.metadata.get(`${header.architecture}.${key}`));
      if (numbers !== null) return numbers;
    }
    return null;
  };
  return {
    largest: (...keys) => {
      const numbers = find(keys);
      return numbers === null ? null : Math.max(...numbers);
    },
    ofLayer: (layer, ...keys) => {
      const numbers = find(keys);
      if (numbers === null) return null;
      return (numbers.length === 1 ? numbers[0] : numbers[layer]) ?? null;
    },
    flags: (key) => {
      const value = header.metadata.get(`${header.architecture}.${key}`);
      if (!isList(value) || value.length === 0) return null;
      return Array.from(value, (element) => element === true || (typeof element === "number" && element !== 0));
    },
  };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function asNumbers(value: unknown): readonly number[] | null {
  const list = isList(value) ? Array.from(value) : [value];
  const numbers = list.map((element) => (typeof element === "bigint" ? Number(element) : element));
  const sound = numbers.length > 0 && numbers.every(isCount);
  return sound ? (numbers as number[]) : null;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
