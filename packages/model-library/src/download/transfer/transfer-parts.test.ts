import type { DesksideError } from "@deskside/base";
import { createSeededRandom } from "@deskside/testing";
import { describe, expect, test } from "vitest";
import { backoffMs, readRetryAfter } from "./backoff.ts";
import { createByteRanges } from "./byte-ranges.ts";
import { checkAnswer, validatorOf } from "./check-answer.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { TransferFault } from "./transfer-fault.ts";

test("byte ranges say the same as a map of single bytes, after 3000 random changes", () => {
  const random = createSeededRandom(5);
  const size = 60;
  const map = Array.from({ length: size }, () => false);
  const ranges = createByteRanges();
  for (let step = 0; step < 3000; step++) {
    const start = random.below(size);
    const end = start + random.below(size - start + 1);
    const adds = random.below(2) === 0;
    if (adds) ranges.add(start, end);
    else ranges.remove(start, end);
    map.fill(adds, start, end);
    expect(ranges.bytes).toBe(map.filter(Boolean).length);
    const missing = map.flatMap((there, at) => (there ? [] : [at]));
    expect(ranges.missing(0, size).flatMap(([from, to]) => numbers(from, to))).toEqual(missing);
    const gap = map.indexOf(false);
    expect(ranges.contiguousFrom(0)).toBe(gap < 0 ? size : gap);
    const [from, to] = [random.below(size), size];
    expect(ranges.missing(from, to).flatMap(([a, b]) => numbers(a, b))).toEqual(missing.filter((at) => at >= from));
  }
});

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("what a server answers is held against what was asked", () => {
  const place = { file: "f", source: "s" };
  const asked = { range: [100, 200] as const, sizeBytes: 1000, validator: '"a"' };
  const check = (status: number, headers: Record<string, string>, expected: object = {}) =>
    checkAnswer({ status, headers }, { ...asked, ...expected }, place, 0);
  const faultOf = (status: number, headers: Record<string, string>, expected: object = {}) => {
    try {
      check(status, headers, expected);
    } catch (error) {
      if (error instanceof TransferFault) return `${error.kind} ${(error.error as DesksideError).code}`;
      throw error;
    }
    return "fine";
  };

  test("a part that fits", () => {
    expect(check(206, { "content-range": "bytes 100-199/1000", etag: '"a"' })).toEqual({
      ...{ start: 100, end: 200, isWhole: false, validator: '"a"' },
    });
    expect(check(206, { "content-range": "bytes 100-149/*" }).end).toBe(150);
  });
  test.each([
    ["another start", 206, { "content-range": "bytes 101-199/1000" }, "transient DOWNLOAD_FAILED"],
    ["more than asked for", 206, { "content-range": "bytes 100-200/1000" }, "transient DOWNLOAD_FAILED"],
    ["an end before its start", 206, { "content-range": "bytes 100-99/1000" }, "transient DOWNLOAD_FAILED"],
    ["another length", 206, { "content-range": "bytes 100-199/999" }, "suspect DOWNLOAD_SIZE_MISMATCH"],
    ["no range", 206, {}, "transient DOWNLOAD_FAILED"],
    ["nonsense", 206, { "content-range": "bytes 1e2-199/1000" }, "transient DOWNLOAD_FAILED"],
    ["another ETag", 206, { "content-range": "bytes 100-199/1000", etag: '"b"' }, "changed DOWNLOAD_CHANGED"],
    ["a weak ETag", 206, { "content-range": "bytes 100-199/1000", etag: 'W/"b"' }, "fine"],
    ["gzip", 206, { "content-range": "bytes 100-199/1000", "content-encoding": "gzip" }, "transient DOWNLOAD_FAILED"],
    ["the whole file", 200, { "content-length": "1000", etag: '"a"' }, "no-ranges DOWNLOAD_FAILED"],
    ["the whole of another file", 200, { "content-length": "1000", etag: '"b"' }, "changed DOWNLOAD_CHANGED"],
    ["a page", 200, { "content-length": "37" }, "suspect DOWNLOAD_SIZE_MISMATCH"],
    ["nothing there", 404, {}, "fatal DOWNLOAD_FAILED"],
    ["not for you", 403, {}, "fatal DOWNLOAD_FAILED"],
    ["a shorter file", 416, { "content-range": "bytes */50" }, "suspect DOWNLOAD_SIZE_MISMATCH"],
    ["too many", 429, { "retry-after": "3" }, "transient HUB_RATE_LIMITED"],
    ["out of order", 503, {}, "transient DOWNLOAD_FAILED"],
    ["a redirect that nobody followed", 302, {}, "fatal DOWNLOAD_FAILED"],
  ])("%s", (_name, status, headers, fault) => {
    expect(faultOf(status, headers as Record<string, string>)).toBe(fault);
  });
  test("a date counts where there is no strong ETag", () => {
    expect(validatorOf({ etag: 'W/"x"', "last-modified": "Mon, 01 Jun 2026 00:00:00 GMT" })).toMatch(/^Mon/);
    expect(validatorOf({ etag: '"x\u0001"' })).toBeNull();
  });
});

describe("waiting", () => {
  test.each([
    ["120", 120_000],
    ["0", 0],
    ["Mon, 01 Jun 2026 00:00:10 GMT", 10_000],
    ["Sun, 31 May 2026 00:00:00 GMT", 0],
    ["-5", null],
    ["soon", null],
    ["99999999999999999999", null],
    [undefined, null],
  ])("Retry-After %j", (value, ms) => {
    expect(readRetryAfter(value, Date.UTC(2026, 5, 1))).toBe(ms);
  });
  test("doubles, with chance, up to its limit", () => {
    expect([1, 2, 3, 9, 1000].map((failures) => backoffMs(failures, 100, 1000, () => 1))).toEqual([
      100, 200, 400, 1000, 1000,
    ]);
    expect(backoffMs(3, 100, 1000, () => 0)).toBe(200);
  });
});

describe("the limit of bandwidth", () => {
  const never = new AbortController().signal;
  test("holds together for all who take, and can be lifted while they wait", async () => {
    const bucket = createTokenBucket({ now: () => 0, monotonic: () => performance.now() }, 1000);
    const startedAt = performance.now();
    await Promise.all([bucket.take(100, never), bucket.take(100, never)]);
    expect(performance.now() - startedAt).toBeGreaterThan(150);
    const long = bucket.take(1_000_000, never);
    bucket.setRate(null);
    await long;
    expect(bucket.rate).toBeNull();
  });
  test("ends waiting with the signal's reason", async () => {
    const bucket = createTokenBucket({ now: () => 0, monotonic: () => performance.now() }, 1);
    const stop = new AbortController();
    const waiting = bucket.take(1000, stop.signal);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});
