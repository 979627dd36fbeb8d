import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDraftSaver } from "./draft-saver.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("draft saver", () => {
  it("saves once after the last key, and at once on flush", async () => {
    const save = vi.fn(async () => undefined);
    const saver = createDraftSaver({ save, onResult: () => undefined });
    for (const text of ["a", "ab", "abc"]) saver.set(text);
    await vi.advanceTimersByTimeAsync(299);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(save.mock.calls).toEqual([["abc"]]);
    saver.set("abcd");
    saver.flush();
    saver.flush();
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("keeps what could not be saved for the next flush, unless newer text stands", async () => {
    const results: boolean[] = [];
    let fails = true;
    const save = vi.fn(async () => {
      if (fails) throw new Error("no disk");
    });
    const saver = createDraftSaver({ save, onResult: (ok) => results.push(ok) });
    saver.set("first");
    saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    fails = false;
    saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(save.mock.calls).toEqual([["first"], ["first"]]);
    expect(results).toEqual([false, true]);
  });
});
