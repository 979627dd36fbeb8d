import { randomFill, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** In another thread: four MiB at once would hold everything else up. */
const fillRandomly = promisify<Buffer, Buffer>(randomFill);

const MiB = 1024 ** 2;
const chunkBytes = 4 * MiB;
const mostBytes = 256 * MiB;
/** Below this nothing is written for a figure that is nice to have. */
const leastFreeBytes = 4 * 1024 * MiB;

export interface DiskSpeedOptions {
  readonly folder: string;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bytes a second of reading a fresh file of random bytes in order, four MiB at a time, past the system's cache
 * (`O_DIRECT`): what loading a model that was not used lately can expect. A virtual or network disk's own cache may
 * answer. Null where it cannot be measured honestly: other systems than Linux, a file system without direct reading,
 * little free space, a folder that cannot be written. The file is deleted. Rejects with `signal.reason`.
 */
export async function measureDiskRead(options: DiskSpeedOptions): Promise<number | null> {
  const { folder, budgetMs, signal } = options;
  if (process.platform !== "linux") return null;
  signal?.throwIfAborted();
  const path = join(folder, `.deskside-speed-${randomUUID()}`);
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < leastFreeBytes) return null;
    // A resizable buffer starts at a page, which direct reading asks for and a plain one does not promise.
    const chunk = Buffer.from(new ArrayBuffer(chunkBytes, { maxByteLength: chunkBytes }), 0, chunkBytes);
    const bytes = await writeFile(path, chunk, budgetMs / 2, signal);
    return await readFile(path, chunk, bytes, budgetMs / 2, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (unmeasurable.includes((error as NodeJS.ErrnoException).code)) return null;
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}

const unmeasurable: readonly (string | undefined)[] = [
  "EINVAL",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "ENOENT",
  "ENOTDIR",
  "EOPNOTSUPP",
];

async function writeFile(path: string, chunk: Buffer, budgetMs: number, signal: AbortSignal | undefined) {
  const file = await open(path, "wx", 0o600);
  try {
    const end = performance.now() + budgetMs;
    let bytes = 0;
    while (bytes < mostBytes && (bytes === 0 || performance.now() < end)) {
      signal?.throwIfAborted();
      await fillRandomly(chunk);
      bytes += (await file.write(chunk)).bytesWritten;
      // By the chunk, so that a slow disk is known to be slow before much is written.
      await file.datasync();
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function readFile(path: string, chunk: Buffer, bytes: number, budgetMs: number, signal: AbortSignal | undefined) {
  const file: FileHandle = await open(path, constants.O_RDONLY | constants.O_DIRECT);
  try {
    const start = performance.now();
    let read = 0;
    while (read < bytes && (read === 0 || performance.now() - start < budgetMs)) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, chunk.length, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    const ms = performance.now() - start;
    return read > 0 && ms > 0 ? (read / ms) * 1000 : null;
  } finally {
    await file.close();
  }
}
