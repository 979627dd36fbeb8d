import {
  equalHeadArchitectures,
  fullyRotatedArchitectures,
  hybridArchitectures,
  recurrentArchitectures,
} from "./architectures.ts";
import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import type { Metadata } from "./metadata-reader.ts";

export interface ModelShape {
  readonly contextLength: number;
  readonly embeddingLength: number;
  readonly blockCount: number;
  /** One entry, or one for each block where the model has them per block. */
  readonly headCounts: readonly number[];
  readonly keyValueHeadCounts: readonly number[];
}

/** The numbers of one architecture, with the types the native library insists on. */
interface Hyperparameters {
  /** Unsigned 32-bit; undefined when absent. */
  optional(name: string): number | undefined;
  required(name: string, least: number, most: number): number;
  /** A number for all blocks or one for each; empty when absent. */
  perBlock(name: string, blocks: number): readonly number[];
  refuse(name: string, why: string): never;
}

function createHyperparameters(metadata: Metadata, architecture: string, failures: GgufFailures): Hyperparameters {
  function refuse(name: string, why: string): never {
    const key = `${architecture}.${name}`;
    throw failures.invalid("bad-value", metadata.get(key)?.at ?? 0, `${key}: ${why}`);
  }
  function optional(name: string): number | undefined {
    const entry = metadata.get(`${architecture}.${name}`);
    if (!entry) return undefined;
    if (entry.type !== "u32") return refuse(name, `is ${entry.type}, must be u32`);
    return entry.value as number;
  }
  return {
    refuse,
    optional,
    required(name, least, most) {
      const value = optional(name);
      if (value === undefined) throw failures.invalid("missing-key", 0, `${architecture}.${name}`);
      if (value < least || value > most) return refuse(name, `${value} is not between ${least} and ${most}`);
      return value;
    },
    perBlock(name, blocks) {
      const entry = metadata.get(`${architecture}.${name}`);
      if (!entry) return [];
      if (entry.type !== "array") return [optional(name) as number];
      const isInteger = entry.elementType === "u32" || entry.elementType === "i32" || entry.elementType === "bool";
      if (!isInteger || entry.count !== blocks || entry.value === null) {
        return refuse(name, `array of ${entry.count} ${entry.elementType} for ${blocks} blocks`);
      }
      return (entry.value as readonly (number | boolean)[]).map(Number);
    },
  };
}

/** Refuses metadata that llama.cpp would accept and then abort on. */
export function checkModelShape(metadata: Metadata, architecture: string, failures: GgufFailures): ModelShape {
  const numbers = createHyperparameters(metadata, architecture, failures);
  const contextLength = numbers.required("context_length", 1, ggufLimits.contextLength);
  const embeddingLength = numbers.required("embedding_length", 1, 2 ** 24);
  const blockCount = numbers.required("block_count", 1, ggufLimits.layers);
  if ((numbers.optional("nextn_predict_layers") ?? 0) >= blockCount) {
    numbers.refuse("nextn_predict_layers", "leaves no block for the model");
  }
  const heads = checkHeads(numbers, architecture, embeddingLength, blockCount);
  const experts = checkExperts(numbers, blockCount);
  checkFeedForward(numbers, architecture, blockCount, experts);
  checkScaling(metadata, architecture, numbers, failures);
  checkState(numbers);
  return { contextLength, embeddingLength, blockCount, ...heads };
}

function checkHeads(
  numbers: Hyperparameters,
  architecture: string,
  embeddingLength: number,
  blocks: number,
): { headCounts: readonly number[]; keyValueHeadCounts: readonly number[] } {
  const headCounts = numbers.perBlock("attention.head_count", blocks);
  const given = numbers.perBlock("attention.head_count_kv", blocks);
  const keyValueHeadCounts = given.length > 0 ? given : headCounts;
  if (recurrentArchitectures.has(architecture)) return { headCounts, keyValueHeadCounts };
  if (!headCounts.some((count) => count >= 1)) numbers.refuse("attention.head_count", "must be at least 1");
  if (headCounts.some((count) => count < 0 || count > 65_536)) numbers.refuse("attention.head_count", "out of range");
  for (let block = 0; block < blocks; block++) {
    const heads = headCounts[headCounts.length === 1 ? 0 : block] as number;
    const shared = keyValueHeadCounts[keyValueHeadCounts.length === 1 ? 0 : block] as number;
    // Blocks without attention carry a zero, but only where counts are given per block.
    const isWithoutAttention = (shared === 0 && given.length > 1) || (heads === 0 && headCounts.length > 1);
    if (!isWithoutAttention && (shared < 1 || heads % shared !== 0)) {
      numbers.refuse("attention.head_count_kv", `${shared} does not divide ${heads}`);
    }
  }
  checkHeadWidths(numbers, architecture, embeddingLength, headCounts[0] as number);
  return { headCounts, keyValueHeadCounts };
}

