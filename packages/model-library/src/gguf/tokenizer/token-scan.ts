import { randomInt } from "node:crypto";
import type { GgufFailures } from "../gguf-failures.ts";
import { ggufLimits } from "../gguf-limits.ts";
import type { HeaderReader } from "../header-reader.ts";
import type { MetadataEntry } from "../metadata-reader.ts";

/** `fallback`: `<0x41>` or one ASCII character. `escaped`: one byte, written as in a Python byte string. */
export type ByteTokenStyle = "fallback" | "escaped";

/**
 * Looks at every token without keeping one: a token that occurs twice makes llama.cpp abort. Compares 53-bit hashes
 * with a key of this call, so that nobody can prepare a collision; by chance two of a million tokens share one in
 * 18,000 vocabularies, therefore equal hashes are compared as text. Returns how many of the 256 bytes have a token.
 */
export async function scanTokens(
  reader: HeaderReader,
  tokens: MetadataEntry,
  failures: GgufFailures,
  style: ByteTokenStyle | null,
): Promise<number> {
  const hashes = new Float64Array(tokens.count);
  const byteTokens = new Set<number>();
  const hash = createKeyedHash();
  reader.seek(tokens.at);
  for (let index = 0; index < tokens.count; index++) {
    const bytes = await readToken(reader, index, failures);
    hashes[index] = hash(bytes);
    const byte = style === "escaped" ? escapedByte(bytes) : fallbackByte(bytes);
    if (byte !== null) byteTokens.add(byte);
  }
  const repeated = repeatedValues(hashes);
  if (repeated.size > 0) await compareTexts(reader, tokens, failures, hashes, repeated);
  return byteTokens.size;
}

async function readToken(reader: HeaderReader, index: number, failures: GgufFailures): Promise<Buffer> {
  if (!reader.has(8)) await reader.load(8);
  const length = reader.u64();
  if (length > ggufLimits.tokenBytes) {
    throw failures.invalid("string-out-of-range", reader.position, `token ${index} has ${length} bytes`);
  }
  if (!reader.has(length)) await reader.load(length);
  // llama.cpp gives an empty token this text.
  return length === 0 ? Buffer.from(`[EMPTY_${index}]`) : reader.bytes(length);
}

function createKeyedHash(): (bytes: Buffer) => number {
  const low = randomInt(2 ** 32);
  const high = randomInt(2 ** 32);
  const lowFactor = randomInt(2 ** 31) * 2 + 1;
  const highFactor = randomInt(2 ** 31) * 2 + 1;
  return (bytes) => {
    let a = low;
    let b = high ^ bytes.length;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      a = Math.imul(a ^ byte, lowFactor);
      a ^= a >>> 15;
      b = Math.imul(b + byte, highFactor);
      b ^= b >>> 13;
    }
    return (b & 0x1f_ffff) * 2 ** 32 + (a >>> 0);
  };
}

/** More are never met by chance, and one real repetition is enough. */
const mostRepeated = 1000;

function repeatedValues(values: Float64Array): Set<number> {
  const sorted = values.slice().sort();
  const repeated = new Set<number>();
  for (let index = 1; index < sorted.length && repeated.size < mostRepeated; index++) {
    if (sorted[index] === sorted[index - 1]) repeated.add(sorted[index] as number);
  }
  return repeated;
}

async function compareTexts(
  reader: HeaderReader,
  tokens: MetadataEntry,
  failures: GgufFailures,
  hashes: Float64Array,
  repeated: ReadonlySet<number>,
): Promise<void> {
  const seen = new Set<string>();
  reader.seek(tokens.at);
  for (let index = 0; index < tokens.count; index++) {
    const at = reader.position;
    const bytes = await readToken(reader, index, failures);
    if (!repeated.has(hashes[index] as number)) continue;
    const text = bytes.toString("latin1");
    if (seen.has(text)) throw failures.invalid("bad-value", at, `token ${index} occurs twice`);
    seen.add(text);
  }
}

const openBracket = 0x3c;

function fallbackByte(bytes: Buffer): number | null {
  if (bytes.length === 1 && (bytes[0] as number) < 0x80) return bytes[0] as number;
  if (bytes.length !== 6 || bytes[0] !== openBracket) return null;
  const match = /^<0x([0-9A-F]{2})>$/.exec(bytes.toString("latin1"));
  return match ? Number.parseInt(match[1] as string, 16) : null;
}

const escapes: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, "\\": 92, "'": 39, '"': 34 };

function escapedByte(bytes: Buffer): number | null {
  if (bytes.length > 4) return null;
  const text = bytes.toString("latin1");
  if (text.length === 1 && text !== "\\") return text.charCodeAt(0);
  const match = /^\\(?:x([0-9a-f]{2})|([tnr\\'"]))$/.exec(text);
  if (!match) return null;
  return match[1] === undefined ? (escapes[match[2] as string] ?? null) : Number.parseInt(match[1], 16);
}
