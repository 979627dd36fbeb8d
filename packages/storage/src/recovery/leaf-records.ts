import { usableSize } from "./page-cipher.ts";
import type { PageImage } from "./page-image.ts";

export type SqlValue = string | number | bigint | null | Buffer;

export interface LeafRecord {
  readonly rowId: number;
  readonly values: readonly SqlValue[];
}

const tableLeaf = 0x0d;
const databaseHeaderSize = 100;
const leafHeaderSize = 8;

/**
 * The rows on one page if it is a leaf of a table; null stands for a row that cannot be read because a page of its
 * overflow chain is gone. Layout: sqlite.org/fileformat2.html.
 */
export function* readLeafRecords(image: PageImage, page: Buffer, pageNumber: number): Generator<LeafRecord | null> {
  const start = pageNumber === 1 ? databaseHeaderSize : 0;
  if (page[start] !== tableLeaf) return;
  const count = page.readUInt16BE(start + 3);
  for (let index = 0; index < count; index++) {
    const pointer = start + leafHeaderSize + index * 2;
    if (pointer + 2 > usableSize) break;
    yield readCell(image, page, page.readUInt16BE(pointer));
  }
}

function readCell(image: PageImage, page: Buffer, offset: number): LeafRecord | null {
  try {
    const size = readVarint(page, offset);
    const rowId = readVarint(page, size.next);
    const payload = readPayload(image, page, rowId.next, Number(size.value));
    return payload && { rowId: Number(rowId.value), values: readValues(payload) };
  } catch (error) {
    // Reading past the page: an authenticated page that is no table leaf of SQLite's.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readPayload(image: PageImage, page: Buffer, offset: number, size: number): Buffer | null {
  const maxLocal = usableSize - 35;
  if (size <= maxLocal) return exact(page.subarray(offset, offset + size), size);
  const minLocal = Math.floor(((usableSize - 12) * 32) / 255) - 23;
  const fitting = minLocal + ((size - minLocal) % (usableSize - 4));
  const local = fitting <= maxLocal ? fitting : minLocal;
  const parts = [exact(page.subarray(offset, offset + local), local)];
  let rest = size - local;
  let next = page.readUInt32BE(offset + local);
  while (rest > 0) {
    const overflow = next === 0 ? null : image.read(next);
    if (!overflow) return null;
    const part = overflow.subarray(4, 4 + Math.min(rest, usableSize - 4));
    parts.push(part);
    rest -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function exact(part: Buffer, length: number): Buffer {
  if (part.length !== length) throw new RangeError("cell reaches over the end of its page");
  return part;
}

function readValues(payload: Buffer): SqlValue[] {
  const header = readVarint(payload, 0);
  const types: number[] = [];
  for (let at = header.next; at < Number(header.value); ) {
    const type = readVarint(payload, at);
    types.push(Number(type.value));
    at = type.next;
  }
  let at = Number(header.value);
  return types.map((type) => {
    const length = lengthOf(type);
    const bytes = exact(payload.subarray(at, at + length), length);
    at += length;
    return readValue(type, bytes);
  });
}

const fixedLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  const fixed = fixedLengths[type];
  if (fixed !== undefined) return fixed;
  if (type < 12) throw new RangeError(`serial type ${type}`);
  return Math.floor((type - 12) / 2);
}

function readValue(type: number, bytes: Buffer): SqlValue {
  if (type >= 12) return type % 2 === 0 ? Buffer.from(bytes) : bytes.toString("utf8");
  if (type === 0) return null;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 8 || type === 9) return type - 8;
  if (type < 6) return bytes.readIntBE(0, bytes.length);
  const wide = bytes.readBigInt64BE(0);
  return wide >= Number.MIN_SAFE_INTEGER && wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide;
}

function readVarint(bytes: Buffer, offset: number): { value: bigint; next: number } {
  let value = 0n;
  for (let index = 0; index < 9; index++) {
    const byte = bytes.readUInt8(offset + index);
    if (index === 8) return { value: (value << 8n) | BigInt(byte), next: offset + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, next: offset + index + 1 };
  }
  throw new RangeError("varint");
}
