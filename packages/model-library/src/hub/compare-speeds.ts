import { createHash } from "node:crypto";
import { type Clock, DesksideError, systemClock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient } from "./http-client.ts";
import type { HubFileSource } from "./hub.ts";
import { fetchPart } from "./remote/remote-bytes.ts";

export interface SourceSpeed {
  readonly source: HubFileSource;
  /** Over the whole range with connection and redirects; null when it failed. */
  readonly bytesPerSecond: number | null;
  readonly receivedBytes: number;
  /** Of the bytes that came. Sources that differ here do not have the same file. Null when it failed. */
  readonly sha256: string | null;
  readonly error: DesksideError | null;
}

export interface CompareOptions {
  /** Of the start of the file; default 2 MiB. */
  readonly bytes?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Fetches the start of the same file from each source, one after another so that they do not take each other's
 * bandwidth, each once. Only when somebody asks for it. Throws the signal's reason; what a source does wrong is in its
 * entry. In the order of `sources`.
 */
export async function compareSpeeds(
  http: HttpClient,
  sources: readonly HubFileSource[],
  { bytes = 2 * 1024 * 1024, signal, clock = systemClock }: CompareOptions = {},
): Promise<readonly SourceSpeed[]> {
  const speeds: SourceSpeed[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    speeds.push(await measure(source));
  }
  return speeds;

  async function measure(source: HubFileSource): Promise<SourceSpeed> {
    const started = clock.monotonic();
    try {
      const options = { purpose: "model-download", retries: { tries: 1 }, ...(signal ? { signal } : {}) } as const;
      const part = await fetchPart(http, source, { start: 0, end: bytes }, options);
      if (part.status !== 200 && part.status !== 206) return failed(source, unavailable(source, part.status));
      const seconds = Math.max(1, clock.monotonic() - started) / 1000;
      const sha256 = createHash("sha256").update(part.bytes).digest("hex");
      return {
        source,
        bytesPerSecond: part.bytes.length / seconds,
        receivedBytes: part.bytes.length,
        sha256,
        error: null,
      };
    } catch (error) {
      if (error instanceof DesksideError && signal?.aborted !== true) return failed(source, error);
      throw error;
    }
  }
}

function failed(source: HubFileSource, error: DesksideError): SourceSpeed {
  return { source, bytesPerSecond: null, receivedBytes: 0, sha256: null, error };
}

function unavailable({ name }: HubFileSource, status: number): DesksideError {
  return deskError("HUB_UNAVAILABLE", { hub: name, status, detail: `status ${status}` });
}
