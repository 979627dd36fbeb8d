import { basename, dirname, join } from "node:path";
import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import type { HeaderReader } from "./header-reader.ts";
import { readAlignment, readCounts } from "./header-start.ts";
import { type Metadata, readMetadata } from "./metadata-reader.ts";
import { readTensorTable, type TensorTable } from "./tensor-reader.ts";

/** How the native library names parts: it finds the others by exactly this pattern. llama.cpp, `llama_split_path`. */
export const splitPattern = /-(\d{5})-of-(\d{5})\.gguf$/;

/** More parts than this are not a model. */
const mostParts = 1000;

/** The paths of all parts a file name promises ("-00001-of-00003.gguf"); the path itself for any other name. */
export function partsOf(path: string): string[] {
  const match = splitPattern.exec(basename(path));
  const count = Number(match?.[2] ?? 0);
  if (!match || count < 2 || count > mostParts) return [path];
  const stem = basename(path).slice(0, match.index);
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(5, "0");
    return join(dirname(path), `${stem}-${number}-of-${match[2]}.gguf`);
  });
}

/** One file of a split model. Bytes. */
export interface GgufPart {
  readonly path: string;
  readonly fileBytes: number;
}

/** How the other parts of a split file are reached. */
export interface SplitAccess {
  /** As the name of the first part promises them. */
  readonly paths: readonly string[];
  readPart<T>(path: string, work: (reader: HeaderReader, failures: GgufFailures) => Promise<T>): Promise<T>;
}

/** 1 for a file that is whole. */
export function readPartCount(metadata: Metadata, failures: GgufFailures): number {
  const entry = metadata.get("split.count");
  if (!entry) return 1;
  if (entry.type !== "u16") throw failures.invalid("bad-value", entry.at, `split.count is ${entry.type}, must be u16`);
  return Math.max(1, entry.value as number);
}

/** Only the first part, under the name the native library expects, stands for the whole model. */
export function checkFirstPart(
  metadata: Metadata,
  count: number,
  split: SplitAccess | null,
  failures: GgufFailures,
): void {
  const number = metadata.get("split.no");
  const isFirst = number?.type === "u16" && number.value === 0;
  if (isFirst && split?.paths.length === count) return;
  throw failures.invalid("split-file", metadata.get("split.count")?.at ?? 0, `${count} parts`);
}

/** Later parts carry `split.*` and perhaps the alignment; more is not ours to read. */
const mostKeys = 64;

interface FirstPart {
  readonly path: string;
  readonly fileBytes: number;
  readonly table: TensorTable;
  readonly metadata: Metadata;
  readonly failures: GgufFailures;
}

/** The tensors of all parts. Checks what the native library checks (numbers, count, names), and that no part is cut. */
export async function readOtherParts(
  first: FirstPart,
  split: SplitAccess,
): Promise<{ table: TensorTable; parts: readonly GgufPart[] }> {
  const tensors = [...first.table.tensors];
  const names = new Set(tensors.map(({ name }) => name));
  const parts: GgufPart[] = [{ path: first.path, fileBytes: first.fileBytes }];
  let { dataBytes } = first.table;
  for (const [index, path] of split.paths.entries()) {
    if (index === 0) continue;
    await split.readPart(path, async (reader, failures) => {
      const most = ggufLimits.tensors - tensors.length;
      const table = await readLaterPart(reader, failures, { index, count: split.paths.length, most });
      for (const tensor of table.tensors) {
        if (names.has(tensor.name)) throw failures.invalid("duplicate-key", 0, `tensor ${tensor.name}`);
        names.add(tensor.name);
        tensors.push(tensor);
      }
      dataBytes += table.dataBytes;
      parts.push({ path, fileBytes: reader.fileBytes });
    });
  }
  checkTensorCount(first, tensors.length, split);
  return { table: { tensors, dataStart: first.table.dataStart, dataBytes }, parts };
}

async function readLaterPart(
  reader: HeaderReader,
  failures: GgufFailures,
  wanted: { index: number; count: number; most: number },
): Promise<TensorTable> {
  const { tensorCount, keyCount } = await readCounts(reader, failures);
  if (keyCount > mostKeys) throw failures.invalid("count-out-of-range", 16, `${keyCount} keys in a later part`);
  if (tensorCount > wanted.most) throw failures.invalid("count-out-of-range", 8, `${tensorCount} more tensors`);
  const metadata = await readMetadata(reader, failures, keyCount);
  for (const [key, expected] of [
    ["split.no", wanted.index],
    ["split.count", wanted.count],
  ] as const) {
    const entry = metadata.get(key);
    if (entry?.type === "u16" && entry.value === expected) continue;
    throw failures.invalid("split-file", entry?.at ?? 0, `${key} is ${String(entry?.value)}, must be ${expected}`);
  }
  return readTensorTable(reader, failures, tensorCount, readAlignment(metadata, failures));
}

function checkTensorCount(first: FirstPart, count: number, split: SplitAccess): void {
  const entry = first.metadata.get("split.tensors.count");
  const isRight = entry?.type === "i32" && entry.value === count && count > 0;
  if (isRight) return;
  const detail = `split.tensors.count is ${String(entry?.value)}, ${split.paths.length} parts have ${count}`;
  throw first.failures.invalid("count-out-of-range", entry?.at ?? 0, detail);
}
