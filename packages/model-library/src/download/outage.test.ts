import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nextAllowedAt } from "./allowed-hours.ts";
import type { DownloadView } from "./download-types.ts";
import type { Downloader } from "./downloader.ts";
import { createFixture, type Fixture, quick, randomBytes, sourceOf } from "./test/download-fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const model = { "model.gguf": randomBytes(7, 400_000) };
const impatient = { tickMs: 10, tuning: { ...quick, maxFailures: 2, outageBaseMs: 30, outageMaxMs: 60 } };

function until(downloader: Downloader, isSo: (view: DownloadView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watching = downloader.watch((view) => {
      if (!isSo(view)) return;
      watching[Symbol.dispose]();
      resolve();
    });
    if (isSo(downloader.get("d1"))) resolve();
  });
}

describe("when no source answers any more", () => {
  test("it waits, says until when, and goes on by itself with what had come", async () => {
    const hub = await fixture.hub(model);
    let isDown = false;
    hub.misbehave = ({ kind, range }) => {
      if (isDown) return { kind: "reset" };
      // The line breaks in the second half of the file.
      if (kind !== "cdn" || (range?.start ?? 0) < 200_000) return null;
      isDown = true;
      return { kind: "reset" };
    };
    const downloader = await fixture.downloader({ ...impatient, tuning: { ...impatient.tuning, parallel: 1 } });
    const before = Date.now();
    await downloader.start(fixture.request(model, [hub]));
    await until(downloader, ({ pausedBy }) => pausedBy === "network");
    const waiting = downloader.get("d1");
    expect(waiting).toMatchObject({ state: "paused", error: { code: "DOWNLOAD_FAILED" } });
    expect(waiting.resumesAt).toBeGreaterThan(before);
    expect(waiting.receivedBytes).toBeGreaterThan(100_000);
    const asked = hub.requests.length;
    // It looks again and again, each time for one byte only.
    await until(downloader, ({ resumesAt }) => (resumesAt ?? 0) > (waiting.resumesAt ?? 0));
    expect(hub.requests.slice(asked).every(({ range }) => range?.end === 1)).toBe(true);
    hub.misbehave = () => null;
    await until(downloader, ({ state }) => state === "done");
    expect(await fixture.visible()).toEqual(model);
    const starts = hub.requests.slice(asked).filter(({ kind, range }) => kind === "cdn" && range?.end !== 1);
    expect(Math.min(...starts.map(({ range }) => range?.start ?? 0))).toBeGreaterThanOrEqual(waiting.receivedBytes);
  });

  test("also when the program was started anew in between", async () => {
    const hub = await fixture.hub(model, () => ({ kind: "status", status: 503 }));
    const first = await fixture.downloader(impatient);
    await first.start(fixture.request(model, [hub]));
    await until(first, ({ pausedBy }) => pausedBy === "network");
    await first[Symbol.asyncDispose]();
    hub.misbehave = () => null;
    const second = await fixture.downloader(impatient);
    await until(second, ({ state }) => state === "done");
    expect(await fixture.visible()).toEqual(model);
  });

  test("while it waits it takes no place in the queue, can be paused, and resumes at once when asked", async () => {
    const down = await closedServer();
    const other = { "other.gguf": randomBytes(8, 50_000) };
    const hub = await fixture.hub({ ...model, ...other });
    const limits = { bytesPerSecond: null, maxRunning: 1, schedule: null };
    const tuning = { ...impatient.tuning, outageBaseMs: 1e9, outageMaxMs: 1e9 };
    const downloader = await fixture.downloader({ ...impatient, limits, tuning });
    const files = [{ ...fileOf(), sources: [{ url: `http://127.0.0.1:${down}/model.gguf`, name: "gone" }] }];
    await downloader.start({ id: "d1", targetFolder: fixture.folder, files });
    await until(downloader, ({ id, pausedBy }) => id === "d1" && pausedBy === "network");
    await downloader.start({ ...fixture.request(other, [hub]), id: "d2" });
    expect(await downloader.finished("d2")).toMatchObject({ state: "done" });
    await downloader.pause("d1");
    expect(downloader.get("d1")).toMatchObject({ pausedBy: "user", resumesAt: null, error: null });
    await downloader.start({
      id: "d1",
      targetFolder: fixture.folder,
      files: [{ ...fileOf(), sources: [sourceOf(hub, "model.gguf", "here")] }],
    });
    expect(await downloader.finished("d1")).toMatchObject({ state: "done" });
  });

  test("what will not pass by itself still fails", async () => {
    const hub = await fixture.hub(model, () => ({ kind: "status", status: 404 }));
    const downloader = await fixture.downloader(impatient);
    await downloader.start(fixture.request(model, [hub]));
    await until(downloader, ({ state }) => state === "failed");
    expect(downloader.get("d1")).toMatchObject({ error: { code: "DOWNLOAD_FAILED" }, resumesAt: null });
  });

  test("a server that asks for an hour gets it, no more", async () => {
    const hub = await fixture.hub(model, () => ({ kind: "status", status: 429, retryAfter: "999999" }));
    const now = Date.UTC(2026, 5, 1);
    const clock = { now: () => now, monotonic: () => performance.now() };
    const downloader = await fixture.downloader({ ...impatient, clock });
    await downloader.start(fixture.request(model, [hub]));
    await until(downloader, ({ pausedBy }) => pausedBy === "network");
    expect(downloader.get("d1")).toMatchObject({ error: { code: "HUB_RATE_LIMITED" }, resumesAt: now + 3_600_000 });
  });
});

