/** Bytes of the fixed-size value types, by their number in the file; 8 is text, 9 a list. */
const valueBytes: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};
const text = 8;
const list = 9;

interface Tensor {
  /** Name, shape and type as they stand in the file. */
  readonly head: Buffer;
  readonly offset: number;
}

interface Parsed {
  readonly version: number;
  readonly keyCount: number;
  readonly keys: Buffer;
  readonly alignment: number;
  readonly tensors: readonly Tensor[];
  readonly data: Buffer;
}

/**
 * A whole and valid GGUF file in `count` parts, as `llama-gguf-split` makes them: all keys in the first, `split.no`,
 * `split.count` and `split.tensors.count` in each, the tensors in order, offsets from the start of each part's data.
 */
export function splitGguf(file: Buffer, count: number): Buffer[] {
  const parsed = parseGguf(file);
  const { tensors, alignment, data } = parsed;
  const ends = tensors.map(({ offset }) =>
    Math.min(data.length, ...tensors.map((t) => t.offset).filter((o) => o > offset)),
  );
  return Array.from({ length: count }, (_, no) => {
    const from = Math.floor((tensors.length * no) / count);
    const to = Math.floor((tensors.length * (no + 1)) / count);
    const own = [
      pair("split.no", 2, no),
      pair("split.count", 2, count),
      pair("split.tensors.count", 5, tensors.length),
    ];
    const keys = no === 0 ? [parsed.keys, ...own] : [pair("general.alignment", 4, alignment), ...own];
    const keyCount = no === 0 ? parsed.keyCount + own.length : keys.length;
    let at = 0;
    const infos: Buffer[] = [];
    const bodies: Buffer[] = [];
    for (let index = from; index < to; index++) {
      const tensor = tensors[index] as Tensor;
      infos.push(tensor.head, u64(at));
      const body = padded(data.subarray(tensor.offset, ends[index]), alignment);
      bodies.push(body);
      at += body.length;
    }
    const head = Buffer.concat([
      Buffer.from("GGUF"),
      u32(parsed.version),
      u64(to - from),
      u64(keyCount),
      ...keys,
      ...infos,
    ]);
    return Buffer.concat([padded(head, alignment), ...bodies]);
  });
}

function parseGguf(file: Buffer): Parsed {
  const reader = createReader(file, 4);
  const version = reader.u32();
  const tensorCount = reader.u64();
  const keyCount = reader.u64();
  const keysAt = reader.at();
  let alignment = 32;
  for (let index = 0; index < keyCount; index++) {
    const name = reader.text();
    const type = reader.u32();
    if (name === "general.alignment") alignment = file.readUInt32LE(reader.at());
    reader.skipValue(type);
  }
  const keys = file.subarray(keysAt, reader.at());
  const tensors = Array.from({ length: tensorCount }, (): Tensor => {
    const start = reader.at();
    reader.text();
    const dimensions = reader.u32();
    for (let index = 0; index < dimensions; index++) reader.u64();
    reader.u32();
    return { head: file.subarray(start, reader.at()), offset: reader.u64() };
  });
  const dataAt = Math.ceil(reader.at() / alignment) * alignment;
  return { version, keyCount, keys, alignment, tensors, data: file.subarray(dataAt) };
}

function createReader(file: Buffer, start: number) {
  let at = start;
  const u32 = () => file.readUInt32LE((at += 4) - 4);
  const u64 = () => Number(file.readBigUInt64LE((at += 8) - 8));
  const readText = () => {
    const length = u64();
    at += length;
    return file.toString("utf8", at - length, at);
  };
  const skipValue = (type: number): void => {
    if (type === text) return void readText();
    if (type !== list) {
      at += valueBytes[type] ?? 0;
      return;
    }
    const of = u32();
    const length = u64();
    for (let index = 0; index < length; index++) skipValue(of);
  };
  return { u32, u64, text: readText, skipValue, at: () => at };
}

/** A key with a whole number: type 2 is u16, 4 is u32, 5 is i32. */
function pair(key: string, type: 2 | 4 | 5, value: number): Buffer {
  const bytes = Buffer.alloc(type === 2 ? 2 : 4);
  bytes.writeUIntLE(value, 0, bytes.length);
  return Buffer.concat([u64(Buffer.byteLength(key)), Buffer.from(key), u32(type), bytes]);
}

function padded(bytes: Buffer, alignment: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.ceil(bytes.length / alignment) * alignment - bytes.length)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
