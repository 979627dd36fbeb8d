import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  contentOfBytes,
  createLoopbackHttpClient,
  type FakeHub,
  type Misbehave,
  startFakeHub,
} from "@deskside/testing/fake-hub";
import { createSeededRandom } from "@deskside/testing";
import type { DownloadRequest, DownloadSource, TransferTuning } from "../download-types.ts";
import { createDownloader, type Downloader, type DownloaderOptions } from "../downloader.ts";

export const repo = "maker/model";
export const revision = "main";

/** Bytes without a pattern, so that a piece in the wrong place is seen. */
export function randomBytes(seed: number, size: number): Buffer {
  const random = createSeededRandom(seed);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = random.below(256);
  return bytes;
}

export const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Impatient, so that what takes minutes in life takes milliseconds here. */
export const quick: Partial<TransferTuning> = {
  chunkBytes: 64 * 1024,
  stallMs: 5000,
  maxFailures: 6,
  backoffBaseMs: 2,
  backoffMaxMs: 20,
};

export interface Fixture extends AsyncDisposable {
  /** Of the models. */
  readonly folder: string;
  readonly journals: string;
  hub(files: Readonly<Record<string, Buffer>>, misbehave?: Misbehave): Promise<FakeHub>;
  downloader(options?: Partial<DownloaderOptions>): Promise<Downloader>;
  request(files: Readonly<Record<string, Buffer>>, hubs: readonly FakeHub[], hashed?: boolean): DownloadRequest;
  /** Files that a list of models could meet, by their path below the folder. */
  visible(): Promise<Record<string, Buffer>>;
}

export async function createFixture(): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), "deskside-download-"));
  const folder = join(root, "models");
  const journals = join(root, "journals");
  const open: AsyncDisposable[] = [];
  return {
    folder,
    journals,
    async hub(files, misbehave) {
      const contents = Object.entries(files).map(([path, bytes]) => [path, contentOfBytes(bytes)]);
      const repos = [{ id: repo, files: Object.fromEntries(contents) }];
      const hub = await startFakeHub({ repos, ...(misbehave ? { misbehave } : {}) });
      open.push(hub);
      return hub;
    },
    async downloader(options = {}) {
      const http = createLoopbackHttpClient({ timeoutMs: 3000 });
      const downloader = await createDownloader({
        ...{ http, folder: journals, keepFreeBytes: 0, tuning: quick },
        ...options,
      });
      open.push(downloader);
      return downloader;
    },
    request: (files, hubs, hashed = true) => ({
      id: "d1",
      targetFolder: folder,
      files: Object.entries(files).map(([path, bytes]) => ({
        path,
        sizeBytes: bytes.length,
        sha256: hashed ? sha256Of(bytes) : null,
        sources: hubs.map((hub, index) => sourceOf(hub, path, `hub${index}`)),
      })),
    }),
    visible: () => readVisible(folder),
    async [Symbol.asyncDispose]() {
      for (const thing of open.reverse()) await thing[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function sourceOf(hub: FakeHub, path: string, name: string): DownloadSource {
  return { url: `${hub.origin}/${repo}/resolve/${revision}/${path}`, name };
}

async function readVisible(folder: string): Promise<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isFile() && !name.startsWith(".")) found[name] = await readFile(path);
  }
  return found;
}