describe("when the hours begin", () => {
  const at = (hour: number, minute = 0) => new Date(2026, 5, 10, hour, minute);
  const hours = (from: number, to: number) => ({ from: from * 60, to: to * 60 });

  test.each([
    ["later today", [hours(22, 6)], at(12), at(22)],
    ["tomorrow", [hours(1, 6)], at(12), new Date(2026, 5, 11, 1)],
    ["the earlier of two", [hours(23, 24), hours(18, 19)], at(12), at(18)],
    ["at this very minute: the next day", [hours(12, 13)], at(12), new Date(2026, 5, 11, 12)],
  ])("%s", (_name, schedule, now, then) => {
    expect(nextAllowedAt(schedule, now)).toBe(then.getTime());
  });

  test("never, and without hours", () => {
    expect([nextAllowedAt([], at(1)), nextAllowedAt(null, at(1))]).toEqual([null, null]);
  });

  test("a download outside them says when, and runs at once for who wants it now", async () => {
    const hub = await fixture.hub(model);
    const now = at(12).getTime();
    const clock = { now: () => now, monotonic: () => performance.now() };
    const limits = { bytesPerSecond: null, maxRunning: 1, schedule: [hours(22, 6)] };
    const downloader = await fixture.downloader({ clock, limits });
    await downloader.start(fixture.request(model, [hub]));
    expect(downloader.get("d1")).toMatchObject({ pausedBy: "schedule", resumesAt: at(22).getTime() });
    downloader.setLimits({ schedule: [hours(20, 21)] });
    await until(downloader, ({ resumesAt }) => resumesAt === at(20).getTime());
    await downloader.resume("d1");
    expect(await downloader.finished("d1")).toMatchObject({ state: "done" });
  });
});

describe("a server that answers parts with status 200", () => {
  test("is believed where Content-Range names the part that was asked for", async () => {
    const hub = await fixture.hub(model, ({ kind }) =>
      kind === "cdn" ? { kind: "range-as-200", shiftBytes: 0 } : null,
    );
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [hub]));
    await downloader.finished("d1");
    expect(await fixture.visible()).toEqual(model);
    expect(hub.sentBytes).toBeLessThan(model["model.gguf"].length * 1.2);
  });

  test("and not where it names another one", async () => {
    const hub = await fixture.hub(model, ({ kind }) =>
      kind === "cdn" ? { kind: "range-as-200", shiftBytes: 7 } : null,
    );
    const downloader = await fixture.downloader({ tuning: { ...quick, maxFailures: 2 } });
    await downloader.start(fixture.request(model, [hub]));
    await expect(downloader.finished("d1")).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
    expect(await fixture.visible()).toEqual({});
  });
});

function fileOf() {
  const request = fixture.request(model, []);
  const [file] = request.files;
  if (!file) throw new Error("no file");
  return file;
}

/** A port where nobody listens. */
async function closedServer(): Promise<number> {
  const server: Server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
