import type { ErrorData } from "@deskside/base";

/** Where the bytes of one file can come from. `token` lives in memory only and is never written to the journal. */
export interface DownloadSource {
  readonly url: string;
  /** Shown: the hub's id. */
  readonly name: string;
  readonly token?: string;
}

/** SHA-256 of every block of a file, in order; the last one may be shorter. Lower-case hex. */
export interface BlockHashes {
  readonly blockBytes: number;
  readonly sha256: readonly string[];
}

export interface DownloadFile {
  /** Relative to the target folder, with forward slashes, as the hub names it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex; null when nobody published one. Then bytes of two sources are never mixed. */
  readonly sha256: string | null;
  /** In order of preference; at least one. */
  readonly sources: readonly DownloadSource[];
  /** When known, a damaged file is repaired block by block. */
  readonly blockHashes?: BlockHashes;
}

/** One download: all files of one model. They become visible together, when every one is whole. */
export interface DownloadRequest {
  /** Letters, digits, `-`, `_`; the caller's. */
  readonly id: string;
  readonly files: readonly DownloadFile[];
  /** Absolute. */
  readonly targetFolder: string;
}

/**
 * `waiting`: others come first. `checking`: all bytes are there and are hashed. `paused`: `pausedBy` says why; what
 * came is kept. `failed`: what came is kept, resume goes on. `done`, `cancelled`: final.
 */
export type DownloadRunState = "waiting" | "running" | "checking" | "paused" | "failed" | "done" | "cancelled";
/**
 * These go on by themselves: `no-space` when there is room again, `schedule` when the hours begin, `network` when a
 * source answers again.
 */
export type DownloadPause = "user" | "no-space" | "schedule" | "network";

export interface DownloadResultFile {
  readonly path: string;
  readonly bytes: number;
  /** Computed here over the whole file. */
  readonly sha256: string;
  /** True when a hash published beforehand was the same. */
  readonly wasExpected: boolean;
  /** Name of the source the bytes came from; more than one are joined with " + ". Null: the file was already there. */
  readonly source: string | null;
}

/** What is shown of a download. Bytes over all its files; times in milliseconds. */
export interface DownloadView {
  readonly id: string;
  readonly targetFolder: string;
  readonly state: DownloadRunState;
  readonly pausedBy: DownloadPause | null;
  /** When it goes on or is tried again by itself, in milliseconds since 1970; null: not at a known time. */
  readonly resumesAt: number | null;
  /** Place in the queue, from 0. */
  readonly position: number;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Average of the last seconds; null while nothing runs or it is too early to say. */
  readonly bytesPerSecond: number | null;
  /** Null while it cannot be told. */
  readonly etaMs: number | null;
  /** The source in use; null before the first byte. */
  readonly source: string | null;
  /** Why it failed or pauses. */
  readonly error: ErrorData | null;
  /** Filled when done. */
  readonly files: readonly DownloadResultFile[];
}

/** Minutes of the local day, 0 to 1440; `from` after `to` goes over midnight. Empty list: never. */
export interface AllowedHours {
  readonly from: number;
  readonly to: number;
}

/** May be changed at any time. */
export interface DownloadLimits {
  /** Of all downloads together; null: no limit. */
  readonly bytesPerSecond: number | null;
  readonly maxRunning: number;
  /** Null: always. */
  readonly schedule: readonly AllowedHours[] | null;
}

export const defaultLimits: DownloadLimits = { bytesPerSecond: null, maxRunning: 2, schedule: null };

/** How patient and how greedy a transfer is. */
export interface TransferTuning {
  /** Connections of one file. */
  readonly parallel: number;
  /** Bytes of one range; null: by size (16 MiB to 128 MiB). */
  readonly chunkBytes: number | null;
  /** A connection that brings fewer than `minBytes` in this time counts as broken. */
  readonly stallMs: number;
  readonly minBytes: number;
  /** Failures in a row, without a byte in between, after which a source is given up. */
  readonly maxFailures: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** A longer Retry-After counts as giving up the source for now. */
  readonly maxRetryAfterMs: number;
  /** When no source answers any more it waits: at first this long, then twice as long each time. */
  readonly outageBaseMs: number;
  readonly outageMaxMs: number;
  /**
   * Gives the memory of a piece back as soon as it is copied, which halves the work of fast downloads: otherwise every
   * 64 KiB wait for a whole garbage collection. Only for an HTTP client whose pieces nobody else looks at, one for
   * each read of a connection, as those of Node's own are.
   */
  readonly freesPieces: boolean;
}

export const defaultTuning: TransferTuning = {
  parallel: 4,
  chunkBytes: null,
  stallMs: 30_000,
  minBytes: 1024,
  maxFailures: 8,
  backoffBaseMs: 500,
  backoffMaxMs: 60_000,
  maxRetryAfterMs: 300_000,
  outageBaseMs: 15_000,
  outageMaxMs: 600_000,
  freesPieces: false,
};
