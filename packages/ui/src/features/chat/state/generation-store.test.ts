import type { GenerationEvent, Message, MessageStats } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createGenerationStore } from "./generation-store.ts";

const stats: MessageStats = {
  ...{ promptTokens: 1, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, tokensPerSecond: null },
  ...{ firstTokenMs: null, reasoningMs: null, totalMs: 0 },
};
const message = { id: "m", chatId: "c", text: "so far ", reasoning: "hm " } as Message;
const snapshot = (seq: number): GenerationEvent => ({
  ...{ type: "snapshot", seq, phase: "answering", message, progress: null, stats },
});
const delta = (seq: number, text: string, reasoning = ""): GenerationEvent => ({
  ...{ type: "delta", seq, phase: "answering", text, reasoning, progress: null, stats },
});

function setUp() {
  const frames: (() => void)[] = [];
  const store = createGenerationStore({ requestFrame: (callback) => frames.push(callback) });
  let updates = 0;
  store.subscribe(() => updates++);
  return {
    store,
    frames,
    apply: store.getState().actions.apply,
    live: () => store.getState().live["g"],
    updates: () => updates,
  };
}

describe("generation store", () => {
  it("makes one update a frame out of many deltas", () => {
    const { apply, frames, live, updates } = setUp();
    apply("g", snapshot(1));
    for (let seq = 2; seq < 52; seq++) apply("g", delta(seq, "x", "y"));
    expect(frames).toHaveLength(1);
    expect(live()?.text).toBe("so far ");
    frames[0]?.();
    expect(live()?.text).toBe(`so far ${"x".repeat(50)}`);
    expect(live()?.reasoning).toBe(`hm ${"y".repeat(50)}`);
    expect(updates()).toBe(2);
  });

  it("adds nothing twice that a snapshot holds already", () => {
    const { apply, frames, live } = setUp();
    apply("g", snapshot(5));
    apply("g", delta(5, "old"));
    apply("g", delta(6, "new"));
    apply("g", delta(6, "new"));
    frames.at(-1)?.();
    expect(live()?.text).toBe("so far new");
  });

  it("lets a later snapshot replace what was waiting for the frame", () => {
    const { apply, frames, live } = setUp();
    apply("g", snapshot(1));
    apply("g", delta(2, "lost in the snapshot"));
    apply("g", snapshot(9));
    for (const frame of frames) frame();
    expect(live()?.text).toBe("so far ");
  });

  it("forgets an answer that ended, whatever still waits", () => {
    const { apply, frames, live, store } = setUp();
    apply("g", snapshot(1));
    apply("g", delta(2, "x"));
    apply("g", { type: "done", message });
    for (const frame of frames) frame();
    expect(live()).toBeUndefined();
    apply("g", delta(3, "late"));
    for (const frame of frames) frame();
    expect(store.getState().live).toEqual({});
  });
});
