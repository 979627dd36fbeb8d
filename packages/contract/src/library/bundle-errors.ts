import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

/** What is wrong with a bundle; `entry` of the error says where. */
const bundleDamages = [
  "not-a-bundle",
  "cut-off",
  "extra-entry",
  "duplicate-entry",
  "unsafe-path",
  "not-a-file",
  "too-large",
  "manifest-invalid",
  "header-changed",
  "content-changed",
  "padding-changed",
] as const;
export type BundleDamage = (typeof bundleDamages)[number];

const path = z.string();
/** SHA-256 of the public key, in groups of four. */
const fingerprint = z.string();

/** Failures of bundles and of signed catalogues. Whatever was here before stays as it is. Bytes. */
export const bundleErrors = defineErrors({
  /** `entry`: the name in the bundle as it stands there, cut; null = the bundle as a whole. */
  BUNDLE_DAMAGED: {
    kind: "external",
    data: z.object({ path, reason: z.enum(bundleDamages), entry: z.string().nullable() }),
  },
  BUNDLE_SIGNATURE_INVALID: { kind: "denied", data: z.object({ path }) },
  /** Made by a later version of the format. */
  BUNDLE_NEWER: { kind: "unsupported", data: z.object({ path, version: z.number() }) },
  /** Nobody confirmed this fingerprint, or another one was confirmed. */
  BUNDLE_NOT_TRUSTED: { kind: "denied", data: z.object({ path, fingerprint }) },
  /** A file of this name is there already. It is never replaced. */
  BUNDLE_EXISTS: { kind: "conflict", data: z.object({ path }) },
  BUNDLE_EMPTY: { kind: "invalid-input", data: z.object({}) },
  BUNDLE_NO_SPACE: { kind: "exhausted", data: z.object({ path, neededBytes: z.number(), freeBytes: z.number() }) },
  BUNDLE_UNWRITABLE: { kind: "precondition", data: z.object({ path, detail: z.string() }) },
  BUNDLE_JOB_NOT_FOUND: { kind: "not-found", data: z.object({ jobId: z.string() }) },
  /** Not signed by a key this installation trusts, or the bytes are not those that were signed. `keyId` as it says. */
  CATALOGUE_SIGNATURE_INVALID: { kind: "denied", data: z.object({ path, keyId: z.string().nullable() }) },
  /** Dates are "YYYY-MM-DD". */
  CATALOGUE_OLDER: { kind: "conflict", data: z.object({ path, date: z.string(), currentDate: z.string() }) },
  CATALOGUE_DAMAGED: { kind: "external", data: z.object({ path, issues: z.array(z.string()) }) },
});
