import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import type { Session } from "electron";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serveAppScheme } from "../main/security/app-scheme.ts";
import { bootDesktop, desktopFolder, modelsDir } from "./boot-desktop.ts";
import { defaultSession, fetchInPage } from "./electron-double/double-windows.ts";

vi.mock("electron", async () => (await import("./electron-double/electron-double.ts")).electronModule);

// Below the app, so that the two native packages are found as they are from its own build.
const out = join(desktopFolder, "node_modules", ".cache", "built-desktop");

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

beforeAll(async () => {
  const tool = join(
    dirname(createRequire(import.meta.url).resolve("electron-vite/package.json")),
    "bin",
    "electron-vite.js",
  );
  await promisify(execFile)(process.execPath, [tool, "build", "--outDir", out, "--logLevel", "error"], {
    cwd: desktopFolder,
    env: { ...process.env, NODE_ENV: "production" },
    maxBuffer: 64 * 2 ** 20,
  });
}, 240_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("the built app", () => {
  it("answers with the model: every file that its processes look for at run time is part of the build", async () => {
    await using desktop = await bootDesktop({
      preload: join(out, "preload", "index.cjs"),
      rendererDir: join(out, "renderer"),
      entries: { backend: join(out, "main", "backend.js"), engine: join(out, "main", "engine.js") },
    });
    const { client } = await desktop.connect();
    const text = "What is the capital of France?";
    const { generationId } = await client.generation.start({ kind: "send", chatId: null, text });
    let answer: unknown;
    for await (const event of await client.generation.watch({ generationId })) answer = event;
    expect(answer).toMatchObject({ type: "done", message: { text: expect.stringContaining("Paris") } });
    const { versions } = await client.system.info();
    expect(versions.engineLibrary).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("starts from its own main file, opens the page, reaches the backend and quits", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "desktop-built-"));
    const script = join(desktopFolder, "src", "test", "processes", "run-built-main.ts");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, join(out, "main", "index.js"), `--data-dir=${dataDir}`],
      {
        env: { ...process.env, DESKSIDE_MODELS_DIR: modelsDir },
        timeout: 30_000,
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      url: "app://deskside/index.html",
      shell: "desktop",
      dataDir,
      exitCode: 0,
      models: expect.arrayContaining([expect.stringContaining("SmolLM2")]),
    });
    rmSync(dataDir, { recursive: true });
  });

  it("serves every file of its page with a type that the browser accepts", async () => {
    serveAppScheme(defaultSession as unknown as Session, join(out, "renderer"));
    const files = filesBelow(join(out, "renderer"));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const path = relative(join(out, "renderer"), file).replaceAll(sep, "/");
      const response = await fetchInPage(`app://deskside/${path}`);
      expect(response.status, path).toBe(200);
    }
    // The page's policy forbids inline scripts: the build may not make any.
    const page = readFileSync(join(out, "renderer", "index.html"), "utf8");
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  it("imports nothing but Node, Electron and the packages that are shipped beside it", () => {
    const own = JSON.parse(readFileSync(join(desktopFolder, "package.json"), "utf8")) as { dependencies: object };
    const allowed = new Set(["electron", ...Object.keys(own.dependencies)]);
    const bundles = filesBelow(join(out, "main")).filter((file) => file.endsWith(".js"));
    expect(bundles.map((file) => relative(join(out, "main"), file))).toEqual(
      expect.arrayContaining([
        "index.js",
        "backend.js",
        "engine.js",
        "parser.js",
        "index-worker.js",
        "template-worker.js",
      ]),
    );
    for (const bundle of bundles) {
      const code = readFileSync(bundle, "utf8");
      expect(code, relative(out, bundle)).not.toContain("no-sandbox");
      const imports = [...code.matchAll(/^(?:import|export)\b[^"\n]*"([^"]+)";?$/gm)].map((found) => found[1] ?? "");
      const foreign = imports.filter(
        (name) => !name.startsWith("node:") && !name.startsWith(".") && !allowed.has(packageOf(name)),
      );
      expect(foreign, relative(out, bundle)).toEqual([]);
      for (const name of imports.filter((name) => name.startsWith("."))) {
        expect(existsSync(join(dirname(bundle), name)), name).toBe(true);
      }
    }
    const preload = readFileSync(join(out, "preload", "index.cjs"), "utf8");
    expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map((found) => found[1])).toEqual(["electron"]);
  });
});

/** "pdfjs-dist" of "pdfjs-dist/legacy/build/pdf.mjs". */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
