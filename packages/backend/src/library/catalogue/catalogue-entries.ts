import type { CatalogueEntry, CatalogueEntryFile, CatalogueFit, FitReason, Recommendation } from "@deskside/contract";
import type { Catalogue, CatalogueFile, CatalogueModel } from "@deskside/model-library";

/** Advice about the catalogue, as the advisor of this machine gives it. */
export interface CatalogueAdvice {
  fitOf(model: CatalogueModel, file: CatalogueFile): CatalogueFit | null;
  /** Best first. */
  readonly recommendations: readonly Pick<Recommendation, "model" | "quantization" | "because">[];
}

/**
 * The catalogue as the interface shows it: recommended models first and in the advisor's order, then the others as the
 * file has them. Of every quantization a repository has, all files are kept: their publishers differ.
 * @param installed ids of models that are here, by repository
 */
export function catalogueEntries(
  catalogue: Pick<Catalogue, "models">,
  advice: CatalogueAdvice,
  installed: ReadonlyMap<string, readonly string[]>,
): CatalogueEntry[] {
  const rank = new Map(advice.recommendations.map((each, index) => [each.model, { ...each, index }]));
  const placeOf = (id: string) => rank.get(id)?.index ?? Number.POSITIVE_INFINITY;
  return catalogue.models
    .map((model, index) => ({ model, index, place: placeOf(model.id) }))
    .toSorted((a, b) => (a.place === b.place ? a.index - b.index : a.place - b.place))
    .map(({ model }) => entryOf(model, advice, rank.get(model.id) ?? null, installed));
}

function entryOf(
  model: CatalogueModel,
  advice: CatalogueAdvice,
  recommended: { quantization: string | null; because: readonly FitReason[] } | null,
  installed: ReadonlyMap<string, readonly string[]>,
): CatalogueEntry {
  const { id, name, family, role, sizeClass, released, status, license, params, arch } = model;
  const files = model.ggufRepos.flatMap((repository) =>
    repository.files.map((file) => entryFile(file, repository, advice.fitOf(model, file))),
  );
  return {
    ...{ id, name, family, role, sizeClass, released, status, files },
    modalities: [...model.modalities],
    languages: languagesOf(model),
    licence: { id: license.id, name: license.name, commercial: license.commercial, note: license.note },
    totalParametersB: params.exactB ?? params.fromF16FileB ?? params.totalB,
    // The catalogue names it for dense models too, rounded otherwise than their total.
    activeParametersB: arch.moe ? params.activeB : null,
    contextSize: arch.contextTrained,
    reasoning: canReason(model),
    best: recommended?.quantization ?? null,
    because: [...(recommended?.because ?? [])],
    installed: [...new Set(model.ggufRepos.flatMap(({ repo }) => installed.get(repo.toLowerCase()) ?? []))],
  };
}

function entryFile(
  file: CatalogueFile,
  repository: CatalogueModel["ggufRepos"][number],
  fit: CatalogueFit | null,
): CatalogueEntryFile {
  const { repo, modelscope, publisher, trust } = repository;
  return {
    ...{ quantization: file.quant, repo, modelscope, publisher, trust, file: file.file, shards: file.shards },
    sizeBytes: file.sizeBytes ?? file.sizeBytesApprox,
    sizeIsApproximate: file.sizeBytes === null && file.sizeBytesApprox !== null,
    ...{ sha256: file.sha256, revision: file.sha256Revision, fit },
  };
}

/** An optional column of the catalogue; absent = nobody looked it up. */
function languagesOf(model: CatalogueModel): string[] {
  const { languages } = model;
  return Array.isArray(languages) ? languages.filter((tag) => typeof tag === "string") : [];
}

function canReason(model: CatalogueModel): boolean {
  const { chatTemplate } = model;
  if (typeof chatTemplate !== "object" || chatTemplate === null || !("thinking" in chatTemplate)) return false;
  const { thinking } = chatTemplate;
  return typeof thinking === "string" && thinking !== "none" && thinking !== "no";
}
