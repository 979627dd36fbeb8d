import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashFiles, isUpToDate, listFiles, writeStamp } from "./source-stamp.mjs";

let folder: string;
const write = (name: string, text: string) => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deskside-stamp-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the hash of sources", () => {
  const hash = () => hashFiles(folder, listFiles(folder));

  test("sees a changed byte of the same length, a new, a renamed and a removed file", () => {
    const first = write("src/a.ts", "one");
    const seen = new Set([hash()]);
    writeFileSync(first, "two");
    seen.add(hash());
    const second = write("src/b.ts", "");
    seen.add(hash());
    rmSync(second);
    write("src/c.ts", "");
    seen.add(hash());
    expect(seen.size).toBe(4);
  });

  test("does not see times, so that a fresh checkout of the same sources builds nothing", () => {
    const file = write("src/a.ts", "one");
    const before = hash();
    utimesSync(file, 1, 1);
    expect(hash()).toBe(before);
  });

  test("text that moves from one file's end to the next one's start is a change", () => {
    write("a", "xy");
    write("b", "z");
    const before = hash();
    write("a", "x");
    write("b", "yz");
    expect(hash()).not.toBe(before);
  });

  test("what was installed or built does not count", () => {
    write("src/a.ts", "");
    for (const made of ["node_modules/x/a.js", "out/cli.js", "dist/a.js", ".cache/a"]) write(made, "");
    expect(listFiles(folder)).toEqual([join(folder, "src/a.ts")]);
    expect(listFiles(join(folder, "missing"))).toEqual([]);
  });
});

describe("a stamp", () => {
  const stamp = () => join(folder, "out/.built.json");

  test("holds for the same hash, while everything that was made is there", () => {
    const output = write("out/cli.js", "");
    expect(isUpToDate(stamp(), "h1")).toBe(false);
    writeStamp(stamp(), "h1", [output]);
    expect(isUpToDate(stamp(), "h1")).toBe(true);
    expect(isUpToDate(stamp(), "h2")).toBe(false);
    expect(isUpToDate(stamp(), "h1", [join(folder, "missing")])).toBe(false);
    rmSync(output);
    expect(isUpToDate(stamp(), "h1")).toBe(false);
  });

  test("that is damaged or empty means work, not a crash", () => {
    for (const text of ["", "{", "null", "[]", '{"hash":"h1"}']) {
      write("out/.built.json", text);
      expect(isUpToDate(stamp(), "h1"), text).toBe(false);
    }
  });
});
