import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "electron";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { defaultSession, fetchInPage } from "../../test/electron-double/double-windows.ts";
import { serveAppScheme } from "./app-scheme.ts";

vi.mock("electron", async () => (await import("../../test/electron-double/electron-double.ts")).electronModule);

const folder = mkdtempSync(join(tmpdir(), "desktop-scheme-"));
const rendererDir = join(folder, "renderer");

beforeAll(() => {
  mkdirSync(join(rendererDir, "assets"), { recursive: true });
  writeFileSync(join(rendererDir, "index.html"), "page");
  writeFileSync(join(rendererDir, "assets", "a-B_1.js"), "script");
  writeFileSync(join(rendererDir, "assets", "notes.txt"), "no type of ours");
  writeFileSync(join(rendererDir, ".built.json"), "{}");
  writeFileSync(join(folder, "secret.js"), "secret");
  mkdirSync(join(folder, "renderer-other"));
  writeFileSync(join(folder, "renderer-other", "secret.js"), "secret");
  serveAppScheme(defaultSession as unknown as Session, rendererDir);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the product's scheme", () => {
  it("serves the interface under a policy that lets nothing else in", async () => {
    for (const url of ["app://deskside/", "app://deskside/index.html?x=1#/chat"]) {
      const response = await fetchInPage(url);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe("page");
      const policy = response.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/\*|unsafe-eval|https?:/);
      expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    }
    const script = await fetchInPage("app://deskside/assets/a-B_1.js");
    expect(script.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
  });

  it("serves nothing outside of the folder and nothing that is not part of the page", async () => {
    const paths = [
      "/../secret.js",
      "/..%2fsecret.js",
      "/%2e%2e/secret.js",
      "/%2e%2e%2fsecret.js",
      "/assets/..%2f..%2fsecret.js",
      "/..\\secret.js",
      "/..%5csecret.js",
      "/%252e%252e%252fsecret.js",
      "/../renderer-other/secret.js",
      "//etc/passwd",
      "/etc/passwd",
      "/C:/Windows/win.ini",
      "/assets/a-B_1.js%00.html",
      "/assets/a-B_1.js::$DATA",
      "/.built.json",
      "/assets/notes.txt",
      "/assets",
      "/assets/",
      "/missing.js",
      "/%",
      "/%ff",
    ];
    for (const path of paths) {
      const response = await fetchInPage(`app://deskside${path}`);
      expect(response.status, path).toBe(404);
      expect(await response.text()).toBe("");
    }
    for (const url of ["app://evil/index.html", "app://user@deskside/index.html", "app:index.html"]) {
      expect((await fetchInPage(url)).status, url).toBe(404);
    }
    expect((await fetchInPage("app://deskside/index.html", "POST")).status).toBe(405);
  });

  it.runIf(process.platform !== "win32")("does not follow a link out of the folder", async () => {
    symlinkSync(join(folder, "secret.js"), join(rendererDir, "linked.js"));
    expect((await fetchInPage("app://deskside/linked.js")).status).toBe(404);
  });
});
