// One download in a process of its own, so that its memory is measured alone: `client.ts <json>`; prints `ClientResult`.
import { readFileSync } from "node:fs";
import { createDownloader } from "@deskside/model-library";
import { createLoopbackHttpClient } from "@deskside/testing/fake-hub";

export interface ClientResult {
  /** From the start to the file under its name, hashed and on the disk. */
  readonly ms: number;
  /** Of this, after the last byte was written. */
  readonly afterLastByteMs: number;
  /** Of all its threads. */
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  /** Before the start: the program with nothing to do. */
  readonly idleRssBytes: number;
}

const settings = JSON.parse(process.argv[2] ?? "") as { folder: string; url: string; bytes: number; sha256: string };
const { folder, url, bytes: sizeBytes, sha256 } = settings;
await using downloader = await createDownloader({
  http: createLoopbackHttpClient(),
  folder: `${folder}/journals`,
  keepFreeBytes: 0,
  tuning: { freesPieces: true },
});
let lastByteAt = 0;
using _watching = downloader.watch(({ state }) => {
  if (state === "running") lastByteAt = performance.now();
});
const idleRssBytes = peakMemoryBytes();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const file = { path: "model.gguf", sizeBytes, sha256, sources: [{ url, name: "loopback" }] };
await downloader.start({ id: "bench", targetFolder: `${folder}/models`, files: [file] });
await downloader.finished("bench");
const endedAt = performance.now();
const { user, system } = process.cpuUsage(cpuBefore);
const result: ClientResult = {
  idleRssBytes,
  cpuMs: (user + system) / 1000,
  ms: endedAt - startedAt,
  afterLastByteMs: endedAt - lastByteAt,
  peakRssBytes: peakMemoryBytes(),
};
process.stdout.write(JSON.stringify(result));

/** Linux counts a child's largest size from that of its parent on; the status file does not. */
function peakMemoryBytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const kib = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kib) * 1024;
}
