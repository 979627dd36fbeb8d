import type { ErrorDataOf } from "@deskside/contract";
import type { Text } from "./use-text.ts";

/** What fills the gaps in the words of the errors of bundles and signed catalogues. */
export const bundleErrorParameters = {
  BUNDLE_DAMAGED: ({ path, reason, entry }: ErrorDataOf<"BUNDLE_DAMAGED">, { t }: Text) => ({
    path,
    reason: t(`errors.bundleParts.damage.${reason}`),
    entry: entry === null ? "" : t("errors.bundleParts.entry", { entry }),
  }),
  BUNDLE_SIGNATURE_INVALID: (data: ErrorDataOf<"BUNDLE_SIGNATURE_INVALID">) => data,
  BUNDLE_NEWER: (data: ErrorDataOf<"BUNDLE_NEWER">) => data,
  BUNDLE_NOT_TRUSTED: (data: ErrorDataOf<"BUNDLE_NOT_TRUSTED">) => data,
  BUNDLE_EXISTS: (data: ErrorDataOf<"BUNDLE_EXISTS">) => data,
  BUNDLE_EMPTY: () => ({}),
  BUNDLE_NO_SPACE: ({ path, neededBytes, freeBytes }: ErrorDataOf<"BUNDLE_NO_SPACE">, { format }: Text) => ({
    path,
    needed: format.bytes(neededBytes),
    free: format.bytes(freeBytes),
  }),
  BUNDLE_UNWRITABLE: ({ path, detail }: ErrorDataOf<"BUNDLE_UNWRITABLE">) => ({ path, detail: withoutStop(detail) }),
  BUNDLE_JOB_NOT_FOUND: (data: ErrorDataOf<"BUNDLE_JOB_NOT_FOUND">) => data,
  CATALOGUE_SIGNATURE_INVALID: ({ path }: ErrorDataOf<"CATALOGUE_SIGNATURE_INVALID">) => ({ path }),
  CATALOGUE_OLDER: (data: ErrorDataOf<"CATALOGUE_OLDER">) => data,
  CATALOGUE_DAMAGED: ({ path, issues }: ErrorDataOf<"CATALOGUE_DAMAGED">) => ({
    path,
    detail: withoutStop(issues[0] ?? "?"),
  }),
};

/** A system's own full stop would double ours. */
function withoutStop(detail: string): string {
  return detail.replace(/[.。]+$/, "");
}
