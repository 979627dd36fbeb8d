export type { BundledModel } from "./bundle-format.ts";
export { canonicalJson } from "./bundle-format.ts";
export { type BundleSigner, createBundleSigner, parseFingerprint } from "./bundle-signature.ts";
export { assertRoom, importBundle, type ImportedBundle, type ImportPlan, planImport } from "./import-bundle.ts";
export { type OpenBundle, openBundle } from "./open-bundle.ts";
export { type BundleContent, type BundleParts, assertBundleRoom, writeBundle } from "./write-bundle.ts";
