import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deskError } from "@deskside/contract";
import type { HttpRequest, HttpResponse } from "@deskside/model-library";

const pieceBytes = 1024 * 1024;

/**
 * A file of this computer, such as one on a USB drive, answered like a server would: with ranges and an ETag that
 * changes with the file. Nothing goes over a network. Throws EGRESS_FAILED for what cannot be read.
 */
export async function readLocalFile({ url, headers = {}, signal }: HttpRequest): Promise<HttpResponse> {
  signal?.throwIfAborted();
  const path = fileURLToPath(url);
  try {
    // Without O_NONBLOCK a pipe put there would block for ever; Windows has neither.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await file.stat();
    if (!stat.isFile()) {
      await file.close();
      throw new Error("not a regular file");
    }
    const range = rangeOf(headers, stat.size);
    const [start, end] = range ?? [0, stat.size];
    const stream = file.createReadStream({ start, end: Math.max(start, end - 1), highWaterMark: pieceBytes });
    // Whoever leaves early gets no more; that is no failure to report.
    stream.on("error", () => undefined);
    return {
      status: range ? 206 : 200,
      headers: {
        "content-length": String(end - start),
        "accept-ranges": "bytes",
        etag: `"${stat.size.toString(16)}-${Math.round(stat.mtimeMs).toString(16)}-${stat.ino.toString(16)}"`,
        ...(range ? { "content-range": `bytes ${start}-${end - 1}/${stat.size}` } : {}),
      },
      body: start === end ? empty() : stream,
      finalUrl: url,
      [Symbol.dispose]: () => void stream.destroy(),
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw deskError("EGRESS_FAILED", { host: path, detail }, { cause: error });
  }
}

/** Start and end (not included); null = the whole file. Only what the library sends is understood. */
function rangeOf(headers: Readonly<Record<string, string>>, sizeBytes: number): [number, number] | null {
  const text = Object.entries(headers).find(([name]) => name.toLowerCase() === "range")?.[1];
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(text ?? "") ?? [];
  if (from === undefined) return null;
  const start = Number(from);
  const end = to ? Math.min(sizeBytes, Number(to) + 1) : sizeBytes;
  return start < end ? [start, end] : null;
}

async function* empty(): AsyncGenerator<Uint8Array> {}
