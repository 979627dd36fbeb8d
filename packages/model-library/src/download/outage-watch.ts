import { networkInterfaces } from "node:os";
import type { Clock } from "@deskside/base";
import type { HttpClient } from "../hub/http-client.ts";
import { type DownloadEntry, errorDataOf } from "./download-entry.ts";
import type { DownloadSource, TransferTuning } from "./download-types.ts";
import type { QueueState } from "./queue-state.ts";
import type { TransferFault } from "./transfer/transfer-fault.ts";

/** What a server asks for is granted up to this, in milliseconds. */
const longestAskedMs = 3_600_000;
const probeMs = 15_000;

interface OutageWatchOptions {
  readonly queue: QueueState;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly tuning: TransferTuning;
  /** A source answers: it may run again. */
  readonly onBack: (entry: DownloadEntry) => void;
  readonly onError: (error: unknown) => void;
  /** Changes when the computer joins or leaves a network. */
  readonly network?: () => string;
}

/** Downloads whose sources are all out of reach: they wait without a place in the queue, and never give up. */
export interface OutageWatch {
  /** Lets it wait, longer each time in a row. */
  hold(entry: DownloadEntry, fault: TransferFault): void;
  /** Asks for one byte where the wait is over or the network is another one. Does not wait for the answer. */
  look(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createOutageWatch(options: OutageWatchOptions): OutageWatch {
  const { queue, http, clock, tuning, onBack, onError, network = networkAddresses } = options;
  const closed = new AbortController();
  const probing = new Map<DownloadEntry, Promise<void>>();
  let seen = network();

  const wait = (entry: DownloadEntry, askedMs: number) => {
    const doubled = tuning.outageBaseMs * 2 ** Math.min(20, entry.outages++);
    entry.resumesAt = clock.now() + Math.max(Math.min(tuning.outageMaxMs, doubled), askedMs);
  };
  const isWaiting = (entry: DownloadEntry) => entry.state === "paused" && entry.pausedBy === "network";
  const probe = async (entry: DownloadEntry) => {
    const isBack = await anyAnswers(http, entry.request.files[0]?.sources ?? [], closed.signal);
    if (closed.signal.aborted || !isWaiting(entry)) return;
    if (isBack) return onBack(entry);
    wait(entry, 0);
    queue.emit(entry);
  };
  return {
    hold(entry, fault) {
      const error = errorDataOf(fault, entry.request);
      Object.assign(entry, { state: "paused", pausedBy: "network", error });
      wait(entry, Math.min(longestAskedMs, fault.retryAfterMs ?? 0));
    },
    look() {
      const now = network();
      const hasChanged = now !== seen;
      seen = now;
      for (const entry of queue.entries) {
        const isDue = hasChanged || (entry.resumesAt !== null && entry.resumesAt <= clock.now());
        if (!isWaiting(entry) || !isDue || probing.has(entry)) continue;
        const asking = probe(entry)
          .catch(onError)
          .finally(() => probing.delete(entry));
        probing.set(entry, asking);
      }
    },
    async [Symbol.asyncDispose]() {
      closed.abort();
      await Promise.all(probing.values());
    },
  };
}

/** Whether a server answers at all; what it says about the file is for the transfer to judge. */
async function anyAnswers(http: HttpClient, sources: readonly DownloadSource[], signal: AbortSignal): Promise<boolean> {
  for (const { url, token } of sources) {
    try {
      using response = await http.request({
        ...{ url, headers: { range: "bytes=0-0" }, purpose: "model-download", totalTimeoutMs: probeMs, signal },
        maxResponseBytes: Number.MAX_SAFE_INTEGER,
        ...(token === undefined ? {} : { token }),
      });
      if (response.status < 500 && response.status !== 429) return true;
    } catch {
      // No answer is an answer here.
      if (signal.aborted) return false;
    }
  }
  return false;
}

function networkAddresses(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal }) => !internal).map(({ address }) => address);
  return outside.sort().join(" ");
}
