import { readdir } from "node:fs/promises";
import { isDesksideError } from "@deskside/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DownloadRequest } from "./download-types.ts";
import type { Downloader } from "./downloader.ts";
import { createFixture, type Fixture, randomBytes } from "./test/download-fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const model = { "model.gguf": randomBytes(1, 600_000) };
const slow = { bytesPerSecond: 200_000, maxRunning: 1, schedule: null };
const free = { bytesPerSecond: null };

function until(downloader: Downloader, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      watching[Symbol.dispose]();
      resolve();
    };
    const watching = downloader.watch(look);
    look();
  });
}

const received = (downloader: Downloader, id = "d1") => downloader.get(id).receivedBytes;

describe("pause, resume, cancel", () => {
  test("a pause keeps what came, also over a restart, and resume fetches only the rest", async () => {
    const hub = await fixture.hub(model);
    const first = await fixture.downloader({ limits: slow });
    await first.start(fixture.request(model, [hub]));
    await until(first, () => received(first) > 100_000);
    await first.pause("d1");
    expect(first.get("d1")).toMatchObject({ state: "paused", pausedBy: "user", bytesPerSecond: null });
    const kept = received(first);
    await first[Symbol.asyncDispose]();

    const second = await fixture.downloader();
    expect(second.get("d1")).toMatchObject({ state: "paused", pausedBy: "user", receivedBytes: kept });
    const sent = hub.requests.length;
    await second.resume("d1");
    await second.finished("d1");
    const asked = hub.requests.slice(sent).filter(({ kind }) => kind === "cdn");
    const bytes = asked.reduce((sum, { range }) => sum + (range?.end ?? 0) - (range?.start ?? 0), 0);
    expect(bytes).toBe(600_000 - kept);
    expect(await fixture.visible()).toEqual(model);
  });

  test("cancel leaves nothing behind and the next one starts", async () => {
    const hub = await fixture.hub(model);
    const downloader = await fixture.downloader({ limits: slow });
    await downloader.start(fixture.request(model, [hub]));
    await downloader.start(other(fixture.request(model, [hub])));
    await until(downloader, () => received(downloader) > 0);
    const cancelled = downloader.finished("d1").catch((error: unknown) => (error as Error).name);
    await downloader.cancel("d1");
    expect(await cancelled).toBe("AbortError");
    expect(downloader.list().map(({ id }) => id)).toEqual(["d2"]);
    expect(await readdir(fixture.journals)).toEqual(["d2.download.jsonl"]);
    downloader.setLimits(free);
    await downloader.finished("d2");
    expect(Object.keys(await fixture.visible())).toEqual(["second/model.gguf"]);
  });

  test("ids that are not there are named", async () => {
    const downloader = await fixture.downloader();
    for (const work of [
      downloader.pause("x"),
      downloader.resume("x"),
      downloader.cancel("x"),
      downloader.finished("x"),
    ]) {
      await expect(work).rejects.toMatchObject({ code: "DOWNLOAD_NOT_FOUND", data: { downloadId: "x" } });
    }
  });
});

/** The same bytes under another id and name. */
function other(request: DownloadRequest): DownloadRequest {
  return { ...request, id: "d2", files: request.files.map((file) => ({ ...file, path: `second/${file.path}` })) };
}

test("no more run at once than may; a moved one comes first", async () => {
  const hub = await fixture.hub(model);
  const downloader = await fixture.downloader({ limits: slow });
  await downloader.start(fixture.request(model, [hub]));
  await downloader.start(other(fixture.request(model, [hub])));
  const third = { ...other(fixture.request(model, [hub])), id: "d3" };
  await downloader.start({ ...third, files: third.files.map((file) => ({ ...file, path: `third/${file.path}` })) });
  expect(downloader.list().map(({ state }) => state)).toEqual(["running", "waiting", "waiting"]);
  await downloader.move("d3", 0);
  expect(downloader.list().map(({ id }) => id)).toEqual(["d3", "d1", "d2"]);
  const order: string[] = [];
  downloader.watch(({ id, state }) => state === "done" && order.push(id));
  downloader.setLimits(free);
  await Promise.all(["d1", "d2", "d3"].map((id) => downloader.finished(id)));
  expect([...new Set(order)]).toEqual(["d1", "d3", "d2"]);
});

test("two downloads never write one file", async () => {
  const hub = await fixture.hub(model);
  const downloader = await fixture.downloader({ limits: slow });
  await downloader.start(fixture.request(model, [hub]));
  const same = { ...fixture.request(model, [hub]), id: "d2" };
  await expect(downloader.start(same)).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
});

test("a failed one goes on from a source given later, with what had come", async () => {
  const broken = await fixture.hub(model, ({ kind, index }) =>
    kind === "cdn" && index > 8 ? { kind: "status", status: 404 } : null,
  );
  const downloader = await fixture.downloader();
  await downloader.start(fixture.request(model, [broken]));
  await expect(downloader.finished("d1")).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
  const kept = received(downloader);
  expect(kept).toBeGreaterThan(0);
  const good = await fixture.hub(model);
  await downloader.start(fixture.request(model, [good]));
  await downloader.finished("d1");
  const bytes = good.requests
    .filter(({ kind }) => kind === "cdn")
    .reduce((sum, { range }) => sum + (range?.end ?? 0) - (range?.start ?? 0), 0);
  expect(bytes).toBe(600_000 - kept);
});

describe("space", () => {
  test("too little of it pauses before the first byte, and goes on by itself when there is room", async () => {
    const hub = await fixture.hub(model);
    let freeBytes = 500_000;
    const downloader = await fixture.downloader({ freeBytes: async () => freeBytes, keepFreeBytes: 1000, tickMs: 20 });
    await downloader.start(fixture.request(model, [hub]));
    const failure: unknown = await downloader.finished("d1").catch((error: unknown) => error);
    expect(isDesksideError(failure, "DOWNLOAD_NO_SPACE") && failure.data).toEqual({
      path: fixture.folder,
      neededBytes: 601_000,
      freeBytes: 500_000,
    });
    expect(downloader.get("d1")).toMatchObject({ state: "paused", pausedBy: "no-space" });
    expect(hub.requests).toEqual([]);
    freeBytes = 601_000;
    await until(downloader, () => downloader.get("d1").state === "done");
    expect(await fixture.visible()).toEqual(model);
  });
});

describe("hours", () => {
  test("outside them it waits, inside them it goes on", async () => {
    const hub = await fixture.hub(model);
    const now = new Date(2026, 5, 1, 12, 0).getTime();
    const clock = { now: () => now, monotonic: () => performance.now() };
    const night = [{ from: 22 * 60, to: 6 * 60 }];
    const downloader = await fixture.downloader({ clock, limits: { ...slow, schedule: night } });
    await downloader.start(fixture.request(model, [hub]));
    expect(downloader.get("d1")).toMatchObject({ state: "paused", pausedBy: "schedule" });
    expect(hub.requests).toEqual([]);
    downloader.setLimits({ schedule: [{ from: 12 * 60, to: 13 * 60 }] });
    await until(downloader, () => received(downloader) > 0);
    downloader.setLimits({ schedule: night });
    await until(downloader, () => downloader.get("d1").pausedBy === "schedule");
    downloader.setLimits({ schedule: null, ...free });
    await downloader.finished("d1");
    expect(await fixture.visible()).toEqual(model);
  });
});
