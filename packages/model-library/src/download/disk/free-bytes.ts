import { statfs } from "node:fs/promises";

/** Free bytes for an ordinary user on the disk that holds `path`. */
export async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