function checkHeadWidths(numbers: Hyperparameters, architecture: string, embeddingLength: number, heads: number): void {
  const keyLength = numbers.optional("attention.key_length");
  const valueLength = numbers.optional("attention.value_length");
  if (heads === 0) return;
  if ((keyLength === undefined || valueLength === undefined) && embeddingLength % heads !== 0) {
    numbers.refuse("embedding_length", `${embeddingLength} does not divide into ${heads} heads`);
  }
  const keyWidth = keyLength ?? embeddingLength / heads;
  const valueWidth = valueLength ?? embeddingLength / heads;
  if (keyWidth < 1 || valueWidth < 1) numbers.refuse("attention.key_length", "must be at least 1");
  if (equalHeadArchitectures.has(architecture) && keyWidth !== valueWidth) {
    numbers.refuse("attention.key_length", `${keyWidth} differs from value length ${valueWidth}`);
  }
  const rotated = numbers.optional("rope.dimension_count");
  if (rotated === undefined) return;
  if (rotated % 2 !== 0 || rotated > keyWidth) numbers.refuse("rope.dimension_count", `${rotated} of ${keyWidth}`);
  if (fullyRotatedArchitectures.has(architecture) && rotated !== keyWidth) {
    numbers.refuse("rope.dimension_count", `${rotated} differs from the head width ${keyWidth}`);
  }
}

/** A width of nothing asks the native library for a tensor without elements, and that is the end of its process. */
function checkFeedForward(numbers: Hyperparameters, architecture: string, blocks: number, experts: number): void {
  const widths = numbers.perBlock("feed_forward_length", blocks);
  const expertWidths = numbers.perBlock("expert_feed_forward_length", blocks);
  if (experts > 0) {
    const isUseless = [widths, expertWidths].every((list) => list.every((width) => width < 1));
    if (isUseless) numbers.refuse("expert_feed_forward_length", "experts without a width");
    return;
  }
  if (recurrentArchitectures.has(architecture) || hybridArchitectures.has(architecture)) return;
  if (!widths.some((width) => width >= 1)) numbers.refuse("feed_forward_length", "must be at least 1");
}

function checkExperts(numbers: Hyperparameters, blocks: number): number {
  const experts = numbers.optional("expert_count") ?? 0;
  const used = Math.max(0, ...numbers.perBlock("expert_used_count", blocks));
  const groups = numbers.optional("expert_group_count") ?? 0;
  const usedGroups = numbers.optional("expert_group_used_count") ?? 0;
  if (experts > ggufLimits.experts) numbers.refuse("expert_count", `${experts}`);
  if (used > experts || (experts > 0 && used < 1)) numbers.refuse("expert_used_count", `${used} of ${experts}`);
  if (experts === 0 ? groups !== 0 : groups >= experts) numbers.refuse("expert_group_count", `${groups} of ${experts}`);
  if (groups > 1 && (experts % groups !== 0 || usedGroups < 1 || usedGroups >= groups)) {
    numbers.refuse("expert_group_used_count", `${usedGroups} of ${groups}`);
  }
  return experts;
}

const ropeScalings = new Set(["none", "linear", "yarn", "longrope"]);
const poolingTypes = 4;

function checkScaling(
  metadata: Metadata,
  architecture: string,
  numbers: Hyperparameters,
  failures: GgufFailures,
): void {
  const scaling = metadata.get(`${architecture}.rope.scaling.type`);
  if (scaling && !ropeScalings.has(String(scaling.value))) {
    numbers.refuse("rope.scaling.type", String(scaling.value));
  }
  const pooling = numbers.optional("pooling_type");
  if (pooling !== undefined && pooling > poolingTypes) numbers.refuse("pooling_type", `${pooling}`);
  for (const [key, entry] of metadata) {
    if (!key.startsWith(`${architecture}.`) || entry.type !== "f32") continue;
    const value = entry.value as number;
    const isEpsilon = key.endsWith("epsilon");
    const isBad = !Number.isFinite(value) || (isEpsilon && value < 0) || (key.endsWith("freq_base") && value <= 0);
    if (isBad) throw failures.invalid("bad-value", entry.at, `${key} is ${value}`);
  }
}

/** State-space layers divide by these. */
function checkState(numbers: Hyperparameters): void {
  for (const name of ["ssm.conv_kernel", "ssm.inner_size", "ssm.state_size", "ssm.time_step_rank"]) {
    const value = numbers.optional(name);
    if (value !== undefined && (value < 1 || value > 2 ** 24)) numbers.refuse(name, `${value}`);
  }
}
