// A program of its own that downloads until it is killed: `download-child.ts <json>`.
import { createLoopbackHttpClient } from "@deskside/testing/fake-hub";
import type { DownloadRequest } from "../download-types.ts";
import { createDownloader } from "../downloader.ts";

const { request, journals, bytesPerSecond } = JSON.parse(process.argv[2] ?? "{}") as {
  request: DownloadRequest;
  journals: string;
  bytesPerSecond: number | null;
};
const downloader = await createDownloader({
  http: createLoopbackHttpClient(),
  folder: journals,
  keepFreeBytes: 0,
  tuning: { chunkBytes: 2 * 1024 * 1024 },
  limits: { bytesPerSecond, maxRunning: 1, schedule: null },
});
await downloader.start(request);
process.stdout.write("started\n");
await downloader.finished(request.id);
process.stdout.write("done\n");
await downloader[Symbol.asyncDispose]();
