import { describe, expect, test, vi } from "vitest";
import { Cancelled, createEmitter, createId, DesksideError, isCancellation, isDesksideError } from "./index.ts";

describe("ids", () => {
  test("sort by the time they were made, across digits and centuries", () => {
    const times = [0, 1, 31, 32, 1_023, 1_024, 1_700_000_000_000, 1_700_000_000_001, 4_102_444_800_000, 2 ** 48 - 1];
    const ids = times.map((time) => createId("msg", time));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids.map((id) => id.length)).size).toBe(1);
  });

  test("do not repeat within one millisecond, and carry their prefix", () => {
    const ids = Array.from({ length: 20_000 }, () => createId("msg", 1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^msg_[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
  });
});

describe("an emitter", () => {
  test("a listener that throws is reported and does not silence the others", () => {
    const onError = vi.fn();
    const emitter = createEmitter<number>(onError);
    const seen: number[] = [];
    const bug = new Error("bug");
    emitter.on(() => {
      throw bug;
    });
    emitter.on((value) => seen.push(value));
    emitter.emit(7);
    expect(seen).toEqual([7]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(bug);
  });

  test("the same function twice is two listeners, and each ends by itself", () => {
    const emitter = createEmitter<number>(() => {});
    const listener = vi.fn();
    const first = emitter.on(listener);
    emitter.on(listener);
    expect(emitter.size).toBe(2);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    emitter.emit(1);
    expect([emitter.size, listener.mock.calls.length]).toEqual([1, 1]);
  });

  test("who joins or leaves while an event goes out changes only the next one", () => {
    const emitter = createEmitter<number>(() => {});
    const late = vi.fn();
    const own = emitter.on(() => {
      own[Symbol.dispose]();
      emitter.on(late);
    });
    emitter.emit(1);
    expect(late).not.toHaveBeenCalled();
    emitter.emit(2);
    expect(late).toHaveBeenCalledExactlyOnceWith(2);
  });
});

describe("errors", () => {
  const data = { code: "DISK_FULL", kind: "exhausted", data: { path: "/x" } } as const;

  test("carry code, kind and data, and give exactly these to the wire", () => {
    const cause = new Error("ENOSPC");
    const error = new DesksideError(data, { cause });
    expect(error).toMatchObject({ name: "DesksideError", ...data, cause });
    expect(error.toData()).toEqual(data);
    expect([isDesksideError(error), isDesksideError(error, "DISK_FULL"), isDesksideError(error, "OTHER")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isDesksideError({ ...data })).toBe(false);
    expect("cause" in new DesksideError(data)).toBe(false);
  });

  test("only an abort that we asked for is a cancellation; a peer's AbortError is not", () => {
    const reason = new Error("why");
    const aborted = AbortSignal.abort(reason);
    const abortError = Object.assign(new Error(), { name: "AbortError" });
    expect(isCancellation(reason, aborted)).toBe(true);
    expect(isCancellation(abortError, aborted)).toBe(true);
    expect(isCancellation(new Cancelled())).toBe(true);
    expect(isCancellation(abortError, new AbortController().signal)).toBe(false);
    expect(isCancellation(abortError)).toBe(false);
    expect(isCancellation(new Error("real"), aborted)).toBe(false);
  });
});
