import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FitPlan } from "@deskside/contract";
import { builtInCases, type Compared, compareMemory, errorOf, type MemoryCase, shapeCases } from "./memory-cases.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tenPercent = 0.1;

describe.skipIf(process.platform !== "linux")("predicted memory against a load in a real engine process", () => {
  let cases: MemoryCase[] = [];
  beforeAll(async () => {
    cases = [...(await builtInCases()), ...(await shapeCases(folder))].filter(
      ({ contextSize }) => contextSize === 2048,
    );
  });

  const named = (name: string) => {
    const one = cases.find((candidate) => candidate.name === name);
    if (!one) throw new Error(`no model ${name}`);
    return one;
  };
  const tooFarOff = (compared: readonly Compared[]) => {
    // Not in the log: see MeasuredLoad.weightsLogged. Then the peak alone speaks for the weights.
    const known = compared.filter(({ measured }) => measured !== null);
    expect(known.length).toBeGreaterThanOrEqual(2);
    return known.filter((each) => (errorOf(each) ?? 0) > tenPercent);
  };

  it.each(["starter", "SmolLM2", "dense", "mixture", "latent", "sliding", "recurrent", "encoder"])(
    "is within ten percent for %s: weights, cache, buffers, peak and anonymous memory",
    async (name) => {
      expect(tooFarOff(await compareMemory(named(name)))).toEqual([]);
    },
    60_000,
  );

  it.each<[string, string, Partial<FitPlan>]>([
    ["without flash attention", "dense", { flashAttention: false }],
    ["without flash attention and with a window", "sliding", { flashAttention: false }],
    ["with a smaller cache type", "SmolLM2", { kvType: "q8_0" }],
    ["with two slots and a small batch", "dense", { slots: 2, batchSize: 128, kvType: "q4_0" }],
    ["with two slots that keep states", "recurrent", { slots: 2 }],
    ["with keys of 32 bits", "latent", { kvType: "f32", flashAttention: false }],
  ])("is within ten percent of the log %s", async (_what, name, change) => {
    const compared = await compareMemory(named(name), change);
    // What is written to without flash attention depends on how full the context is.
    const logged = compared.filter(({ what }) => change.flashAttention !== false || !/peak|anonymous/.test(what));
    expect(tooFarOff(logged)).toEqual([]);
  });
});
