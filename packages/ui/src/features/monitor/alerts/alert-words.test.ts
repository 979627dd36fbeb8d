import { type AlertRule, alertMetrics } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createFormats } from "../../../format/formats.ts";
import { createI18n } from "../../../i18n/create-i18n.ts";
import { languages } from "../../../i18n/languages.ts";
import { chartLimits, fromSeconds, fromTyped, metricValue, ruleCondition, toTyped } from "./alert-words.ts";

const textOf = (language: (typeof languages)[number]) => ({
  t: createI18n(language).t,
  language,
  format: createFormats(language),
});
const rule: AlertRule = {
  id: "a",
  metric: "free-disk",
  direction: "below",
  threshold: 20 * 1024 ** 3,
  durationMs: 300_000,
  enabled: true,
};

describe.each(languages)("alerts in %s", (language) => {
  const text = textOf(language);

  it.each(alertMetrics)("%s: a value has its unit, and what is not reported is no zero", (metric) => {
    expect(metricValue(metric, 30, text)).toMatch(/3/);
    expect(metricValue(metric, null, text)).toBe(text.t("monitor.notReported"));
    expect(metricValue(metric, 0, text)).not.toBe(metricValue(metric, null, text));
  });

  it("a condition carries threshold and duration", () => {
    expect(ruleCondition(rule, text)).toMatch(/20 GB.*5/);
    expect(ruleCondition({ ...rule, durationMs: 0 }, text)).not.toMatch(/5/);
  });
});

describe("what is typed", () => {
  it.each(alertMetrics)("%s: comes back as it was stored", (metric) => {
    const threshold = metric === "free-disk" ? 2.5 * 1024 ** 3 : 87.5;
    expect(fromTyped(metric, toTyped(metric, threshold))).toBe(threshold);
  });

  it("is refused where it is no number of zero or more", () => {
    for (const odd of ["", "  ", "-1", "abc", "1e999", "NaN", "5 GB"]) {
      expect(fromTyped("vram-percent", odd), odd).toBeNull();
      expect(fromSeconds(odd), odd).toBeNull();
    }
    expect(fromTyped("vram-percent", " 90,5 ")).toBe(90.5);
    expect(fromSeconds("0.5")).toBe(500);
  });
});

describe("chartLimits", () => {
  it("takes thresholds of alerts that are switched on only", () => {
    const heat = { ...rule, metric: "gpu-temperature" as const, threshold: 87 };
    const state = (enabled: boolean) => ({ rule: { ...heat, enabled }, value: null, activeSince: null });
    expect(chartLimits([state(true)])).toEqual({ temperature: 87, firstToken: null });
    expect(chartLimits([state(false)])).toEqual({ temperature: null, firstToken: null });
  });
});
