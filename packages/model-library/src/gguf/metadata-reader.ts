import { isUtf8 } from "node:buffer";
import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import type { HeaderReader } from "./header-reader.ts";
import { decodeFixed, type FixedType, fixedSizes, isFixedType, type ValueType, valueTypes } from "./value-types.ts";

export type MetadataValue = string | number | bigint | boolean | readonly (number | bigint | boolean)[];

export interface MetadataEntry {
  readonly type: ValueType;
  /** Null for anything but arrays. */
  readonly elementType: FixedType | "string" | null;
  /** Elements of an array; 1 for the rest. */
  readonly count: number;
  /** Byte offset of the value: of a string its text, of an array its first element. */
  readonly at: number;
  /** Null when it is too long to keep. */
  readonly value: MetadataValue | null;
}

export type Metadata = ReadonlyMap<string, MetadataEntry>;

const templateKey = "tokenizer.chat_template";

/** Reads `count` key-value pairs at the reader's position. */
export async function readMetadata(
  reader: HeaderReader,
  failures: GgufFailures,
  count: number,
): Promise<Map<string, MetadataEntry>> {
  const metadata = new Map<string, MetadataEntry>();
  let keptBytes = 0;
  for (let index = 0; index < count; index++) {
    const at = reader.position;
    const key = await readKey(reader, failures);
    if (metadata.has(key)) throw failures.invalid("duplicate-key", at, key);
    const entry = await readValue(reader, failures, key);
    metadata.set(key, entry);
    keptBytes += key.length + (entry.value === null ? 0 : reader.position - entry.at);
    if (keptBytes > ggufLimits.keptBytes) {
      throw failures.invalid("header-too-large", at, `more than ${ggufLimits.keptBytes} bytes of short metadata`);
    }
  }
  return metadata;
}

async function readKey(reader: HeaderReader, failures: GgufFailures): Promise<string> {
  const at = reader.position;
  const length = await readLength(reader);
  if (length === 0 || length > ggufLimits.keyBytes) {
    throw failures.invalid("string-out-of-range", at, `key of ${length} bytes`);
  }
  await reader.load(length);
  const bytes = reader.bytes(length);
  if (!isPlainName(bytes)) throw failures.invalid("bad-text", at, "key is not plain UTF-8 text");
  const key = bytes.toString("utf8");
  // Other readers of this file build objects out of the dotted parts.
  if (key.split(".").includes("__proto__")) throw failures.invalid("bad-text", at, `key ${key}`);
  return key;
}

/** Valid UTF-8 without control characters; C code sees the same text as we do. */
export function isPlainName(bytes: Buffer): boolean {
  return isUtf8(bytes) && bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

async function readLength(reader: HeaderReader): Promise<number> {
  if (!reader.has(8)) await reader.load(8);
  return reader.u64();
}

async function readType(reader: HeaderReader, failures: GgufFailures, key: string): Promise<ValueType> {
  const at = reader.position;
  if (!reader.has(4)) await reader.load(4);
  const number = reader.u32();
  const type = valueTypes[number];
  if (type === undefined) throw failures.invalid("unknown-value-type", at, `type ${number} of ${key}`);
  return type;
}

async function readValue(reader: HeaderReader, failures: GgufFailures, key: string): Promise<MetadataEntry> {
  const type = await readType(reader, failures, key);
  if (type === "string") return readText(reader, failures, key);
  if (type === "array") return readArray(reader, failures, key);
  const at = reader.position;
  const size = fixedSizes[type];
  if (!reader.has(size)) await reader.load(size);
  const bytes = reader.bytes(size);
  if (type === "bool" && (bytes[0] as number) > 1) throw failures.invalid("bad-value", at, `${key} is no boolean`);
  return { type, elementType: null, count: 1, at, value: decodeFixed(type, bytes, 0) };
}

async function readText(reader: HeaderReader, failures: GgufFailures, key: string): Promise<MetadataEntry> {
  const length = await readLength(reader);
  const at = reader.position;
  const limit = key.startsWith(templateKey) ? ggufLimits.chatTemplateBytes : ggufLimits.stringBytes;
  if (length > limit) throw failures.invalid("string-out-of-range", at, `${key} has ${length} bytes`);
  if (length > ggufLimits.keptTextBytes && key !== templateKey) {
    reader.skip(length);
    return { type: "string", elementType: null, count: 1, at, value: null };
  }
  if (!reader.has(length)) await reader.load(length);
  const bytes = reader.bytes(length);
  // Free texts such as an author's name may be in an old encoding; what steers the engine may not.
  const strict = key.startsWith("tokenizer.") || key === "general.architecture" || key === "general.type";
  if (strict && !isUtf8(bytes)) throw failures.invalid("bad-text", at, `${key} is not UTF-8`);
  return { type: "string", elementType: null, count: 1, at, value: bytes.toString("utf8") };
}

async function readArray(reader: HeaderReader, failures: GgufFailures, key: string): Promise<MetadataEntry> {
  const typeAt = reader.position;
  const elementType = await readType(reader, failures, key);
  if (elementType === "array") throw failures.invalid("nested-array", typeAt, key);
  const count = await readLength(reader);
  if (count > ggufLimits.arrayElements) {
    throw failures.invalid("count-out-of-range", typeAt, `${key} has ${count} elements`);
  }
  const at = reader.position;
  const shape = { type: "array", elementType, count, at } as const;
  if (!isFixedType(elementType)) {
    await skipTexts(reader, failures, count, key);
    return { ...shape, value: null };
  }
  const size = fixedSizes[elementType];
  if (count > ggufLimits.keptArrayElements) {
    reader.skip(count * size);
    return { ...shape, value: null };
  }
  if (!reader.has(count * size)) await reader.load(count * size);
  const bytes = reader.bytes(count * size);
  return {
    ...shape,
    value: Array.from({ length: count }, (_, index) => decodeFixed(elementType, bytes, index * size)),
  };
}

async function skipTexts(reader: HeaderReader, failures: GgufFailures, count: number, key: string): Promise<void> {
  let left = count;
  while (left > 0) {
    if (!reader.has(8)) await reader.load(8);
    left -= reader.skipTexts(left, ggufLimits.stringBytes);
    if (left > 0 && reader.has(8)) {
      const at = reader.position;
      throw failures.invalid("string-out-of-range", at, `${key}[${count - left}] has ${reader.u64()} bytes`);
    }
  }
}
