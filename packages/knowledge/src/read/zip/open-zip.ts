import { inflateRawSync } from "node:zlib";
import { ReadError } from "../../document/document-schemas.ts";

/** Limits before anything is unpacked; the sizes are checked again while it is. */
const mostEntries = 5_000;
const mostTotal = 500 * 1024 ** 2;
const mostRatio = 100;
/** Small parts compress better than any attack would need. */
const ratioFrom = 1024 ** 2;

export interface ZipFile {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Unpacked. Throws ReadError("bomb" | "damaged"). */
  read(name: string): Uint8Array;
  text(name: string): string;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly isEncrypted: boolean;
}

const damaged = (detail: string) => new ReadError("damaged", detail);

/**
 * A ZIP archive in memory, read by its central directory. Refused before unpacking: too many entries, too much, too
 * strongly packed, the same bytes twice, the same name twice, encryption.
 */
export function openZip(bytes: Uint8Array): ZipFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(view, bytes);
  const byName = new Map<string, Entry>();
  let total = 0;
  for (const entry of entries) {
    if (entry.isEncrypted) throw new ReadError("password", "the archive is encrypted");
    if (byName.has(entry.name)) throw damaged(`twice in the archive: ${entry.name.slice(0, 80)}`);
    byName.set(entry.name, entry);
    total += entry.size;
    if (entry.size > ratioFrom && entry.size > entry.packed * mostRatio)
      throw new ReadError("bomb", "packed too strongly");
  }
  if (total > mostTotal) throw new ReadError("bomb", `${total} bytes unpacked`);
  refuseOverlaps(entries);
  let unpacked = 0;
  const read = (name: string): Uint8Array => {
    const entry = byName.get(name);
    if (!entry) throw damaged(`missing: ${name}`);
    const content = unpack(view, bytes, entry);
    unpacked += content.length;
    if (unpacked > 2 * mostTotal) throw new ReadError("bomb", "unpacks too much");
    return content;
  };
  return {
    names: [...byName.keys()],
    has: (name) => byName.has(name),
    read,
    text: (name) => new TextDecoder("utf-8").decode(read(name)),
  };
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;

function readDirectory(view: DataView, bytes: Uint8Array): Entry[] {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff) throw new ReadError("bomb", "an archive for more than four gigabytes");
  if (count > mostEntries) throw new ReadError("bomb", `${count} entries`);
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== entryMark) throw damaged("the directory is cut off");
    const nameLength = view.getUint16(at + 28, true);
    const more = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    entries.push({
      name: new TextDecoder("utf-8").decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    });
    at += 46 + nameLength + more;
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - 65_557);
  for (let at = view.byteLength - 22; at >= first; at--) if (view.getUint32(at, true) === endMark) return at;
  throw damaged("not an archive, or cut off");
}

/** One stretch of packed bytes that several entries share makes a small file unpack to anything. */
function refuseOverlaps(entries: readonly Entry[]): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && entry.offset + 30 + entry.packed > next.offset) throw new ReadError("bomb", "entries overlap");
  }
}

function unpack(view: DataView, bytes: Uint8Array, { name, method, packed, size, offset }: Entry): Uint8Array {
  if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== localMark) throw damaged(`cut off: ${name}`);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > view.byteLength) throw damaged(`cut off: ${name}`);
  const content = bytes.subarray(start, start + packed);
  if (method === 0) return content;
  if (method !== 8) throw new ReadError("unsupported-format", `packed by method ${method}`);
  try {
    return inflateRawSync(content, { maxOutputLength: size + 1 });
  } catch (cause) {
    throw (cause as { code?: string }).code === "ERR_BUFFER_TOO_LARGE"
      ? new ReadError("bomb", `${name} unpacks to more than it says`, { cause })
      : damaged(`${name}: ${(cause as Error).message}`);
  }
}
