import type { Prediction } from "@deskside/contract";
import { sampleGpus, sampleMachine } from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createFormats } from "../../format/formats.ts";
import { createI18n } from "../../i18n/create-i18n.ts";
import { fitFigures, fitLimit, sharedScale } from "./fit-scale.ts";
import { barWords, predictedUsed } from "./memory-words.ts";

const gb = 1024 ** 3;
const en = { t: createI18n("en").t, language: "en", format: createFormats("en") } as const;

function prediction(gpu: number, ram: number): Prediction {
  const device = (name: string, bytes: number) => ({
    name,
    weightsBytes: bytes * 0.8,
    kvBytes: bytes * 0.1,
    bufferBytes: bytes * 0.06,
    overheadBytes: bytes * 0.04,
    bytes,
  });
  const devices = [device("RAM", ram), ...(gpu > 0 ? [device("GPU", gpu)] : [])];
  return {
    memoryBytes: gpu + ram,
    anonymousBytes: ram,
    devices,
    tokensPerSecond: null,
    promptTokensPerSecond: null,
  };
}

describe("fitLimit", () => {
  it("is the video memory of all usable cards", () => {
    expect(fitLimit(sampleMachine({ gpus: 2 }))).toEqual({
      kind: "vram",
      totalBytes: 24 * gb,
      otherBytes: 24 * gb - 2 * 11.2 * gb,
    });
  });

  it("is the RAM where no card can be used or none tells its memory", () => {
    const machine = sampleMachine();
    const [gpu] = sampleGpus(1);
    if (!gpu) throw new Error("no sample");
    const useless = [
      { ...gpu, api: "none" as const },
      { ...gpu, vendor: "software" as const },
      { ...gpu, vramTotalBytes: null },
    ];
    for (const card of useless) expect(fitLimit({ ...machine, gpus: [card] }).kind).toBe("ram");
    expect(fitLimit(machine)).toMatchObject({ kind: "ram", totalBytes: 32 * gb });
  });
});

describe("fitFigures", () => {
  const vram = { kind: "vram", totalBytes: 12 * gb, otherBytes: gb } as const;

  it("adds up to what is used, and hatches what lies in RAM", () => {
    const figures = fitFigures(prediction(10 * gb, 5 * gb), vram);
    expect(figures.usedBytes).toBeCloseTo(11 * gb);
    expect(figures.spareBytes).toBeCloseTo(gb);
    expect(figures.spillBytes).toBeCloseTo(4.5 * gb);
  });

  it("hatches what is more than the RAM there is", () => {
    const figures = fitFigures(prediction(0, 40 * gb), { kind: "ram", totalBytes: 32 * gb, otherBytes: 4 * gb });
    expect(figures.spillBytes).toBeCloseTo(12 * gb);
    expect(figures.spareBytes).toBeCloseTo(-12 * gb);
  });

  it("shares a scale in which the limit keeps most of the width", () => {
    const rows = [prediction(6 * gb, 0), prediction(10 * gb, 90 * gb)].map((one) => fitFigures(one, vram));
    expect(sharedScale(rows, vram)).toBe(18 * gb);
    expect(sharedScale([], vram)).toBe(12 * gb);
  });
});

describe("words of memory", () => {
  it("name the parts, the whole and the rest", () => {
    const parts = { weights: 8.4 * gb, kv: 1.6 * gb, buffer: 0, other: 1 * gb };
    expect(barWords(parts, 12 * gb, en)).toBe(
      "Weights 8.4 GB, KV cache 1.6 GB, Other programs 1 GB of 12 GB, 1 GB free",
    );
    expect(barWords(parts, 10 * gb, en)).toContain("1 GB more than fit");
    expect(barWords({}, 10 * gb, en)).toBe("10 GB free");
  });

  it("compare what was predicted with what was used, as far as it is known", () => {
    const use = (bytes: number) => ({ memoryBytes: bytes, anonymousBytes: 0, devices: [] });
    expect(predictedUsed(use(11.3 * gb), use(11.1 * gb), en)).toBe("Predicted 11.3 GB, used 11.1 GB");
    expect(predictedUsed(null, use(11.1 * gb), en)).toBe("Used 11.1 GB");
    expect(predictedUsed(null, null, en)).toBeNull();
  });
});
