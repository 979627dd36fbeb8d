import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findPackage, packageNameOf, packageTable } from "./package-table.ts";

const root = (name: string) => readFileSync(fileURLToPath(new URL(`../../../../${name}`, import.meta.url)), "utf8");

describe("the pinned packages", () => {
  test("are of the library version that is installed", () => {
    expect(/^ {2}node-llama-cpp: (\S+)$/m.exec(root("pnpm-workspace.yaml"))?.[1]).toBe(packageTable.library);
  });

  test("have the hash that the lockfile has, where it has one", () => {
    const locked = [
      ...root("pnpm-lock.yaml").matchAll(
        /^ {2}'@node-llama-cpp\/([\w-]+)@([\w.-]+)':\n {4}resolution: \{integrity: (\S+)\}/gm,
      ),
    ];
    expect(locked.length).toBeGreaterThanOrEqual(2);
    for (const [, name = "", version, integrity] of locked) {
      const pinned = findPackage(packageTable, name);
      if (pinned) expect([name, pinned.version, pinned.integrity]).toEqual([name, version, integrity]);
    }
    expect(locked.map(([, name]) => name)).toEqual(expect.arrayContaining(["linux-x64", "linux-x64-vulkan"]));
  });

  test("hold what Linux with CUDA needs", () => {
    for (const name of ["linux-x64-cuda", "linux-x64-cuda-ext"]) {
      const found = findPackage(packageTable, name);
      expect(found?.unpackedBytes).toBeGreaterThan(found?.downloadBytes ?? Infinity);
    }
    expect(findPackage(packageTable, "toString")).toBeNull();
  });
});

test.each([
  ["cuda", "linux", "x64", "linux-x64-cuda"],
  ["none", "linux", "x64", "linux-x64"],
  ["vulkan", "win32", "x64", "win-x64-vulkan"],
  ["metal", "darwin", "arm64", "mac-arm64-metal"],
  ["none", "darwin", "x64", "mac-x64"],
  ["none", "linux", "arm64", "linux-arm64"],
  ["cuda", "linux", "arm64", null],
  ["metal", "linux", "x64", null],
  ["vulkan", "darwin", "arm64", null],
  ["none", "freebsd", "x64", null],
] as const)("%s on %s %s is %s", (api, platform, arch, name) => {
  expect(packageNameOf(api, platform, arch)).toBe(name);
});
