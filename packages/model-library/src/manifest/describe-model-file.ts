import { basename, resolve } from "node:path";
import { embeddingArchitectures } from "../gguf/architectures.ts";
import { type GgufHeader, readGgufHeader } from "../gguf/gguf-header.ts";
import { embeddingPrefixes } from "./embedding-prefixes.ts";
import type { ModelManifest } from "./manifest-schema.ts";

/** What the product knows about a model: from its manifest, or read from its file. */
export interface ModelDescription
  extends Omit<ModelManifest, "schemaVersion" | "family" | "sha256" | "licenceFile" | "source"> {
  /** Null where nobody vouched for the file. */
  readonly sha256: string | null;
}

/** Below this many parameters the interface says that a model is small. */
const smallParameters = 1_000_000_000;
/** More costs memory that nobody asked for; a person can raise it up to `limits.maxContext`. */
const contextUnlessAsked = 8192;

/** How models mark their reasoning in plain text, as chat templates know it. */
const reasoningMarks = [
  { open: "<think>", close: "</think>" },
  { open: "[THINK]", close: "[/THINK]" },
  { open: "<seed:think>", close: "</seed:think>" },
] as const;

/** A model that came without a manifest, by its own header. Throws what `readGgufHeader` throws. */
export async function describeModelFile(
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<ModelDescription> {
  return describeHeader(await readGgufHeader(path, options));
}

export function describeHeader(header: GgufHeader): ModelDescription {
  const role = roleOf(header);
  const trainedContextSize = header.contextLength ?? contextUnlessAsked;
  return {
    id: resolve(header.path),
    name: header.name?.trim() || basename(header.path, ".gguf"),
    role,
    file: basename(header.path),
    sha256: null,
    sizeBytes: header.parts?.reduce((sum, { fileBytes }) => sum + fileBytes, 0) ?? header.fileBytes,
    licence: header.licence ?? "unknown",
    languages: [],
    quantization: header.quantization,
    contextSize: Math.min(trainedContextSize, contextUnlessAsked),
    trainedContextSize,
    template: null,
    reasoning: reasoningOf(header.chatTemplate),
    systemPrompt: {},
    prefixes: role === "embedding" ? embeddingPrefixes([header.name, basename(header.path)]) : null,
    documentPrompt: null,
    sampling: { chat: {}, documents: {} },
    adapters: [],
    limits: { maxContext: trainedContextSize },
    small: header.parameters < smallParameters,
    preference: 0,
    base: null,
  };
}

function roleOf(header: GgufHeader): ModelDescription["role"] {
  if (header.kind === "adapter") return "adapter";
  // A chat architecture that was trained to embed says how its vectors are taken: mean, first or last token.
  const pooling = header.metadata.get(`${header.architecture}.pooling_type`);
  const pools = typeof pooling === "number" && pooling >= 1 && pooling <= 3;
  return pools || embeddingArchitectures.has(header.architecture) ? "embedding" : "chat";
}

/** A template that cuts old reasoning out of the history often knows the closing mark only. */
function reasoningOf(template: string | null): ModelDescription["reasoning"] {
  const marks = reasoningMarks.find(({ open, close }) => template?.includes(open) || template?.includes(close));
  return marks ? { ...marks } : null;
}
