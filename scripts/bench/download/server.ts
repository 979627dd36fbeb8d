// A plain server of one file of any size, with ranges: `server.ts <bytes> [bytes per second]`; prints `{port, sha256}`.
import { createHash, randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const sizeBytes = Number(process.argv[2]);
/** Of all connections together, like a line; Infinity: as fast as this machine is. */
const rate = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const block = randomBytes(1024 * 1024);
const hash = createHash("sha256");
for (let at = 0; at < sizeBytes; at += block.length)
  hash.update(block.subarray(0, Math.min(block.length, sizeBytes - at)));
const sha256 = hash.digest("hex");

/** When the line is free again. */
let freeAt = 0;

function send(response: ServerResponse, at: number, end: number): void {
  let from = at;
  while (from < end && !response.destroyed) {
    const wait = freeAt - performance.now();
    if (wait > 5) {
      setTimeout(send, wait, response, from, end);
      return;
    }
    const inBlock = from % block.length;
    const piece = block.subarray(inBlock, Math.min(block.length, inBlock + end - from));
    from += piece.length;
    freeAt = Math.max(freeAt, performance.now()) + (piece.length / rate) * 1000;
    if (!response.write(piece)) {
      response.once("drain", () => send(response, from, end));
      return;
    }
  }
  response.end();
}

const server = createServer((request, response) => {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const [start, end] = match ? [Number(match[1]), Number(match[2]) + 1] : [0, sizeBytes];
  response.writeHead(match ? 206 : 200, {
    etag: `"${sha256}"`,
    "accept-ranges": "bytes",
    "content-length": end - start,
    ...(match ? { "content-range": `bytes ${start}-${end - 1}/${sizeBytes}` } : {}),
  });
  send(response, start, end);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, sha256 })}\n`);
});
