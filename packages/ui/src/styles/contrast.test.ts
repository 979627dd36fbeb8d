import { describe, expect, it } from "vitest";
import tokens from "./tokens.css?raw";

type Rgb = readonly [number, number, number];

/** The custom properties of each theme, as tokens.css sets them. */
function readTheme(name: "light" | "dark"): Map<string, string> {
  const selector =
    name === "light" ? /:root,\s*\[data-theme="light"\]\s*\{([^}]*)\}/ : /\n\[data-theme="dark"\]\s*\{([^}]*)\}/;
  const block = selector.exec(tokens)?.[1] ?? "";
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", (match[2] ?? "").trim()]),
  );
}

function rgbOf(theme: Map<string, string>, name: string): Rgb {
  const hex = /^#([0-9a-f]{6})$/i.exec(theme.get(name) ?? "")?.[1];
  if (!hex) throw new Error(`--${name} is no plain colour`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

function luminance([r, g, b]: Rgb): number {
  const linear = [r, g, b].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ["ground", "pane", "surface", "raised", "sunken"] as const;

describe.each(["light", "dark"] as const)("contrast in the %s theme", (name) => {
  const theme = readTheme(name);
  const worst = (ink: string, on: readonly string[]) =>
    Math.min(...on.map((ground) => contrast(rgbOf(theme, ink), rgbOf(theme, ground))));

  it("has read the tokens", () => {
    expect(theme.size).toBeGreaterThan(50);
  });

  it.each(["ink", "ink-2", "ink-3", "accent-ink", "ok", "warn", "danger", "info"])(
    "--%s is readable on every ground",
    (ink) => {
      expect(worst(ink, grounds)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each([
    ["on-accent", "accent"],
    ["on-accent", "accent-hover"],
    ["on-accent", "danger-fill"],
    ["accent-ink", "accent-soft"],
    ["ok", "ok-soft"],
    ["warn", "warn-soft"],
    ["danger", "danger-soft"],
    ["info", "info-soft"],
    ["ink", "mark-ui"],
    ["ink-inverse", "ink"],
  ])("--%s is readable on --%s", (ink, ground) => {
    expect(worst(ink, [ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["line-control", "focus"])("the edge --%s of a control is visible on every ground", (edge) => {
    expect(worst(edge, grounds)).toBeGreaterThanOrEqual(3);
  });
});
