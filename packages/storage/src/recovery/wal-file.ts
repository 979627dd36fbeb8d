import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type PageCipher, pageSize } from "./page-cipher.ts";

const headerSize = 32;
const frameHeaderSize = 24;
const frameSize = frameHeaderSize + pageSize;
const formatVersion = 3_007_000;

export interface WalFrame {
  readonly pageNumber: number;
  /** Where the page starts in the file. */
  readonly offset: number;
  /** Ends a transaction. */
  readonly commits: boolean;
}

export interface WalReading {
  /**
   * `sound`: SQLite will read all that was committed. `damaged`: it would stop in the middle, or find nothing, and
   * overwrite the rest. `foreign`: not a log of this database.
   */
  readonly state: "absent" | "sound" | "damaged" | "foreign";
  /** Pages that were written under our key, up to the last commit that is in the file, oldest first. */
  readonly frames: readonly WalFrame[];
}

/**
 * Reads a write-ahead log before SQLite does: SQLite silently ends at the first frame that does not check out, which
 * is right for the torn end after a crash and loses commits when a frame in the middle was damaged.
 */
export function readWal(path: string, cipher: PageCipher): WalReading {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return { state: "absent", frames: [] };
  const handle = openSync(path, "r");
  try {
    return readFrames(handle, size, cipher);
  } finally {
    closeSync(handle);
  }
}

function readFrames(handle: number, size: number, cipher: PageCipher): WalReading {
  const header = readAt(handle, 0, headerSize);
  const chain = header.length === headerSize ? checkHeader(header) : null;
  const scan = scanFrames(handle, size, cipher, header, chain);
  const lastCommit = scan.frames.findLastIndex((frame) => frame.commits);
  const frames = scan.frames.slice(0, lastCommit + 1);
  if (chain === null) return { state: frames.length > 0 ? "damaged" : "foreign", frames };
  if (scan.strangers > 0) return { state: frames.length > 0 ? "damaged" : "foreign", frames };
  return { state: scan.brokenInside ? "damaged" : "sound", frames };
}

interface Scan {
  readonly frames: WalFrame[];
  /** Frames that check out but hold pages of another key. */
  readonly strangers: number;
  /**
   * After a frame that does not check out came one that does and commits. Without a commit it is what a process left
   * that died in the middle of a transaction: the next one wrote over its beginning, and the rest still hangs together.
   */
  readonly brokenInside: boolean;
}

function scanFrames(handle: number, size: number, cipher: PageCipher, header: Buffer, chain: Chain | null): Scan {
  const frames: WalFrame[] = [];
  // A damaged header does not say which run its frames belong to; the first frame does.
  const salt = chain ? header.subarray(16, 24) : readAt(handle, headerSize + 8, 8);
  let [strangers, brokenInside, broken] = [0, false, chain === null];
  let sums = chain?.sums ?? [0, 0];
  for (let at = headerSize; at + frameSize <= size; at += frameSize) {
    const frame = readAt(handle, at, frameSize);
    const head = frame.subarray(0, frameHeaderSize);
    const page = frame.subarray(frameHeaderSize);
    const pageNumber = head.readUInt32BE(0);
    const stored: Sums = [head.readUInt32BE(16), head.readUInt32BE(20)];
    const sameRun = head.subarray(8, 16).equals(salt);
    const computed = chain ? checksum(page, chain, checksum(head.subarray(0, 8), chain, sums)) : stored;
    const checksOut = chain !== null && sameRun && computed[0] === stored[0] && computed[1] === stored[1];
    const ours = sameRun && pageNumber > 0 && cipher.verify(page, pageNumber);
    const commits = head.readUInt32BE(4) > 0;
    if (checksOut && broken && commits) brokenInside = true;
    if (!checksOut) broken = true;
    if (checksOut && !ours) strangers++;
    if (ours) frames.push({ pageNumber, offset: at + frameHeaderSize, commits });
    // What follows a damaged frame was chained to what is stored in it.
    if (sameRun) sums = stored;
  }
  return { frames, strangers, brokenInside };
}

type Sums = readonly [number, number];

interface Chain {
  readonly bigEndian: boolean;
  readonly sums: Sums;
}

/** Null when the header is not one. */
function checkHeader(header: Buffer): Chain | null {
  const magic = header.readUInt32BE(0);
  if (magic >>> 1 !== 0x377f0682 >>> 1) return null;
  const chain = { bigEndian: (magic & 1) === 1, sums: [0, 0] as Sums };
  const sums = checksum(header.subarray(0, 24), chain, [0, 0]);
  const intact = sums[0] === header.readUInt32BE(24) && sums[1] === header.readUInt32BE(28);
  if (!intact || header.readUInt32BE(4) !== formatVersion || header.readUInt32BE(8) !== pageSize) return null;
  return { ...chain, sums };
}

function checksum(bytes: Buffer, chain: Chain, seed: Sums): Sums {
  let [first, second] = seed;
  for (let at = 0; at < bytes.length; at += 8) {
    const a = chain.bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const b = chain.bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + a + second) >>> 0;
    second = (second + b + first) >>> 0;
  }
  return [first, second];
}

function readAt(handle: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const read = readSync(handle, buffer, 0, length, position);
  return buffer.subarray(0, read);
}
