import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

/**
 * The files of /proc, which never wait for a disk: read in place, because a turn through the thread pool costs more
 * than the reading. Each throws the system's error (`code`).
 */
export interface ProcFiles {
  readText(path: string): string;
  list(path: string): string[];
  readLink(path: string): string;
}

/** One buffer for all: hundreds of small files a second, a third of the cost of `readFileSync`. */
const buffer = Buffer.allocUnsafe(64 * 1024);

export const procFiles: ProcFiles = {
  readText(path) {
    const file = openSync(path, "r");
    try {
      const parts: Buffer[] = [];
      for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
        parts.push(Buffer.from(buffer.subarray(0, length)));
      }
      return Buffer.concat(parts).toString("utf8");
    } finally {
      closeSync(file);
    }
  },
  list: (path) => readdirSync(path),
  readLink: (path) => readlinkSync(path),
};

const goneCodes: readonly (string | undefined)[] = ["ENOENT", "ESRCH", "ENOTDIR"];
const deniedCodes: readonly (string | undefined)[] = ["EACCES", "EPERM"];

/** The process, or its file, went away between two looks. */
export function isGone(error: unknown): boolean {
  return goneCodes.includes((error as NodeJS.ErrnoException | undefined)?.code);
}

export function isDenied(error: unknown): boolean {
  return deniedCodes.includes((error as NodeJS.ErrnoException | undefined)?.code);
}

/** The value, or `absent` when the process has gone meanwhile. */
export function unlessGone<T, A>(read: () => T, absent: A): T | A {
  try {
    return read();
  } catch (error) {
    if (isGone(error)) return absent;
    throw error;
  }
}
