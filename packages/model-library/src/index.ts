export * from "./bundle/index.ts";
export { assertAdapterFits } from "./attachments/assert-adapter-fits.ts";
export { assertDraftFits } from "./attachments/assert-draft-fits.ts";
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
  readCatalogueTables,
} from "./catalogue/load-catalogue.ts";
export {
  loadTrustedKeys,
  openSignedCatalogue,
  readSignedCatalogue,
  signCatalogue,
  type SignedCatalogue,
  type TrustedKey,
} from "./catalogue/signed-catalogue.ts";
export { partsOf } from "./gguf/split-parts.ts";
export { findGgufFiles } from "./store/discovery/find-gguf-files.ts";
export { createModelStore } from "./store/model-store.ts";
export { modelIdOf, safeFileName } from "./store/safe-names.ts";
export type {
  Adoption,
  FolderUse,
  ModelStore,
  ModelStoreOptions,
  StoredModel,
  StoredVersion,
  StoreFolder,
  StoreReport,
  TrashEntry,
} from "./store/store-types.ts";
export { type GgufChoice, chooseFiles, listGgufChoices } from "./hub/choose/choose-files.ts";
export { type ForeignFormat, foreignFormatOf, nearestQuantization } from "./hub/choose/foreign-formats.ts";
export { type GgufFileName, parseGgufFileName, quantizationIn } from "./hub/choose/gguf-file-names.ts";
export { type ModelReference, parseModelReference } from "./hub/choose/model-reference.ts";
export { type CompareOptions, compareSpeeds, type SourceSpeed } from "./hub/compare-speeds.ts";
export { findNearestGguf } from "./hub/find-nearest-gguf.ts";
export { createFolderHub } from "./hub/folder-hub.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "./hub/http-client.ts";
export type { Hub, HubFile, HubFileSource, HubRevision, HubSearchHit } from "./hub/hub.ts";
export { parseBaseUrl } from "./hub/hub-names.ts";
export { createHuggingFaceHub, huggingFaceUrl } from "./hub/hugging-face-hub.ts";
export { createModelScopeHub, modelScopeUrl } from "./hub/modelscope-hub.ts";
export { readRemoteGgufHeader } from "./hub/remote/remote-gguf-header.ts";
export { createUrlHub } from "./hub/url-hub.ts";
export { createDownloader, type Downloader, type DownloaderOptions } from "./download/downloader.ts";
export {
  type AllowedHours,
  type BlockHashes,
  type DownloadFile,
  type DownloadLimits,
  type DownloadPause,
  type DownloadRequest,
  type DownloadResultFile,
  type DownloadRunState,
  type DownloadSource,
  type DownloadView,
  defaultLimits,
  defaultTuning,
  type TransferTuning,
} from "./download/download-types.ts";
export type { ValidateFile } from "./download/transfer/download-file.ts";
export { safeJoin, unsafePathReason } from "./download/disk/safe-path.ts";
export { findForeignModels, type FoundModel as ForeignModelFile } from "./store/discovery/find-foreign-models.ts";
export { type ForeignMachine, type ForeignProgram, foreignPrograms } from "./store/discovery/foreign-places.ts";
