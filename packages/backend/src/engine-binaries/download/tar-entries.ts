/** One member of an archive. `body` has to be read to its end, or left, before the next one comes. */
export interface TarEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "other";
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The bytes are no archive of the kind that npm registries serve, or end too early. */
export class TarError extends Error {
  override readonly name = "TarError";
}

const blockBytes = 512;
/** Extended headers hold a path and times; more is an attack on memory. */
const mostHeaderBytes = 64 * 1024;

/**
 * Members of a tar stream (POSIX ustar with pax headers, IEEE Std 1003.1 "pax", which is what `npm pack` writes), in
 * order. Strict: a wrong checksum, a number that is none, old GNU extensions and a missing end throw TarError.
 */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createReader(bytes);
  try {
    let path: string | null = null;
    while (true) {
      const block = await reader.take(blockBytes);
      if (block.every((byte) => byte === 0)) return;
      const header = parseHeader(block);
      if (header.flag === "x" || header.flag === "g") {
        if (header.size > mostHeaderBytes) throw new TarError("an extended header is too large");
        const records = await reader.take(header.size);
        await reader.skip(padding(header.size));
        // Global ones of git and npm hold no path.
        if (header.flag === "x") path = parsePaxPath(records);
        continue;
      }
      const body = reader.body(header.size);
      yield { name: path ?? header.name, type: typeOf(header.flag), size: header.size, body };
      path = null;
      await body.rest();
      await reader.skip(padding(header.size));
    }
  } finally {
    await reader.close();
  }
}

function typeOf(flag: string): TarEntry["type"] {
  if (flag === "0" || flag === "\0") return "file";
  return flag === "5" ? "directory" : "other";
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

function parseHeader(block: Uint8Array) {
  const field = (from: number, length: number) => {
    const raw = block.subarray(from, from + length);
    const end = raw.indexOf(0);
    return new TextDecoder("utf-8", { fatal: false }).decode(end < 0 ? raw : raw.subarray(0, end));
  };
  const octal = (from: number, length: number) => {
    const text = field(from, length).trim();
    if (!/^[0-7]{1,12}$/.test(text)) throw new TarError("a header holds a number that is none");
    return Number.parseInt(text, 8);
  };
  // The checksum counts its own field as spaces.
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(148, 8) !== sum) throw new TarError("the checksum of a header is wrong");
  if (field(257, 5) !== "ustar") throw new TarError("a header is not of the ustar kind");
  const prefix = field(345, 155);
  const name = field(0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: octal(124, 12),
    flag: String.fromCharCode(block[156] ?? 0),
  };
}

/** Records are `<length> <key>=<value>\n`, the length counting all of it. */
function parsePaxPath(records: Uint8Array): string | null {
  let path: string | null = null;
  for (let at = 0; at < records.length; ) {
    const digits = /^(\d{1,6}) /.exec(new TextDecoder().decode(records.subarray(at, at + 7)))?.[1];
    const length = Number(digits ?? 0);
    if (digits === undefined || length <= digits.length + 1 || at + length > records.length)
      throw new TarError("an extended header is garbled");
    const record = new TextDecoder().decode(records.subarray(at + digits.length + 1, at + length - 1));
    if (record.startsWith("path=")) path = record.slice("path=".length);
    // Another size than the header's would move everything that follows.
    if (record.startsWith("size=")) throw new TarError("an extended header changes a size");
    at += length;
  }
  return path;
}

/** Bytes by count, whatever pieces they come in. */
function createReader(bytes: AsyncIterable<Uint8Array>) {
  const pieces = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);

  /** At least one byte and at most `most`. */
  const some = async (most: number): Promise<Uint8Array> => {
    while (rest.length === 0) {
      const next = await pieces.next();
      if (next.done) throw new TarError("the archive ends too early");
      rest = next.value;
    }
    const part = rest.subarray(0, most);
    rest = rest.subarray(part.length);
    return part;
  };
  const skip = async (count: number) => {
    for (let left = count; left > 0; ) left -= (await some(left)).length;
  };
  return {
    skip,
    async take(count: number): Promise<Uint8Array> {
      const all = new Uint8Array(count);
      for (let at = 0; at < count; ) {
        const part = await some(count - at);
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
    body(size: number) {
      let left = size;
      return {
        async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
          while (left > 0) {
            const part = await some(left);
            left -= part.length;
            yield part;
          }
        },
        async rest() {
          await skip(left);
          left = 0;
        },
      };
    },
    close: async () => void (await pieces.return?.()),
  };
}
