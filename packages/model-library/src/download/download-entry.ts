import { type Clock, type ErrorData, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { DownloadJournal } from "./disk/download-journal.ts";
import type { JournalRecord } from "./disk/journal-lines.ts";
import type {
  DownloadPause,
  DownloadRequest,
  DownloadResultFile,
  DownloadRunState,
  DownloadView,
} from "./download-types.ts";
import { resultsOf } from "./run-download.ts";
import { createSpeedMeter, type SpeedMeter } from "./speed-meter.ts";
import { TransferFault } from "./transfer/transfer-fault.ts";

/** One download of the queue while the program runs. */
export interface DownloadEntry {
  /** With the tokens, which the journal does not have. */
  request: DownloadRequest;
  journal: DownloadJournal;
  state: DownloadRunState;
  pausedBy: DownloadPause | null;
  error: ErrorData | null;
  /** Milliseconds since 1970; see `DownloadView`. */
  resumesAt: number | null;
  /** Times in a row that it waited for the network. */
  outages: number;
  /** The user wants it now, whatever the hours are. */
  ignoresHours: boolean;
  source: string | null;
  results: readonly DownloadResultFile[];
  /** Bytes there, by file. */
  written: number[];
  readonly meter: SpeedMeter;
  /** Set while it runs. */
  running: { readonly controller: AbortController; readonly ended: Promise<void> } | null;
}

/** `request` when it has tokens; else that of the journal. */
export function createEntry(
  journal: DownloadJournal,
  request: DownloadRequest = journal.record.request,
): DownloadEntry {
  const { record } = journal;
  const isFull = record.error?.code === "DOWNLOAD_NO_SPACE";
  return {
    request,
    journal,
    state: record.state === "active" ? "waiting" : record.state,
    pausedBy: record.state === "paused" ? (isFull ? "no-space" : "user") : null,
    error: record.error,
    ...{ resumesAt: null, outages: 0, ignoresHours: false },
    source: null,
    results: record.state === "done" ? doneResults(record) : [],
    written: record.files.map((kept, index) => {
      if (kept.verified) return request.files[index]?.sizeBytes ?? 0;
      return kept.done.reduce((sum, [start, end]) => sum + end - start, 0);
    }),
    meter: createSpeedMeter(),
    running: null,
  };
}

function doneResults({ request, files }: JournalRecord): DownloadResultFile[] {
  return resultsOf(
    request,
    files.map(({ verified }) => verified),
  );
}

export function viewOf(entry: DownloadEntry, position: number, clock: Clock): DownloadView {
  const { request, state, pausedBy, resumesAt, error, source, results } = entry;
  const totalBytes = request.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const receivedBytes = state === "done" ? totalBytes : entry.written.reduce((sum, bytes) => sum + bytes, 0);
  const bytesPerSecond = state === "running" ? entry.meter.read(clock.monotonic()) : null;
  const etaMs = bytesPerSecond ? Math.round(((totalBytes - receivedBytes) / bytesPerSecond) * 1000) : null;
  const { id, targetFolder } = request;
  return {
    ...{ id, targetFolder, state, pausedBy, resumesAt, position, receivedBytes, totalBytes, bytesPerSecond, etaMs },
    ...{ source, error, files: results },
  };
}

/** Any failure as data. Of a fault of a source: what the user is told. What has no code yet is named by the file it was about. */
export function errorDataOf(error: unknown, request: DownloadRequest): ErrorData {
  if (error instanceof TransferFault) return error.error.toData();
  if (isDesksideError(error)) return error.toData();
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  return deskError("DOWNLOAD_FAILED", { file: request.files[0]?.path ?? "", source: "", detail }).toData();
}
