import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { helperArchitectures, knownArchitectures } from "./architectures.ts";
import { createGgufFailures, type GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import { createHeaderReader, type HeaderReader } from "./header-reader.ts";
import { type Metadata, type MetadataValue, readMetadata } from "./metadata-reader.ts";
import { checkModelShape } from "./model-checks.ts";
import { type GgufTensor, readTensorTable, type TensorTable } from "./tensor-reader.ts";
import { fileTypeNames } from "./tensor-types.ts";
import { checkTokenizer } from "./tokenizer/tokenizer-checks.ts";

/** What a checked file says about itself. Everything was read from the file; sizes in bytes. */
export interface GgufHeader {
  readonly path: string;
  readonly version: number;
  readonly kind: "model" | "adapter";
  readonly architecture: string;
  readonly name: string | null;
  readonly sizeLabel: string | null;
  readonly licence: string | null;
  readonly quantization: string;
  readonly parameters: number;
  readonly alignment: number;
  readonly fileBytes: number;
  /** Where the tensor data begins. */
  readonly headerBytes: number;
  readonly tensorBytes: number;
  readonly tensors: readonly GgufTensor[];
  /** Tokens; null for an adapter, as are the next ones. */
  readonly contextLength: number | null;
  readonly embeddingLength: number | null;
  readonly blockCount: number | null;
  /** One entry, or one for each block. */
  readonly headCounts: readonly number[];
  readonly keyValueHeadCounts: readonly number[];
  readonly vocabularySize: number | null;
  readonly chatTemplate: string | null;
  /** Scalars, texts up to 64 kB and number arrays up to 1,024 elements. */
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}

/**
 * Reads and checks the head of a GGUF file without trusting a byte of it: bounded time and memory, never native code.
 * Throws GGUF_INVALID, GGUF_TRUNCATED, GGUF_UNSUPPORTED or MODEL_NOT_READABLE (also when the file is not there).
 */
export async function readGgufHeader(path: string, options: { signal?: AbortSignal } = {}): Promise<GgufHeader> {
  options.signal?.throwIfAborted();
  const failures = createGgufFailures(path);
  const { handle, fileBytes } = await openRegularFile(path, failures);
  try {
    return await readHeader(path, createHeaderReader(handle, fileBytes, failures, options), failures);
  } catch (error) {
    if (isSystemError(error)) throw failures.unreadable(error.code, error);
    throw error;
  } finally {
    await handle.close();
  }
}

async function openRegularFile(
  path: string,
  failures: GgufFailures,
): Promise<{ handle: FileHandle; fileBytes: number }> {
  let handle: FileHandle | undefined;
  try {
    // Asked before opening: opening a device can have effects of its own.
    if (!(await stat(path)).isFile()) throw failures.unreadable("not a regular file");
    // Without O_NONBLOCK a pipe put there meanwhile would block for ever; Windows has neither.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const opened = await handle.stat();
    if (!opened.isFile()) throw failures.unreadable("not a regular file");
    return { handle, fileBytes: opened.size };
  } catch (error) {
    await handle?.close();
    if (isSystemError(error)) throw failures.unreadable(error.code, error);
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  // A path that no system call is made for, such as one with a zero byte.
  return "syscall" in error || error.code === "ERR_INVALID_ARG_VALUE";
}

async function readHeader(path: string, reader: HeaderReader, failures: GgufFailures): Promise<GgufHeader> {
  const { version, tensorCount, keyCount } = await readCounts(reader, failures);
  const metadata = await readMetadata(reader, failures, keyCount);
  const alignment = readAlignment(metadata, failures);
  checkNotSplit(metadata, failures);
  const { architecture, kind } = readArchitecture(metadata, failures);
  const shape = kind === "model" ? checkModelShape(metadata, architecture, failures) : null;
  const table = await readTensorTable(reader, failures, tensorCount, alignment);
  if (tensorCount === 0) throw failures.invalid("count-out-of-range", 8, "no tensors");
  const vocabularySize = kind === "model" ? await checkTokenizer(metadata, architecture, reader, failures) : null;
  return {
    path,
    version,
    kind,
    architecture,
    name: text(metadata, "general.name"),
    sizeLabel: text(metadata, "general.size_label"),
    licence: text(metadata, "general.license"),
    quantization: quantizationOf(metadata, table),
    parameters: table.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    alignment,
    fileBytes: reader.fileBytes,
    headerBytes: table.dataStart,
    tensorBytes: table.dataBytes,
    tensors: table.tensors,
    contextLength: shape?.contextLength ?? null,
    embeddingLength: shape?.embeddingLength ?? null,
    blockCount: shape?.blockCount ?? null,
    headCounts: shape?.headCounts ?? [],
    keyValueHeadCounts: shape?.keyValueHeadCounts ?? [],
    vocabularySize,
    chatTemplate: text(metadata, "tokenizer.chat_template"),
    metadata: keptValues(metadata),
  };
}

const magic = "GGUF";
const countsBytes = 24;

async function readCounts(
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

function readAlignment(metadata: Metadata, failures: GgufFailures): number {
  const entry = metadata.get("general.alignment");
  if (!entry) return 32;
  const value = entry.value as number;
  const isPowerOfTwo = entry.type === "u32" && value > 0 && Number.isInteger(Math.log2(value));
  if (!isPowerOfTwo || value > ggufLimits.alignment) {
    throw failures.invalid("bad-alignment", entry.at, `alignment ${String(entry.value)}`);
  }
  return value;
}

function checkNotSplit(metadata: Metadata, failures: GgufFailures): void {
  const entry = metadata.get("split.count");
  if (!entry) return;
  if (entry.type !== "u16") throw failures.invalid("bad-value", entry.at, `split.count is ${entry.type}, must be u16`);
  if ((entry.value as number) > 1) throw failures.invalid("split-file", entry.at, `${String(entry.value)} parts`);
}

function readArchitecture(
  metadata: Metadata,
  failures: GgufFailures,
): { architecture: string; kind: "model" | "adapter" } {
  const architecture = text(metadata, "general.architecture");
  if (architecture === null) throw failures.invalid("missing-key", 0, "general.architecture");
  const type = text(metadata, "general.type") ?? "model";
  if (!knownArchitectures.has(architecture) || helperArchitectures.has(architecture)) {
    throw failures.unsupported(architecture);
  }
  if (type === "model") return { architecture, kind: "model" };
  if (type !== "adapter") throw failures.unsupported(`${architecture}, ${type}`);
  checkAdapter(metadata, failures);
  return { architecture, kind: "adapter" };
}

/** The native library reads these without looking at their types. */
function checkAdapter(metadata: Metadata, failures: GgufFailures): void {
  const kind = text(metadata, "adapter.type");
  if (kind !== "lora") throw failures.unsupported(`adapter ${kind ?? "of unknown type"}`);
  const alpha = metadata.get("adapter.lora.alpha");
  if (alpha && (alpha.type !== "f32" || !Number.isFinite(alpha.value))) {
    throw failures.invalid("bad-value", alpha.at, "adapter.lora.alpha");
  }
}

function text(metadata: Metadata, key: string): string | null {
  const value = metadata.get(key)?.value;
  return typeof value === "string" ? value : null;
}

/** What the file says about its own mix, else the type that holds most bytes. */
function quantizationOf(metadata: Metadata, table: TensorTable): string {
  const declared = fileTypeNames.get(Number(metadata.get("general.file_type")?.value));
  if (declared !== undefined) return declared;
  const bytesByType = new Map<string, number>();
  for (const tensor of table.tensors) {
    bytesByType.set(tensor.type, (bytesByType.get(tensor.type) ?? 0) + tensor.bytes);
  }
  return [...bytesByType].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

function keptValues(metadata: Metadata): Map<string, MetadataValue> {
  const kept = new Map<string, MetadataValue>();
  for (const [key, { value }] of metadata) {
    if (value !== null) kept.set(key, value);
  }
  return kept;
}
