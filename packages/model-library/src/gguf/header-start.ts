import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import type { HeaderReader } from "./header-reader.ts";
import type { Metadata } from "./metadata-reader.ts";

const magic = "GGUF";
const countsBytes = 24;

/** Version and counts: the first 24 bytes. */
export async function readCounts(
  reader: HeaderReader,
  failures: GgufFailures,
): Promise<{ version: number; tensorCount: number; keyCount: number }> {
  await reader.load(Math.min(4, reader.fileBytes));
  const start = reader.bytes(Math.min(4, reader.fileBytes)).toString("latin1");
  if (!magic.startsWith(start)) throw failures.invalid("not-gguf", 0, foreignKind(start));
  reader.seek(0);
  await reader.load(countsBytes);
  reader.skip(4);
  const version = reader.u32();
  // Another byte order shows as a small number in the upper half.
  if (version !== 0 && (version & 0xffff) === 0) throw failures.invalid("other-byte-order", 4, `version ${version}`);
  if (version !== 2 && version !== 3) throw failures.invalid("unsupported-version", 4, `version ${version}`);
  const tensorCount = reader.u64();
  const keyCount = reader.u64();
  if (tensorCount > ggufLimits.tensors) throw failures.invalid("count-out-of-range", 8, `${tensorCount} tensors`);
  if (keyCount > ggufLimits.keys) throw failures.invalid("count-out-of-range", 16, `${keyCount} keys`);
  return { version, tensorCount, keyCount };
}

/** Says what the file looks like instead; for logs. */
function foreignKind(start: string): string {
  if (start.startsWith("PK")) return "a ZIP archive (PyTorch weights are stored like this)";
  if (start.startsWith("<")) return "a web page";
  if (start.startsWith("{") || start.charCodeAt(3) === 0) return "perhaps safetensors";
  if (start === "lmgg" || start === "tjgg" || start === "fmgg" || start === "algg")
    return "GGML, the format before GGUF";
  return "another kind of file";
}

/** Bytes; a power of two. */
export function readAlignment(metadata: Metadata, failures: GgufFailures): number {
  const entry = metadata.get("general.alignment");
  if (!entry) return 32;
  const value = entry.value as number;
  const isPowerOfTwo = entry.type === "u32" && value > 0 && Number.isInteger(Math.log2(value));
  if (!isPowerOfTwo || value > ggufLimits.alignment) {
    throw failures.invalid("bad-alignment", entry.at, `alignment ${String(entry.value)}`);
  }
  return value;
}
