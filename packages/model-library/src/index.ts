export { type GgufHeader, readGgufHeader } from "./gguf/gguf-header.ts";
export type { MetadataValue } from "./gguf/metadata-reader.ts";
export type { GgufTensor } from "./gguf/tensor-reader.ts";
export { createModelLibrary, type ModelLibrary, type ResolvedModel } from "./library/model-library.ts";
export { describeModelFile, type ModelDescription } from "./manifest/describe-model-file.ts";
export { type LoadedManifest, loadManifests } from "./manifest/load-manifests.ts";
export { type DocumentPrompt, type ModelManifest, modelManifestSchema } from "./manifest/manifest-schema.ts";
export { hashModelFile, type VerifyOptions, verifyModelFile } from "./manifest/verify-model-file.ts";
