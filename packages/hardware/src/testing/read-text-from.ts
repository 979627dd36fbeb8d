import type { ReadText } from "../read-text.ts";

/** A system that consists of these files. */
export function readTextFrom(files: Readonly<Record<string, string>>): ReadText {
  return async (path) => files[path] ?? null;
}
