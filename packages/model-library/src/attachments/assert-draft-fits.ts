import { deskError } from "@deskside/contract";
import { embeddingArchitectures } from "../gguf/architectures.ts";
import type { GgufHeader } from "../gguf/gguf-header.ts";

/** A proposal is a token number: it has to mean the same in both models. Metadata that says what numbers mean. */
const kinds = ["tokenizer.ggml.model", "tokenizer.ggml.pre"] as const;
const special = ["bos_token_id", "eos_token_id", "eot_token_id", "padding_token_id", "unknown_token_id"] as const;

/**
 * Whether a model can draft for another, as far as headers tell; the engine compares every token when it loads them.
 * Throws DRAFT_MISMATCH.
 */
export function assertDraftFits(draft: GgufHeader, base: GgufHeader): void {
  const names = { draft: draft.name ?? draft.path, base: base.name ?? base.path };
  if (draft.kind === "adapter" || embeddingArchitectures.has(draft.architecture)) {
    throw deskError("DRAFT_MISMATCH", { ...names, reason: "not-a-chat-model", detail: draft.architecture });
  }
  for (const key of kinds) {
    const [own, wanted] = [draft.metadata.get(key) ?? "", base.metadata.get(key) ?? ""];
    if (own === wanted) continue;
    throw deskError("DRAFT_MISMATCH", {
      ...names,
      reason: "other-tokenizer",
      detail: `${String(own)} / ${String(wanted)}`,
    });
  }
  if (draft.vocabularySize !== base.vocabularySize) {
    const detail = `${draft.vocabularySize} / ${base.vocabularySize}`;
    throw deskError("DRAFT_MISMATCH", { ...names, reason: "other-vocabulary-size", detail });
  }
  for (const key of special) {
    const [own, wanted] = [draft, base].map(({ metadata }) => metadata.get(`tokenizer.ggml.${key}`));
    if (own === wanted) continue;
    const detail = `${key}: ${String(own ?? "–")} / ${String(wanted ?? "–")}`;
    throw deskError("DRAFT_MISMATCH", { ...names, reason: "other-special-token", detail });
  }
}
