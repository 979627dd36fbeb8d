import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSealedFiles, type SealedFiles } from "./sealed-files.ts";

let folder: string;
let files: SealedFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealed-"));
  files = createSealedFiles({ folder, key: new Uint8Array(32).fill(7) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(content: Buffer, pieces = 3): string {
  const writer = files.create();
  const size = Math.ceil(content.length / pieces) || 1;
  for (let at = 0; at < content.length; at += size) writer.write(content.subarray(at, at + size));
  return writer.finish().hash;
}

describe("sealed files", () => {
  it.each([0, 1, 1_048_575, 1_048_576, 1_048_577, 3_000_000])("give back %i bytes, whole and in part", (length) => {
    const content = randomBytes(length);
    const hash = put(content);
    expect(hash).toBe(createHash("sha256").update(content).digest("hex"));
    expect(files.size(hash)).toBe(length);
    expect(files.read(hash, 0, length + 10).equals(content)).toBe(true);
    for (const [offset, count] of [
      [0, 10],
      [Math.floor(length / 2), 1_200_000],
      [length, 5],
    ] as const)
      expect(files.read(hash, offset, count).equals(content.subarray(offset, offset + count))).toBe(true);
  });

  it("keep one copy of the same content, and nothing readable on the disk", () => {
    const content = Buffer.from("patient 4711 ".repeat(1000));
    expect(put(content)).toBe(put(content, 7));
    const names = readdirSync(folder);
    expect(names).toHaveLength(1);
    expect(readFileSync(join(folder, names[0] ?? "")).includes("patient")).toBe(false);
  });

  it("notice every change", () => {
    const hash = put(randomBytes(2_500_000));
    const path = join(folder, hash);
    const whole = readFileSync(path);
    const spoil = (at: number) => {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 1;
      writeFileSync(path, copy);
    };
    for (const at of [5, 40, 1_048_600, whole.length - 1]) {
      spoil(at);
      expect(() => files.read(hash, 0, 3_000_000), `byte ${at}`).toThrow(
        expect.objectContaining({ code: "DISK_FAILED" }),
      );
    }
    writeFileSync(path, whole);
    truncateSync(path, 12 + 2 * (1_048_576 + 16));
    expect(() => files.read(hash, 0, 3_000_000), "cut at a frame").toThrow();
  });

  it("leave nothing of what was given up, and open under no other key", () => {
    const writer = files.create();
    writer.write(randomBytes(10));
    writer.discard();
    expect(readdirSync(folder)).toEqual([]);
    const hash = put(Buffer.from("x"));
    const other = createSealedFiles({ folder, key: new Uint8Array(32) });
    expect(() => other.read(hash, 0, 1)).toThrow(expect.objectContaining({ code: "DISK_FAILED" }));
    expect(() => files.read("../etc/passwd", 0, 1)).toThrow(expect.objectContaining({ code: "DISK_FAILED" }));
  });
});
