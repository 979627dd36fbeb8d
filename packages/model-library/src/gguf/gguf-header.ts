import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { helperArchitectures, knownArchitectures } from "./architectures.ts";
import { createGgufFailures, type GgufFailures } from "./gguf-failures.ts";
import { readAlignment, readCounts } from "./header-start.ts";
import { createHeaderReader, type HeaderReader, type HeaderReaderOptions, type HeaderSource } from "./header-reader.ts";
import { type Metadata, type MetadataValue, readMetadata } from "./metadata-reader.ts";
import { checkModelShape } from "./model-checks.ts";
import {
  checkFirstPart,
  type GgufPart,
  partsOf,
  readOtherParts,
  readPartCount,
  type SplitAccess,
} from "./split-parts.ts";
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
  /** Of the file at `path`; of a split one that is the first part. */
  readonly fileBytes: number;
  /** Only for a split file: every part, the first one first. Tensors and parameters are those of all parts. */
  readonly parts?: readonly GgufPart[];
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
 * The first part of a split model stands for all of it: the others are found by name, and checked too.
 * Throws GGUF_INVALID, GGUF_TRUNCATED, GGUF_UNSUPPORTED or MODEL_NOT_READABLE (also when the file is not there).
 */
export async function readGgufHeader(path: string, options: { signal?: AbortSignal } = {}): Promise<GgufHeader> {
  const failures = createGgufFailures(path);
  return withReader(path, failures, options, (reader) =>
    readHeader(path, reader, failures, {
      paths: partsOf(path),
      readPart: (part, work) => {
        const own = createGgufFailures(part);
        return withReader(part, own, options, (partReader) => work(partReader, own));
      },
    }),
  );
}

async function withReader<T>(
  path: string,
  failures: GgufFailures,
  options: { signal?: AbortSignal },
  work: (reader: HeaderReader) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const { handle, fileBytes } = await openRegularFile(path, failures);
  try {
    return await work(createHeaderReader(handle, fileBytes, failures, options));
  } catch (error) {
    if (isSystemError(error)) throw failures.unreadable(error.code, error);
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * The same for bytes that are elsewhere. `path` is for people; errors of `source` pass through. Without `split` a part
 * of a split model is refused.
 */
export async function readGgufHeaderFrom(
  path: string,
  source: HeaderSource,
  fileBytes: number,
  options: HeaderReaderOptions & { readonly split?: SplitAccess } = {},
): Promise<GgufHeader> {
  const failures = createGgufFailures(path);
  const { split = null } = options;
  return readHeader(path, createHeaderReader(source, fileBytes, failures, options), failures, split);
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

async function readHeader(
  path: string,
  reader: HeaderReader,
  failures: GgufFailures,
  split: SplitAccess | null = null,
): Promise<GgufHeader> {
  const { version, tensorCount, keyCount } = await readCounts(reader, failures);
  const metadata = await readMetadata(reader, failures, keyCount);
  const alignment = readAlignment(metadata, failures);
  const partCount = readPartCount(metadata, failures);
  if (partCount > 1) checkFirstPart(metadata, partCount, split, failures);
  const { architecture, kind } = readArchitecture(metadata, failures);
  const shape = kind === "model" ? checkModelShape(metadata, architecture, failures) : null;
  const own = await readTensorTable(reader, failures, tensorCount, alignment);
  if (tensorCount === 0 && partCount === 1) throw failures.invalid("count-out-of-range", 8, "no tensors");
  const vocabularySize = kind === "model" ? await checkTokenizer(metadata, architecture, reader, failures) : null;
  const isSplit = partCount > 1 && split !== null;
  const { table, parts } = isSplit
    ? await readOtherParts({ path, fileBytes: reader.fileBytes, table: own, metadata, failures }, split)
    : { table: own, parts: null };
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
    ...(parts === null ? {} : { parts }),
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
