export { type GgufHeader, readGgufHeader } from "./gguf/gguf-header.ts";
export type { MetadataValue } from "./gguf/metadata-reader.ts";
export type { GgufTensor } from "./gguf/tensor-reader.ts";
export { createModelLibrary, type ModelLibrary, type ResolvedModel } from "./library/model-library.ts";
export { describeModelFile, type ModelDescription } from "./manifest/describe-model-file.ts";
export { type LoadedManifest, loadManifests } from "./manifest/load-manifests.ts";
export { type DocumentPrompt, type ModelManifest, modelManifestSchema } from "./manifest/manifest-schema.ts";
export { hashModelFile, type VerifyOptions, verifyModelFile } from "./manifest/verify-model-file.ts";
export { nearestIds } from "./library/nearest-ids.ts";
export type { CatalogueFile, CatalogueGpu, CatalogueModel, CatalogueQuant } from "./catalogue/catalogue-schemas.ts";
export {
  type Catalogue,
  catalogueFilesOf,
  type FoundModel,
  findCatalogueModel,
  loadCatalogue,
} from "./catalogue/load-catalogue.ts";
