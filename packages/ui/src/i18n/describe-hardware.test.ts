import {
  fitGrades,
  fitReasonCodes,
  type FitReason,
  loadCauses,
  probeNoteCodes,
  whyCpuReasons,
} from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createFormats } from "../format/formats.ts";
import { createI18n } from "./create-i18n.ts";
import { describeError } from "./describe-error.ts";
import { describeFitReason, describeLoadCause, describeProbeNote, describeWhyCpu } from "./describe-hardware.ts";
import { type Language, languages } from "./languages.ts";
import type { Text } from "./use-text.ts";

const textOf = (language: Language): Text => ({
  t: createI18n(language).t,
  language,
  format: createFormats(language),
});
const gb = 1024 ** 3;
/** Every figure that any reason has. */
const full: FitReason["data"] = {
  device: "GeForce RTX 4080",
  bytes: 11.3 * gb,
  budgetBytes: 12 * gb,
  layers: 20,
  totalLayers: 33,
  ramBytes: 4 * gb,
  freeBytes: 9 * gb,
  reason: "driver-too-old",
  from: 32_768,
  to: 8192,
  kvType: "q8_0",
  savedBytes: gb,
  quantization: "Q5_K_M",
  extraBytes: 1.5 * gb,
  missingBytes: 0.7 * gb,
  model: "R1-Distill-Qwen-7B",
  tokensPerSecond: 38.2,
  neededBytes: 20 * gb,
  bytesPerSecond: 20e9,
};
const unfilled = /\{\{|\}\}|hardware\.|undefined|null|NaN/;

describe.each(languages)("hardware in %s", (language) => {
  const text = textOf(language);

  it.each(loadCauses)("words the cause %s with a remedy, and never shows its code", (cause) => {
    const { what, remedy } = describeLoadCause(cause, text);
    for (const words of [what, remedy]) {
      expect(words.length).toBeGreaterThan(5);
      expect(words).not.toMatch(unfilled);
      if (cause.includes("-")) expect(words).not.toContain(cause);
    }
    const data = { model: "SmolLM2", cause, detail: "ggml_abort" };
    const { title, body } = describeError({ code: "MODEL_LOAD_FAILED", kind: "external", data }, text);
    expect(title).toContain("SmolLM2");
    expect(body).toContain(what);
    expect(body).toContain(remedy);
    expect(body).not.toContain("ggml_abort");
  });

  it("gives each cause words of its own", () => {
    const all = loadCauses.map((cause) => describeLoadCause(cause, text).what);
    expect(new Set(all).size).toBe(loadCauses.length);
  });

  it.each(whyCpuReasons)("says why the processor works: %s", (reason) => {
    expect(describeWhyCpu(reason, text)).not.toMatch(unfilled);
  });

  it.each(fitReasonCodes)("words the reason %s with its figures", (code) => {
    const words = describeFitReason({ code, data: full }, text);
    expect(words).not.toMatch(unfilled);
    expect(words).not.toContain("–");
  });

  it.each(fitReasonCodes)("stays a sentence when %s comes without its figures", (code) => {
    const words = describeFitReason({ code, data: {} }, text);
    expect(words).not.toBe("");
    expect(words).not.toMatch(unfilled);
  });

  it.each(probeNoteCodes)("words the note %s", (code) => {
    expect(describeProbeNote({ code, subject: "nvidia-smi", detail: "exit 9" }, text)).toContain("exit 9");
    expect(describeProbeNote({ code, subject: "nvidia-smi", detail: "" }, text)).toContain("nvidia-smi");
  });

  it("has a word for each grade", () => {
    expect(new Set(fitGrades.map((grade) => text.t(`hardware.grade.${grade}`))).size).toBe(fitGrades.length);
  });
});

describe("describeFitReason", () => {
  const en = textOf("en");

  it("carries the figures that explain it", () => {
    const words = describeFitReason({ code: "part-on-gpu", data: full }, en);
    expect(words).toMatch(/20 of 33 .*4 GB/);
    expect(describeFitReason({ code: "why-cpu", data: full }, en)).toContain("too old");
  });

  it("does not speak of what is missing when nothing is", () => {
    const words = describeFitReason({ code: "next-step", data: { ...full, missingBytes: 0 } }, en);
    expect(words).not.toContain("missing");
    expect(words).toContain("1.5 GB");
  });
});
