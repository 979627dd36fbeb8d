import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** The text of a regular file of at most `mostBytes`. Throws the system's error, or a plain one when it is larger. */
export async function readBounded(path: string, mostBytes: number): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new Error(`${path} is not a regular file`);
    if (info.size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
    const bytes = Buffer.alloc(Math.min(mostBytes, info.size));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done).toString("utf8");
  } finally {
    await handle.close();
  }
}
