import { createHash } from "node:crypto";

/** The bytes of a file at the hub, read by range, so that a large one needs no memory. */
export interface FakeHubContent {
  readonly sizeBytes: number;
  /** Lower-case hex of the whole file. */
  readonly sha256: string;
  /** `end` is not included. */
  read(start: number, end: number): Uint8Array;
}

export interface FakeHubRepo {
  /** `owner/name` */
  readonly id: string;
  /** 40 hex digits; default: made from the contents. */
  readonly commit?: string;
  /** Answers 401 without the hub's token and 403 with another one. */
  readonly gated?: boolean;
  readonly licence?: string;
  readonly downloads?: number;
  /** Milliseconds since 1970. */
  readonly updatedAt?: number;
  readonly tags?: readonly string[];
  /** By path. `.gguf`, `.safetensors` and `.bin` files are in large file storage, as at the real hub. */
  readonly files: Readonly<Record<string, FakeHubContent>>;
}

export function contentOfBytes(bytes: Uint8Array): FakeHubContent {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sizeBytes: bytes.length, sha256, read: (start, end) => bytes.subarray(start, end) };
}

const blockBytes = 1024 * 1024;

/**
 * Pseudo-random bytes of any size from a seed: one block of 1 MiB, whose first four bytes are the block's number, so
 * that two blocks swapped are noticed.
 */
export function contentOfSeed(sizeBytes: number, seed: number): FakeHubContent {
  const block = randomBlock(seed);
  const blockAt = (index: number): Buffer => {
    const copy = Buffer.from(block);
    copy.writeUInt32LE(index, 0);
    return copy;
  };
  function read(start: number, end: number): Uint8Array {
    const parts: Buffer[] = [];
    for (let at = start; at < Math.min(end, sizeBytes); ) {
      const index = Math.floor(at / blockBytes);
      const stop = Math.min(end, sizeBytes, (index + 1) * blockBytes);
      parts.push(blockAt(index).subarray(at - index * blockBytes, stop - index * blockBytes));
      at = stop;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
  const hash = createHash("sha256");
  for (let at = 0; at < sizeBytes; at += blockBytes) hash.update(read(at, Math.min(at + blockBytes, sizeBytes)));
  return { sizeBytes, sha256: hash.digest("hex"), read };
}

/** xorshift32, Marsaglia 2003. */
function randomBlock(seed: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < blockBytes; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    block.writeInt32LE(state | 0, at);
  }
  return block;
}

export function commitOf(repo: FakeHubRepo): string {
  const hashes = Object.entries(repo.files).map(([path, { sha256 }]) => `${path} ${sha256}`);
  return (
    repo.commit ??
    createHash("sha1")
      .update([repo.id, ...hashes].join("\n"))
      .digest("hex")
  );
}

export function isLargeFile(path: string): boolean {
  return /\.(gguf|safetensors|bin|pt)$/i.test(path);
}

/** Git's own name of a file: SHA-1 over a head with the length and the bytes. */
export function gitBlobId(content: FakeHubContent): string {
  const hash = createHash("sha1").update(`blob ${content.sizeBytes}\0`);
  return hash.update(content.read(0, content.sizeBytes)).digest("hex");
}
