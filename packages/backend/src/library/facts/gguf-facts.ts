import type { GgufFacts } from "@deskside/contract";
import type { GgufHeader } from "@deskside/model-library";

/** Types below about 3.5 bits, where the loss shows in ordinary answers. */
const lowQuality = /^(IQ1|IQ2|Q2_K|TQ1|TQ2)/i;

/** What a checked header tells a person. A header that was read is of an architecture the engine knows. */
export function factsOf(header: GgufHeader): GgufFacts {
  const { metadata } = header;
  const text = (key: string): string | null => {
    const value = metadata.get(key);
    return typeof value === "string" ? value : null;
  };
  return {
    architecture: header.architecture,
    kind: header.kind,
    name: header.name,
    licence: header.licence,
    quantization: header.quantization,
    parameters: header.parameters,
    contextSize: header.contextLength,
    layers: header.blockCount,
    vocabularySize: header.vocabularySize,
    tokenizer: text("tokenizer.ggml.model"),
    chatTemplate: header.chatTemplate,
    fileBytes: header.fileBytes,
    headerBytes: header.headerBytes,
    tensorTypes: tensorTypesOf(header),
    warnings: warningsOf(header),
  };
}

function tensorTypesOf({ tensors }: GgufHeader): GgufFacts["tensorTypes"] {
  const types = new Map<string, { type: string; tensors: number; bytes: number }>();
  for (const { type, bytes } of tensors) {
    const sum = types.get(type) ?? { type, tensors: 0, bytes: 0 };
    types.set(type, { type, tensors: sum.tensors + 1, bytes: sum.bytes + bytes });
  }
  return [...types.values()].toSorted((a, b) => b.bytes - a.bytes || a.type.localeCompare(b.type));
}

function warningsOf(header: GgufHeader): GgufFacts["warnings"] {
  const isModel = header.kind === "model";
  const found: [GgufFacts["warnings"][number], boolean][] = [
    ["no-chat-template", isModel && header.chatTemplate === null],
    ["no-licence", header.licence === null],
    ["no-context-length", isModel && header.contextLength === null],
    ["old-version", header.version < 3],
    ["low-quality", lowQuality.test(header.quantization)],
  ];
  return found.flatMap(([warning, holds]) => (holds ? [warning] : []));
}
