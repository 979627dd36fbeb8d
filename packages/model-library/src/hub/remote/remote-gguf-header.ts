import { deskError } from "@deskside/contract";
import { createGgufFailures } from "../../gguf/gguf-failures.ts";
import { type GgufHeader, readGgufHeaderFrom } from "../../gguf/gguf-header.ts";
import { createHeaderReader } from "../../gguf/header-reader.ts";
import type { SplitAccess } from "../../gguf/split-parts.ts";
import type { HttpClient } from "../http-client.ts";
import type { HubFileSource } from "../hub.ts";
import { hubFailure } from "../hub-failure.ts";
import type { RetryOptions } from "../retry-request.ts";
import { fetchPart, type RemotePart } from "./remote-bytes.ts";

export interface RemoteHeaderOptions {
  /** As the hub's metadata say; what the server says must be the same. */
  readonly sizeBytes?: number;
  /** Of a split model: the second part and so on, in order. Without them a split model is refused. */
  readonly laterParts?: readonly HubFileSource[];
  readonly signal?: AbortSignal;
  readonly retries?: RetryOptions;
}

const chunkBytes = 512 * 1024;
const mostChunksAtOnce = 8;
/** What is fetched stays in memory: the validator need not read ahead. */
const windowBytes = 64 * 1024;
/** Of the largest vocabularies a header has about 20 MB; kept in memory while it is read. */
export const mostRemoteHeaderBytes = 64 * 1024 * 1024;

/**
 * Reads and checks the head of a GGUF file at a hub: the same validator as for a file on disk, over ranges, so that
 * only the header is fetched (from 512 kB on in steps up to 4 MiB, at most 64 MiB a file). `GgufHeader.path` is the
 * address. Throws GGUF_INVALID, GGUF_TRUNCATED, GGUF_UNSUPPORTED, HUB_GATED, HUB_FILE_NOT_FOUND, DOWNLOAD_CHANGED,
 * DOWNLOAD_SIZE_MISMATCH, and what `fetchPart` throws.
 */
export async function readRemoteGgufHeader(
  http: HttpClient,
  source: HubFileSource,
  options: RemoteHeaderOptions = {},
): Promise<GgufHeader> {
  const { signal, laterParts = [], retries } = options;
  const rest = { ...(signal ? { signal } : {}), ...(retries ? { retries } : {}) };
  const window = { windowBytes, ...(signal ? { signal } : {}) };
  const chunks = createChunkReader(http, source, options);
  const fileBytes = await chunks.size();
  if (laterParts.length === 0) return readGgufHeaderFrom(source.url, chunks, fileBytes, window);
  const byUrl = new Map(laterParts.map((part) => [part.url, part]));
  const split: SplitAccess = {
    paths: [source.url, ...byUrl.keys()],
    async readPart(url, work) {
      const part = createChunkReader(http, byUrl.get(url) ?? { ...source, url }, rest);
      const failures = createGgufFailures(url);
      return work(createHeaderReader(part, await part.size(), failures, window), failures);
    },
  };
  return readGgufHeaderFrom(source.url, chunks, fileBytes, { ...window, split });
}

interface ChunkReader {
  size(): Promise<number>;
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** Keeps what it fetched: the validator goes back to the list of tokens. */
function createChunkReader(http: HttpClient, source: HubFileSource, options: RemoteHeaderOptions): ChunkReader {
  const chunks = new Map<number, Buffer>();
  let sizeBytes: number | null = null;
  let etag: string | null = null;
  let ahead = 1;

  async function fetchFrom(index: number): Promise<void> {
    const end = Math.min((index + ahead) * chunkBytes, sizeBytes ?? Number.MAX_SAFE_INTEGER);
    if (end > mostRemoteHeaderBytes) {
      const detail = `more than ${mostRemoteHeaderBytes} bytes of header`;
      throw deskError("GGUF_INVALID", {
        path: source.url,
        problem: "header-too-large",
        at: index * chunkBytes,
        detail,
      });
    }
    const wanted = { start: index * chunkBytes, end };
    const part = await fetchPart(http, source, wanted, { purpose: "hub", ...options });
    if (part.status !== 200 && part.status !== 206) throw refusal(part, source);
    checkSame(part);
    for (let at = 0; at < part.bytes.length; at += chunkBytes) {
      chunks.set(index + at / chunkBytes, part.bytes.subarray(at, at + chunkBytes));
    }
    ahead = Math.min(ahead * 2, mostChunksAtOnce);
  }

  function checkSame(part: RemotePart): void {
    const expected = sizeBytes ?? options.sizeBytes ?? null;
    const actual = part.fileBytes;
    if (actual === null) throw deskError("HUB_ANSWER_INVALID", { hub: source.name, detail: "no size of the file" });
    const isFirst = sizeBytes === null;
    if (!isFirst && (actual !== sizeBytes || part.etag !== etag)) {
      throw deskError("DOWNLOAD_CHANGED", { file: source.url, source: source.name });
    }
    if (expected !== null && actual !== expected) {
      throw deskError("DOWNLOAD_SIZE_MISMATCH", { file: source.url, source: source.name, expected, actual });
    }
    sizeBytes = actual;
    etag = part.etag;
  }

  return {
    async size() {
      await fetchFrom(0);
      return sizeBytes as number;
    },
    async read(buffer, offset, length, position) {
      const index = Math.floor(position / chunkBytes);
      if (position >= (sizeBytes ?? 0)) return { bytesRead: 0 };
      if (!chunks.has(index)) await fetchFrom(index);
      const from = position - index * chunkBytes;
      const bytes = chunks.get(index)?.subarray(from, from + length) ?? Buffer.alloc(0);
      buffer.set(bytes, offset);
      return { bytesRead: bytes.length };
    },
  };
}

/** What a hub says instead of sending the file. */
function refusal({ bytes, ...answer }: RemotePart, { url, name }: HubFileSource): Error {
  const { pathname, origin } = new URL(url);
  const match = /^\/(?:models\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
  const repo = match?.[1] ?? url;
  const path = decodeURIComponent(match?.[3] ?? pathname.split("/").at(-1) ?? pathname);
  const asked = { hub: name, repo, revision: match?.[2] ?? "", path, pageUrl: `${origin}/${match ? repo : ""}` };
  return hubFailure({ ...answer, text: bytes.toString("utf8") }, asked);
}
