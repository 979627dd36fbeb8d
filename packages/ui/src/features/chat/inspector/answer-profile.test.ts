import type { MessageStats } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { profileOf } from "./answer-profile.tsx";

const stats: MessageStats = {
  promptTokens: 800,
  cachedTokens: 0,
  outputTokens: 300,
  reasoningTokens: 0,
  tokensPerSecond: 30,
  firstTokenMs: 500,
  reasoningMs: null,
  totalMs: 10_700,
};
const asRecord = (patch: Partial<MessageStats>) =>
  Object.fromEntries(profileOf({ ...stats, ...patch }).map(({ key, ms }) => [key, ms]));

describe("profileOf", () => {
  it("adds up to the whole time", () => {
    expect(asRecord({})).toEqual({ prompt: 500, writing: 10_000, rest: 200 });
    expect(asRecord({ reasoningMs: 4000 })).toEqual({ prompt: 500, thinking: 4000, writing: 6000, rest: 200 });
  });

  it("tells waiting and decoding apart where they were measured", () => {
    expect(asRecord({ queueMs: 1000, decodeMs: 9000 })).toEqual({ queue: 1000, prompt: 500, writing: 9000, rest: 200 });
    expect(asRecord({ queueMs: 99_999 })).toEqual({ queue: 10_700 });
  });

  it("does not tell writing from the rest where no speed was measured", () => {
    expect(asRecord({ tokensPerSecond: null })).toEqual({ prompt: 500, writing: 10_200 });
  });

  it("never exceeds the whole, whatever the figures say", () => {
    for (const odd of [{ firstTokenMs: 99_999 }, { reasoningMs: 99_999 }, { tokensPerSecond: 0.001 }]) {
      const sum = profileOf({ ...stats, ...odd }).reduce((total, { ms }) => total + ms, 0);
      expect(sum).toBe(stats.totalMs);
    }
  });

  it("is empty where the first token was not measured", () => {
    expect(profileOf({ ...stats, firstTokenMs: null })).toEqual([]);
    expect(profileOf({ ...stats, totalMs: 0 })).toEqual([]);
  });
});
