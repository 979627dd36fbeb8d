import { describe, expect, test } from "vitest";
import { findBrowser, hasDisplay } from "./find-browser.mjs";

function host(platform: NodeJS.Platform, files: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return {
    platform,
    env,
    isFile: (path: string) => files.includes(path),
    list: (folder: string) =>
      files
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""),
  };
}

describe("finding a browser", () => {
  const path = { PATH: "/usr/local/bin:/usr/bin" };

  test.each([
    ["Debian's Chromium", "/usr/bin/chromium"],
    ["Chrome", "/usr/bin/google-chrome-stable"],
    ["Edge", "/usr/local/bin/microsoft-edge"],
  ])("%s on the path of a Linux machine", (_name, file) => {
    expect(findBrowser(host("linux", [file], path))).toBe(file);
  });

  test("Chrome and Edge where macOS and Windows keep them", () => {
    const chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    expect(findBrowser(host("darwin", [chrome]))).toBe(chrome);
    const own = "/Users/a/Applications/Chromium.app/Contents/MacOS/Chromium";
    expect(findBrowser(host("darwin", [own], { HOME: "/Users/a" }))).toBe(own);
    const edge = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe";
    expect(findBrowser(host("win32", [edge], { "ProgramFiles(x86)": "C:\\Program Files (x86)" }))).toBe(edge);
  });

  test("CHROMIUM decides alone, as a path or as a command; a wrong one is not replaced by another browser", () => {
    const files = ["/opt/c/chrome", "/usr/bin/chromium"];
    expect(findBrowser(host("linux", files, { ...path, CHROMIUM: "/opt/c/chrome" }))).toBe("/opt/c/chrome");
    expect(findBrowser(host("linux", files, { ...path, CHROMIUM: "chromium" }))).toBe("/usr/bin/chromium");
    expect(findBrowser(host("linux", files, { ...path, CHROMIUM: "/opt/gone" }))).toBeUndefined();
  });

  test("the newest one that Playwright downloaded, by number and not by letters", () => {
    const cache = "/home/a/.cache/ms-playwright";
    const files = [`${cache}/chromium-999/chrome-linux/chrome`, `${cache}/chromium-1200/chrome-linux64/chrome`];
    expect(findBrowser(host("linux", files, { HOME: "/home/a" }))).toBe(files[1]);
  });

  test("none is an answer, an empty environment too", () => {
    expect(findBrowser(host("linux", [], path))).toBeUndefined();
    for (const platform of ["linux", "darwin", "win32"] as const)
      expect(findBrowser(host(platform, []))).toBeUndefined();
  });
});

test("a display is there when the system says so", () => {
  expect(hasDisplay(host("linux", []))).toBe(false);
  expect(hasDisplay(host("linux", [], { DISPLAY: "" }))).toBe(false);
  expect(hasDisplay(host("linux", [], { DISPLAY: ":0" }))).toBe(true);
  expect(hasDisplay(host("linux", [], { WAYLAND_DISPLAY: "wayland-0" }))).toBe(true);
  expect(hasDisplay(host("darwin", []))).toBe(true);
  expect(hasDisplay(host("win32", []))).toBe(true);
});
