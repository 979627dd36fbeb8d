import { deskError } from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";

/** What whoever keeps vectors has to know about the model they come from. */
export interface EmbeddingModel {
  readonly id: string;
  readonly name: string;
  /** Vectors of another fingerprint cannot be compared with these: the file's hash, or its name and size. */
  readonly fingerprint: string;
  /** Numbers of a vector, as the file's head says. */
  readonly dimensions: number;
  /** Tokens of a passage that are read, without prefix and special tokens. */
  readonly passageTokens: number;
  readonly prefixes: { readonly query: string; readonly passage: string };
}

/** Prefix and special tokens of any known model. */
const aroundPassage = 16;

/**
 * The model of the setting; null = the built-in one. Throws MODEL_NOT_FOUND, WRONG_ROLE, or what `ModelLibrary.resolve`
 * throws.
 */
export async function chooseEmbeddingModel(
  library: Pick<ModelLibrary, "list" | "resolve">,
  chosen: string | null,
): Promise<ResolvedModel> {
  const id = chosen ?? (await library.list()).find(({ role, builtIn }) => role === "embedding" && builtIn)?.id;
  if (id === undefined) throw deskError("MODEL_NOT_FOUND", { model: "embedding", nearest: [] });
  const model = await library.resolve(id);
  const { role } = model.description;
  if (role !== "embedding") throw deskError("WRONG_ROLE", { model: id, role, needed: "embedding" });
  return model;
}

export function describeEmbeddingModel({ id, description, header }: ResolvedModel): EmbeddingModel {
  const { name, sha256, file, contextSize } = description;
  return {
    ...{ id, name },
    fingerprint: sha256 ?? `${file}:${header.fileBytes}`,
    dimensions: header.embeddingLength ?? 0,
    passageTokens: contextSize - aroundPassage,
    // A model that came without a word about prefixes gets none.
    prefixes: description.prefixes ?? { query: "", passage: "" },
  };
}
