import { readFile } from "node:fs/promises";

/** Reads a small text file of the system; null when it is not there, or not for us. A parameter, so that tests own it. */
export type ReadText = (path: string) => Promise<string | null>;

/** What a file of /proc or /sys says when the kernel lacks it, hides it or its process has gone. */
const absent: readonly (string | undefined)[] = ["ENOENT", "ENOTDIR", "ESRCH", "EACCES", "EPERM", "EINVAL", "ENODEV"];

export const readSystemText: ReadText = async (path) => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code)) return null;
    throw error;
  }
};
