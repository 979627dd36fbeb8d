import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Rectangle } from "electron";
import { z } from "zod";

const coordinate = z.number().int().min(-100_000).max(100_000);
const windowStateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: coordinate.min(1), height: coordinate.min(1) }),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** Device-independent pixels. The design works down to this size. */
export const smallestWindow = { width: 720, height: 480 };
const firstWindow = { width: 1280, height: 832 };
/** So much of a window must lie on a screen that a hand can find and move it. */
const graspable = { width: 120, height: 48 };

/**
 * Where the window opens: where it was, if that place still exists. A screen that was unplugged, a file that was
 * damaged or numbers from another world end in the default size, placed by the system.
 * @param workAreas of the displays that are there now
 */
export function placeWindow(
  stored: unknown,
  workAreas: readonly Rectangle[],
): { bounds: Partial<Rectangle> & { width: number; height: number }; maximized: boolean } {
  const parsed = windowStateSchema.safeParse(stored);
  if (!parsed.success) return { bounds: firstWindow, maximized: false };
  const { bounds, maximized } = parsed.data;
  const home = workAreas.find((area) => {
    const seen = overlap(bounds, area);
    return seen.width >= graspable.width && seen.height >= graspable.height && bounds.y >= area.y;
  });
  if (!home) return { bounds: firstWindow, maximized };
  const width = clamp(bounds.width, smallestWindow.width, home.width);
  const height = clamp(bounds.height, smallestWindow.height, home.height);
  return { bounds: { x: bounds.x, y: bounds.y, width, height }, maximized };
}

/** What the file holds, whatever that is; `placeWindow` judges it. */
export function readWindowState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // First start, or damaged: the place of a window is not worth a message.
    return null;
  }
}

export function writeWindowState(path: string, state: WindowState): void {
  writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), Math.min(least, most));
}
