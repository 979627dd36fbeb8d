import { describe, expect, test, vi } from "vitest";
import { createDeferred, createSerialQueue, sleep, withSignal, withTimeout } from "./async.ts";

const reason = new Error("the user pressed stop");

describe("sleep", () => {
  test("rejects with the reason of an abort, and at once when that came first", async () => {
    const controller = new AbortController();
    const sleeping = expect(sleep(3_600_000, { signal: controller.signal })).rejects.toBe(reason);
    controller.abort(reason);
    await sleeping;
    await expect(sleep(3_600_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("does not leave its listener on a signal that outlives it", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await sleep(1, { signal });
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe("withTimeout", () => {
  const late = () => new Error("late");

  test("passes on what settles in time, and what fails in time", async () => {
    await expect(withTimeout(Promise.resolve(1), 1000, late)).resolves.toBe(1);
    await expect(withTimeout(Promise.reject(reason), 1000, late)).rejects.toBe(reason);
  });

  test("rejects what never settles", async () => {
    await expect(withTimeout(new Promise(() => {}), 5, late)).rejects.toThrow("late");
  });

  test("a failure after the limit is not an unhandled rejection", async () => {
    const work = createDeferred<void>();
    await expect(withTimeout(work.promise, 1, late)).rejects.toThrow("late");
    work.reject(new Error("much later"));
    await sleep(1);
  });
});

describe("withSignal", () => {
  test("without a signal the work itself comes back", () => {
    const work = Promise.resolve(1);
    expect(withSignal(work, undefined)).toBe(work);
  });

  test("an abort wins over work that goes on, and the work's later failure is not unhandled", async () => {
    const controller = new AbortController();
    const work = createDeferred<void>();
    const waiting = expect(withSignal(work.promise, controller.signal)).rejects.toBe(reason);
    controller.abort(reason);
    await waiting;
    work.reject(new Error("later"));
    await sleep(1);
  });

  test("an abort that came first wins, and the work's own failure is not unhandled", async () => {
    const work = Promise.reject(new Error("work"));
    await expect(withSignal(work, AbortSignal.abort(reason))).rejects.toBe(reason);
    await sleep(1);
  });
});

describe("a serial queue", () => {
  test("runs one task at a time in the order they were asked for", async () => {
    const queue = createSerialQueue();
    const log: string[] = [];
    const task = (name: string, ms: number) =>
      queue.run(async () => {
        log.push(`${name} starts`);
        await sleep(ms);
        log.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([task("a", 5), task("b", 0), task("c", 1)])).toEqual(["a", "b", "c"]);
    expect(log).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  });

  test("a task that fails is told so and does not stop the next", async () => {
    const queue = createSerialQueue();
    const failing = expect(queue.run(() => Promise.reject(reason))).rejects.toBe(reason);
    expect(await queue.run(() => Promise.resolve(2))).toBe(2);
    await failing;
  });
});
