import type { OnReadOpts, Socket } from "node:net";

const readBytes = 64 * 1024;

/**
 * Lets a connection read into one buffer of its own instead of new memory for every read. Only for Node's HTTP parser,
 * which copies what it keeps before the next read: a fast download then leaves no garbage of its own size.
 */
export function readIntoBuffer(socket: () => Socket): OnReadOpts {
  return {
    buffer: Buffer.allocUnsafeSlow(readBytes),
    callback(length, buffer) {
      socket().emit("data", buffer.subarray(0, length));
      // "false" would stop the reading; the parser does so by itself when nobody takes the body.
      return true;
    },
  };
}
