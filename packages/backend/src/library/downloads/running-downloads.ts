import { type DesksideError, type ErrorData, isCancellation, isDesksideError } from "@deskside/base";
import { deskError, type Download, type DownloadEvent, type PullResult } from "@deskside/contract";
import type { DownloadView } from "@deskside/model-library";
import type { DownloadRecord } from "./download-records.ts";

/** What came after the last byte. */
export interface AfterTransfer {
  readonly stage: "checking" | "testing" | "failed" | "done";
  readonly error: ErrorData | null;
  readonly result: PullResult | null;
}

/** A download as people see it: transfer, then check and test, then a model. */
export function downloadOf(record: DownloadRecord, view: DownloadView, after: AfterTransfer | null): Download {
  // The bytes are there; they are not a model yet.
  const state = after?.stage ?? (view.state === "done" ? "checking" : view.state);
  return {
    ...{ id: record.id, repo: record.repo, revision: record.revision, quantization: record.quantization },
    file: record.files[0]?.path ?? "",
    ...{
      state,
      pausedBy: view.pausedBy,
      resumesAt: view.resumesAt,
      receivedBytes: view.receivedBytes,
      totalBytes: view.totalBytes,
    },
    ...{ bytesPerSecond: view.bytesPerSecond, etaMs: view.etaMs, source: view.source, position: view.position },
    sources: record.hubs.map(({ name }) => name),
    startedAt: record.startedAt,
    modelId: after?.result?.id ?? null,
    error: plain(after ? after.error : view.error),
  };
}

/** The event that tells of a download; the last three are final. */
export function eventOf(download: Download, result: PullResult | null): DownloadEvent {
  if (download.state === "done" && result) return { type: "done", download, result };
  if (download.state === "cancelled") return { type: "cancelled", download };
  if (download.state === "failed") {
    const error = download.error ?? plain(deskError("INTERNAL", { incident: "download-without-error" }).toData());
    return { type: "failed", download, error: error as NonNullable<typeof error> };
  }
  return { type: "progress", download };
}

export function knownError(error: unknown, signal: AbortSignal): DesksideError | null {
  if (isCancellation(error, signal)) return null;
  if (isDesksideError(error)) return error;
  const incident = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : "unknown";
  return deskError("INTERNAL", { incident }, { cause: error });
}

function plain(error: ErrorData | null): Download["error"] {
  return error && { ...error, data: { ...error.data } };
}
