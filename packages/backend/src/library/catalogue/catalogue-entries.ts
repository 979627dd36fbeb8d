import type {
  CatalogueEntry,
  CatalogueEntryFile,
  CatalogueFit,
  FitReason,
  QualityLoss,
  Recommendation,
} from "@deskside/contract";
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
  catalogue: Pick<Catalogue, "models" | "quants" | "sourceUrls">,
  advice: CatalogueAdvice,
  installed: ReadonlyMap<string, readonly string[]>,
): CatalogueEntry[] {
  const rank = new Map(advice.recommendations.map((each, index) => [each.model, { ...each, index }]));
  const losses = qualityLosses(catalogue);
  const placeOf = (id: string) => rank.get(id)?.index ?? Number.POSITIVE_INFINITY;
  return catalogue.models
    .map((model, index) => ({ model, index, place: placeOf(model.id) }))
    .toSorted((a, b) => (a.place === b.place ? a.index - b.index : a.place - b.place))
    .map(({ model }) => entryOf(model, { ...advice, losses }, rank.get(model.id) ?? null, installed));
}

function entryOf(
  model: CatalogueModel,
  advice: CatalogueAdvice & { readonly losses: ReadonlyMap<string, QualityLoss> },
  recommended: { quantization: string | null; because: readonly FitReason[] } | null,
  installed: ReadonlyMap<string, readonly string[]>,
): CatalogueEntry {
  const { id, name, family, role, sizeClass, released, status, license, params, arch } = model;
  const files = model.ggufRepos.flatMap((repository) =>
    repository.files.map((file) => ({
      ...entryFile(file, repository, advice.fitOf(model, file)),
      qualityLoss: advice.losses.get(file.quant) ?? null,
    })),
  );
  return {
    ...{ id, name, family, role, sizeClass, released, status, files },
    modalities: [...model.modalities],
    languages: [...(model.languages ?? [])],
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
): Omit<CatalogueEntryFile, "qualityLoss"> {
  const { repo, modelscope, publisher, trust } = repository;
  return {
    ...{ quantization: file.quant, repo, modelscope, publisher, trust, file: file.file, shards: file.shards },
    sizeBytes: file.sizeBytes ?? file.sizeBytesApprox,
    sizeIsApproximate: file.sizeBytes === null && file.sizeBytesApprox !== null,
    ...{ sha256: file.sha256, revision: file.sha256Revision, fit },
  };
}

/** The model all quantizations were measured on, and where that is published. */
const measured = { model: "Llama 3 8B", source: "lcpp-perplexity" };

/** Of several measurements the worst: which of them a publisher's file is like, nobody knows before it is here. */
function qualityLosses({ quants, sourceUrls }: Pick<Catalogue, "quants" | "sourceUrls">): Map<string, QualityLoss> {
  const source = sourceUrls.get(measured.source);
  if (source === undefined) return new Map();
  return new Map(
    quants.flatMap(({ type, quality }) => {
      const known = (quality?.["llama3-8b"] ?? []).flatMap(({ deltaPpl, klDivergence, imatrix }) =>
        deltaPpl === null ? [] : [{ deltaPerplexity: deltaPpl, klDivergence, imatrix }],
      );
      const worst = known.toSorted((a, b) => b.deltaPerplexity - a.deltaPerplexity)[0];
      return worst ? [[type, { ...worst, model: measured.model, source }] as const] : [];
    }),
  );
}

function canReason(model: CatalogueModel): boolean {
  const { chatTemplate } = model;
  if (typeof chatTemplate !== "object" || chatTemplate === null || !("thinking" in chatTemplate)) return false;
  const { thinking } = chatTemplate;
  return typeof thinking === "string" && thinking !== "none" && thinking !== "no";
}
