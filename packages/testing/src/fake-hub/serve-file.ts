import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { FakeHubContent } from "./fake-hub-repos.ts";
import type { FakeHubRequest, Misbehaviour } from "./misbehaviour.ts";

const pieceBytes = 256 * 1024;

interface Part {
  readonly start: number;
  readonly end: number;
}

export interface ServedFile {
  readonly content: FakeHubContent;
  readonly etag: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Status of an answer that is a part; default 206. */
  readonly partStatus?: number;
}

/** Answers with the file or the part that was asked for, and with what is to go wrong. */
export async function serveFile(
  request: FakeHubRequest,
  response: ServerResponse,
  file: ServedFile,
  wrong: Misbehaviour | null,
): Promise<void> {
  const content = wrong?.kind === "changed-file" ? changed(file.content) : file.content;
  const etag = wrong?.kind === "changed-file" ? `${file.etag}-changed` : file.etag;
  const total = content.sizeBytes + (wrong?.kind === "wrong-length" ? wrong.byBytes : 0);
  const part = partOf(request, content.sizeBytes, etag, wrong);
  for (const [name, value] of Object.entries(file.headers ?? {})) response.setHeader(name, value);
  response.setHeader("ETag", `"${etag}"`);
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Content-Type", "application/octet-stream");
  if (wrong?.kind === "gzip") response.setHeader("Content-Encoding", "gzip");
  if (part === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${total}` }).end();
    return;
  }
  const { start, end } = part ?? { start: 0, end: content.sizeBytes };
  const sent =
    wrong?.kind === "shifted-bytes" ? shifted({ start, end }, wrong.shiftBytes, content.sizeBytes) : { start, end };
  const length = end - start + (wrong?.kind === "wrong-length" ? wrong.byBytes : 0);
  response.setHeader("Content-Length", String(Math.max(0, length)));
  if (part) response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${total}`);
  const partStatus = wrong?.kind === "range-as-200" ? 200 : (file.partStatus ?? 206);
  response.writeHead(part ? partStatus : 200);
  if (request.method === "HEAD") response.end();
  else await sendBody(response, content, sent, wrong);
}

/** Null: the whole file. */
function partOf(
  { range, headers }: FakeHubRequest,
  size: number,
  etag: string,
  wrong: Misbehaviour | null,
): Part | "unsatisfiable" | null {
  const condition = headers["if-range"];
  if (!range || wrong?.kind === "ignore-range" || (condition !== undefined && condition !== `"${etag}"`)) return null;
  const part = { start: range.start, end: Math.min(range.end ?? size, size) };
  if (part.start >= size || part.end <= part.start) return "unsatisfiable";
  const isOther = wrong?.kind === "wrong-range" || wrong?.kind === "range-as-200";
  return isOther && wrong.shiftBytes > 0 ? shifted(part, wrong.shiftBytes, size) : part;
}

function shifted({ start, end }: Part, by: number, size: number): Part {
  const later = Math.min(by, size - end);
  const move = later > 0 ? later : -Math.min(by, start);
  return { start: start + move, end: end + move };
}

function changed(content: FakeHubContent): FakeHubContent {
  return {
    ...content,
    read: (start, end) => Uint8Array.from(content.read(start, end), (byte) => byte ^ 0x55),
  };
}

async function sendBody(
  response: ServerResponse,
  content: FakeHubContent,
  { start, end }: Part,
  wrong: Misbehaviour | null,
): Promise<void> {
  const stopAt = wrong?.kind === "cut" || wrong?.kind === "stall" ? Math.min(end, start + wrong.afterBytes) : end;
  const piece = wrong?.kind === "slow-drip" ? wrong.bytesPerTick : pieceBytes;
  response.flushHeaders();
  for (let at = start; at < stopAt && !response.destroyed; at += piece) {
    const bytes = content.read(at, Math.min(at + piece, stopAt));
    await write(response, withWrongByte(bytes, at - start, wrong));
    if (wrong?.kind === "slow-drip") await wait(wrong.everyMs);
  }
  if (wrong?.kind === "stall") return;
  // `end` would complete the answer of a wrong length; only a closed connection shows that it ended early.
  if (wrong?.kind === "cut" || wrong?.kind === "wrong-length") response.socket?.destroySoon();
  else response.end();
}

function withWrongByte(bytes: Uint8Array, offset: number, wrong: Misbehaviour | null): Uint8Array {
  if (wrong?.kind !== "wrong-byte" || wrong.at < offset || wrong.at >= offset + bytes.length) return bytes;
  const copy = Uint8Array.from(bytes);
  copy[wrong.at - offset] = (copy[wrong.at - offset] as number) ^ 0x01;
  return copy;
}

/** Waits while the other side does not read, until it goes away. */
function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || response.write(bytes)) return resolve();
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}
