import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { splitGguf } from "./split-gguf.ts";

const starter = fileURLToPath(new URL("../../../../../models/starter/starter-q8_0.gguf", import.meta.url));

test("parts have every tensor byte once, and say which they are", async () => {
  const whole = await readFile(starter);
  const parts = splitGguf(whole, 3);
  expect(parts).toHaveLength(3);
  const tensorsOf = (file: Buffer) => Number(file.readBigUInt64LE(8));
  expect(parts.reduce((sum, part) => sum + tensorsOf(part), 0)).toBe(tensorsOf(whole));
  for (const part of parts) {
    expect(part.toString("latin1", 0, 4)).toBe("GGUF");
    expect(part.includes("split.no")).toBe(true);
  }
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  expect(total).toBeGreaterThan(whole.length);
  expect(total).toBeLessThan(whole.length + 64 * 1024);
});
