import { createHash } from "node:crypto";
import type { BlockHashes } from "../download-types.ts";
import type { ByteRange } from "../transfer/byte-ranges.ts";
import type { PartFile } from "./part-file.ts";

const readBytes = 1024 * 1024;

/** The blocks whose bytes are not the published ones. A list that does not cover the file is of no use: null. */
export async function findBadBlocks(
  part: Pick<PartFile, "readAt">,
  sizeBytes: number,
  hashes: BlockHashes,
  signal: AbortSignal,
): Promise<ByteRange[] | null> {
  const { blockBytes, sha256 } = hashes;
  if (blockBytes < 1 || sha256.length !== Math.ceil(sizeBytes / blockBytes)) return null;
  const bad: ByteRange[] = [];
  for (const [index, expected] of sha256.entries()) {
    const start = index * blockBytes;
    const end = Math.min(sizeBytes, start + blockBytes);
    if ((await hashRange(part, start, end, signal)) !== expected.toLowerCase()) bad.push([start, end]);
  }
  return bad;
}

async function hashRange(part: Pick<PartFile, "readAt">, start: number, end: number, signal: AbortSignal) {
  const hash = createHash("sha256");
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    const piece = await part.readAt(at, Math.min(readBytes, end - at));
    if (piece.length === 0) break;
    hash.update(piece);
    at += piece.length;
  }
  return hash.digest("hex");
}
