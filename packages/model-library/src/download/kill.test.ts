import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createSeededRandom } from "@deskside/testing";
import { contentOfSeed, type FakeHub, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { partPathOf } from "./disk/download-paths.ts";
import type { DownloadRequest } from "./download-types.ts";
import { createFixture, type Fixture, repo, sourceOf } from "./test/download-fixture.ts";

const isLong = process.env["DESKSIDE_LONG"] === "1";
const kills = isLong ? 200 : 15;
const sizeBytes = 24 * 1024 * 1024;
const child = fileURLToPath(new URL("./test/download-child.ts", import.meta.url));
const content = contentOfSeed(sizeBytes, 7);
const path = "model.gguf";

/** Starts the program and kills it after `ms`, unless it is done before. */
async function runChild(fixture: Fixture, request: DownloadRequest, ms: number, bytesPerSecond: number | null) {
  const settings = JSON.stringify({ request, journals: fixture.journals, bytesPerSecond });
  const started = spawn(process.execPath, [child, settings], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  started.stdout.on("data", (data: Buffer) => {
    if (text === "") setTimeout(() => started.kill("SIGKILL"), ms);
    text += data.toString();
  });
  await once(started, "close");
  return text.includes("done");
}

/** Bytes of the part file that are those of the model, in pieces of 4 KiB. */
async function rightBytesOnDisk(partPath: string): Promise<number> {
  const bytes = await readFile(partPath).catch(() => Buffer.alloc(0));
  const expected = Buffer.from(content.read(0, sizeBytes));
  let right = 0;
  for (let at = 0; at < bytes.length; at += 4096) {
    const piece = bytes.subarray(at, at + 4096);
    if (piece.equals(expected.subarray(at, at + piece.length))) right += piece.length;
  }
  return right;
}

function requestOf(fixture: Fixture, hub: FakeHub): DownloadRequest {
  const source = sourceOf(hub, path, "hub");
  const file = { path, sizeBytes, sha256: content.sha256, sources: [source] };
  return { id: "d1", targetFolder: fixture.folder, files: [file] };
}

/** Kills once at a random moment, goes on in this process; the share of what was on disk that was not fetched again. */
async function killOnce(seed: number): Promise<{ onDisk: number; kept: number }> {
  const random = createSeededRandom(seed);
  await using fixture = await createFixture();
  await using hub = await startFakeHub({ repos: [{ id: repo, files: { [path]: content } }] });
  const request = requestOf(fixture, hub);
  const wasDone = await runChild(fixture, request, random.below(700), 48 * 1024 * 1024);
  if (wasDone) return { onDisk: 0, kept: 0 };
  const onDisk = await rightBytesOnDisk(partPathOf(request, 0));
  const served = hub.requests.length;
  const downloader = await fixture.downloader({ tuning: { chunkBytes: 2 * 1024 * 1024 } });
  if (downloader.list().length === 0) await downloader.start(request);
  await downloader.finished("d1");
  const visible = await fixture.visible();
  expect(Object.keys(visible), `seed ${seed}`).toEqual([path]);
  expect(visible[path]?.equals(Buffer.from(content.read(0, sizeBytes))), `seed ${seed}`).toBe(true);
  const again = hub.requests.slice(served).filter(({ kind }) => kind === "cdn");
  const fetched = again.reduce((sum, { range }) => sum + (range?.end ?? sizeBytes) - (range?.start ?? 0), 0);
  return { onDisk, kept: sizeBytes - fetched };
}

test(
  `kill -9 at ${kills} random moments: the file comes out right and at least 95 % of what was on disk is not fetched again`,
  async () => {
    let [onDisk, kept, meaningful] = [0, 0, 0];
    for (let seed = 1; seed <= kills; seed++) {
      const result = await killOnce(seed);
      onDisk += result.onDisk;
      kept += result.kept;
      if (result.onDisk >= 8 * 1024 * 1024) meaningful++;
      // At the very beginning the writes under way, 64 KiB for each connection, are more than one byte in twenty.
      const mayLose = Math.max(result.onDisk * 0.05, 384 * 1024);
      expect(result.onDisk - result.kept, `seed ${seed}, ${result.onDisk} bytes`).toBeLessThanOrEqual(mayLose);
    }
    if (isLong) process.stdout.write(`${JSON.stringify({ kills, meaningful, share: kept / onDisk })}\n`);
    expect(meaningful).toBeGreaterThan(kills / 3);
    expect(kept / onDisk).toBeGreaterThanOrEqual(0.95);
  },
  isLong ? 3_600_000 : 120_000,
);
