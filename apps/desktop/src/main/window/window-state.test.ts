import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeWindow, smallestWindow } from "./window-state.ts";

const screens = [
  { x: 0, y: 25, width: 1920, height: 1015 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
];
const at = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  maximized: false,
});

describe("where a window opens", () => {
  it("is where it was, on any screen", () => {
    expect(placeWindow(at(40, 60), screens)).toEqual(at(40, 60));
    expect(placeWindow(at(2000, 100), screens)).toEqual(at(2000, 100));
  });

  it("is not a screen that was unplugged, nor where no hand reaches the title bar", () => {
    for (const lost of [at(2000, 100), at(5000, 60), at(-990, 60), at(40, 1030), at(40, -600)]) {
      const { bounds } = placeWindow(lost, screens.slice(0, 1));
      expect(bounds).not.toHaveProperty("x");
    }
  });

  it("is never larger than its screen nor smaller than the design", () => {
    expect(placeWindow(at(40, 60, 9000, 9000), screens).bounds).toMatchObject({ width: 1920, height: 1015 });
    expect(placeWindow(at(40, 60, 121, 121), screens).bounds).toMatchObject(smallestWindow);
  });

  it("survives any content of the file", () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const { bounds } = placeWindow(stored, screens);
        expect(bounds.width).toBeGreaterThanOrEqual(smallestWindow.width);
      }),
      { numRuns: 2000 },
    );
    expect(
      placeWindow({ bounds: { x: 0, y: 0, width: 1e9, height: Number.NaN }, maximized: 1 }, screens).maximized,
    ).toBe(false);
  });
});
