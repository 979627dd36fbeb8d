import type { ErrorDataOf } from "@deskside/contract";
import type { Text } from "./use-text.ts";

type Parameters = Readonly<Record<string, string | number>>;

/** What fills the gaps in the words of the errors of proxies and the library. */
export const libraryErrorParameters = {
  HUB_REPO_NOT_FOUND: (data: ErrorDataOf<"HUB_REPO_NOT_FOUND">) => data,
  PROXY_UNUSABLE: ({ proxy, reason }: ErrorDataOf<"PROXY_UNUSABLE">, { t }: Text) => ({
    proxy,
    reason: t(`errors.libraryParts.proxy.${reason}`),
  }),
  PROXY_UNREACHABLE: detailed,
  PROXY_AUTH_REQUIRED: ({ proxy, host, sent }: ErrorDataOf<"PROXY_AUTH_REQUIRED">, { t }: Text) => ({
    ...{ proxy, host },
    what: t(sent ? "errors.libraryParts.proxy.refusedPassword" : "errors.libraryParts.proxy.noPassword"),
  }),
  PROXY_REFUSED: (data: ErrorDataOf<"PROXY_REFUSED">) => data,
  HUB_GATED: ({ repo, hub, host, url, signedIn }: ErrorDataOf<"HUB_GATED">, { t }: Text) => ({
    ...{ repo, hub },
    next: t(signedIn ? "errors.libraryParts.gatedSignedIn" : "errors.libraryParts.gatedNew", { url, host }),
  }),
  HUB_TOKEN_REFUSED: (data: ErrorDataOf<"HUB_TOKEN_REFUSED">) => data,
  ADAPTER_MISMATCH: ({ adapter, base, reason, detail }: ErrorDataOf<"ADAPTER_MISMATCH">, { t }: Text) => ({
    ...{ adapter, base, detail },
    reason: t(`errors.libraryParts.adapter.${reason}`),
  }),
  DRAFT_MISMATCH: ({ draft, base, reason, detail }: ErrorDataOf<"DRAFT_MISMATCH">, { t }: Text) => ({
    ...{ draft, base, detail },
    reason: t(`errors.libraryParts.draft.${reason}`),
  }),
  NOT_ATTACHED: (data: ErrorDataOf<"NOT_ATTACHED">) => data,
  HUB_TOKEN_NOT_FOUND: (data: ErrorDataOf<"HUB_TOKEN_NOT_FOUND">) => data,
  HUB_FILE_NOT_FOUND: (data: ErrorDataOf<"HUB_FILE_NOT_FOUND">, { t }: Text) => ({
    repo: data.repo,
    wanted: data.wanted,
    nearest:
      data.nearest.length === 0
        ? t("errors.libraryParts.nearestFileNone")
        : t("errors.libraryParts.nearestFile", { names: data.nearest.slice(0, 5).join(t("common.listComma")) }),
  }),
  HUB_UNAVAILABLE: (data: ErrorDataOf<"HUB_UNAVAILABLE">, text: Text) => ({
    hub: data.hub,
    status: data.status === null ? "" : text.t("errors.libraryParts.hubStatus", { status: data.status }),
    detail: withoutStop(data.detail, text),
  }),
  HUB_RATE_LIMITED: (data: ErrorDataOf<"HUB_RATE_LIMITED">, { t, format }: Text) => ({
    hub: data.hub,
    wait:
      data.retryAfterMs === null
        ? t("errors.libraryParts.waitUnknown")
        : t("errors.libraryParts.waitFor", { time: format.duration(data.retryAfterMs) }),
  }),
  HUB_ANSWER_INVALID: detailed,
  DOWNLOAD_HASH_MISMATCH: (data: ErrorDataOf<"DOWNLOAD_HASH_MISMATCH">) => ({
    file: data.file,
    source: data.source,
    expected: shortHash(data.expected),
    actual: shortHash(data.actual),
  }),
  DOWNLOAD_SIZE_MISMATCH: (data: ErrorDataOf<"DOWNLOAD_SIZE_MISMATCH">, { format }: Text) => ({
    file: data.file,
    source: data.source,
    // Rounded sizes of nearly equal files would look the same.
    expected: format.exactBytes(data.expected),
    actual: format.exactBytes(data.actual),
  }),
  DOWNLOAD_CHANGED: (data: ErrorDataOf<"DOWNLOAD_CHANGED">) => data,
  DOWNLOAD_FAILED: detailed,
  DOWNLOAD_NO_SPACE: (data: ErrorDataOf<"DOWNLOAD_NO_SPACE">, { format }: Text) => ({
    path: data.path,
    needed: format.bytes(data.neededBytes),
    free: format.bytes(data.freeBytes),
  }),
  DOWNLOAD_PAUSED: ({ receivedBytes, totalBytes }: ErrorDataOf<"DOWNLOAD_PAUSED">, { format }: Text) => ({
    received: format.bytes(receivedBytes),
    total: format.bytes(totalBytes),
  }),
  DOWNLOAD_NOT_FOUND: (data: ErrorDataOf<"DOWNLOAD_NOT_FOUND">) => data,
  UNSUPPORTED_FORMAT: (data: ErrorDataOf<"UNSUPPORTED_FORMAT">, { t }: Text) => ({
    format: data.format,
    nearest: nearestFormat(data, t),
  }),
  MODEL_IN_USE: (data: ErrorDataOf<"MODEL_IN_USE">) => data,
  MODEL_FILE_CHANGED: (data: ErrorDataOf<"MODEL_FILE_CHANGED">, { format }: Text) => ({
    model: data.model,
    path: data.path,
    expected: format.exactBytes(data.expectedBytes),
    actual: format.exactBytes(data.actualBytes),
  }),
  MODEL_FOLDER_UNUSABLE: detailed,
  CANARY_FAILED: (data: ErrorDataOf<"CANARY_FAILED">, text: Text) => ({
    model: data.model,
    step: text.t(`errors.libraryParts.canary.${data.step}`),
    detail: withoutStop(data.detail, text),
  }),
};

function nearestFormat({ nearest, where }: ErrorDataOf<"UNSUPPORTED_FORMAT">, t: Text["t"]): string {
  if (nearest === null) return t("errors.libraryParts.nearestFormatNone");
  if (where === null) return t("errors.libraryParts.nearestFormat", { nearest });
  return t("errors.libraryParts.nearestFormatAt", { nearest, where });
}

function detailed<D extends { detail: string }>(data: D, text: Text): Parameters {
  return { ...data, detail: withoutStop(data.detail, text) };
}

/** Details come from systems and hubs in their own words; a full stop of theirs would double ours. */
function withoutStop(detail: string, { t }: Text): string {
  return detail.replace(/[.。\s]+$/u, "") || t("errors.parts.noDetail");
}

function shortHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 12)}…` : hash;
}
