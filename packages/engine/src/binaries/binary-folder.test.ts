import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "deskside-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const here = new URL(".", import.meta.url).href;

let programs = 0;

/** The hooks belong to a whole process, so each test has its own. `here:` in an import is this folder. */
function runModule(code: string, env: Record<string, string> = {}): string {
  const program = join(root, `program-${++programs}.mjs`);
  const source = `const { useBinaryFolder } = await import("here:binary-folder.ts");\n${code}`;
  writeFileSync(program, source.replaceAll("here:", here));
  return execFileSync(process.execPath, [program], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    encoding: "utf8",
    timeout: 60_000,
  }).trim();
}

function putPackage(name: string, options: { marker: boolean }): void {
  const place = join(root, "@node-llama-cpp", name);
  mkdirSync(join(place, "dist"), { recursive: true });
  writeFileSync(join(place, "package.json"), '{"type":"module","version":"1.0.0"}');
  writeFileSync(join(place, "dist/index.js"), 'export const getBinsDir = () => ({ binsDir: "fetched" });');
  if (options.marker) writeFileSync(join(place, ".deskside-package.json"), "{}");
}

const importIt = (name: string) =>
  `console.log(await import("${name}").then((m) => m.getBinsDir().binsDir, (error) => error.code));`;

describe("a package that is not installed", () => {
  putPackage("made-up-cuda", { marker: true });
  putPackage("half-done", { marker: false });

  test.each([
    ["is found in the folder", `useBinaryFolder(${JSON.stringify(root)});`, "@node-llama-cpp/made-up-cuda", "fetched"],
    ["is found by the variable", "useBinaryFolder();", "@node-llama-cpp/made-up-cuda", "fetched"],
    ["is not found without a folder", "useBinaryFolder('');", "@node-llama-cpp/made-up-cuda", "ERR_MODULE_NOT_FOUND"],
    [
      "is not found below a relative folder",
      "useBinaryFolder('.');",
      "@node-llama-cpp/made-up-cuda",
      "ERR_MODULE_NOT_FOUND",
    ],
    [
      "is not found after the hook is gone",
      "useBinaryFolder()[Symbol.dispose]();",
      "@node-llama-cpp/made-up-cuda",
      "ERR_MODULE_NOT_FOUND",
    ],
    ["is not taken half done", "useBinaryFolder();", "@node-llama-cpp/half-done", "ERR_MODULE_NOT_FOUND"],
    ["is not looked for by a path", "useBinaryFolder();", "@node-llama-cpp/../made-up-cuda", "ERR_MODULE_NOT_FOUND"],
    ["is not looked for under another scope", "useBinaryFolder();", "@other/made-up-cuda", "ERR_MODULE_NOT_FOUND"],
  ])("%s", (_what, start, name, found) => {
    expect(runModule(start + importIt(name), { DESKSIDE_ENGINE_BINARIES: root })).toBe(found);
  });
});

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "the library computes with a package from the folder when the installed one is gone",
  { timeout: 120_000 },
  () => {
    const library = createRequire(import.meta.url).resolve("node-llama-cpp");
    const installed = dirname(dirname(realpathSync(createRequire(library).resolve("@node-llama-cpp/linux-x64"))));
    const folder = join(root, "real");
    const place = join(folder, "@node-llama-cpp/linux-x64");
    cpSync(installed, place, { recursive: true });
    writeFileSync(join(place, ".deskside-package.json"), "{}");
    const hide = `
      const { registerHooks } = await import("node:module");
      registerHooks({ resolve(name, context, next) {
        if (name.startsWith("@node-llama-cpp/")) throw Object.assign(new Error("hidden"), { code: "ERR_MODULE_NOT_FOUND" });
        return next(name, context);
      } });`;
    const load = `
      const { openLlama } = await import("here:../llama-runtime.ts");
      try { const llama = await openLlama("none", () => {}); console.log("gpu", llama.gpu, llama.cpuMathCores > 0); }
      catch (error) { console.log(error.constructor.name); }
      const { readFileSync } = await import("node:fs");
      const [line] = readFileSync("/proc/self/maps", "utf8").split("\\n").filter((one) => one.includes("llama-addon.node"));
      console.log(line?.slice(line.indexOf("/")));
      process.exit(0);`;
    expect(runModule(`${hide} useBinaryFolder(); ${load}`)).toContain("NoBinaryFoundError");
    const printed = runModule(`${hide} useBinaryFolder(); ${load}`, { DESKSIDE_ENGINE_BINARIES: folder });
    expect(printed).toContain("gpu false true");
    expect(printed).toContain(join(realpathSync(place), "bins/linux-x64/llama-addon.node"));
  },
);

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "an engine that leaves AMX out computes with a copy that has no kernels for it, made once",
  { timeout: 120_000 },
  () => {
    const folder = join(root, "copies");
    const load = `
      const { leaveOutAmx } = await import("here:leave-out-amx.ts");
      leaveOutAmx();
      const { openLlama } = await import("here:../llama-runtime.ts");
      await openLlama("none", () => {});
      const { readFileSync } = await import("node:fs");
      const loaded = readFileSync("/proc/self/maps", "utf8").match(/\\/\\S*(?:llama-addon\\.node|ggml-cpu-\\S+)/g);
      console.log([...new Set(loaded)].join("\\n"));
      process.exit(0);`;
    const first = runModule(load, { DESKSIDE_ENGINE_WITHOUT_AMX: folder }).split("\n");
    const bins = join(realpathSync(folder), "without-amx/linux-x64/bins/linux-x64");
    expect(first).toContain(join(bins, "llama-addon.node"));
    expect(first.filter((path) => path.includes("sapphirerapids"))).toEqual([]);
    expect(first.some((path) => path.startsWith(join(bins, "libggml-cpu-")))).toBe(true);
    const made = statSync(bins).ino;
    expect(runModule(load, { DESKSIDE_ENGINE_WITHOUT_AMX: folder }).split("\n")).toEqual(first);
    expect(statSync(bins).ino).toBe(made);
    expect(readdirSync(join(folder, "without-amx"))).toEqual(["linux-x64"]);
    // Without the variable the installed package is used.
    expect(runModule(load)).not.toContain("without-amx");
  },
);

describe("what stands in the way", () => {
  const explain = (api: string, env: Record<string, string> = {}) =>
    runModule(
      `useBinaryFolder(); const { explainMissingBinary } = await import("here:explain-missing-binary.ts");
       console.log((await explainMissingBinary("${api}"))?.message ?? null);`,
      env,
    );

  test("is nothing to tell without a package", () => {
    expect(explain("cuda")).toBe("null");
  });

  test.runIf(process.platform === "linux" && process.arch === "x64")(
    "is what the linker says of a library that cannot be loaded",
    () => {
      const folder = join(root, "broken");
      const bins = join(folder, "@node-llama-cpp/linux-x64-cuda/bins/linux-x64-cuda");
      mkdirSync(bins, { recursive: true });
      const place = join(folder, "@node-llama-cpp/linux-x64-cuda");
      mkdirSync(join(place, "dist"));
      writeFileSync(join(place, ".deskside-package.json"), "{}");
      writeFileSync(
        join(place, "dist/index.js"),
        `export const getBinsDir = () => ({ binsDir: ${JSON.stringify(join(place, "bins"))} });`,
      );
      writeFileSync(join(bins, "libggml-cuda.so"), "this is no library");
      expect(explain("cuda", { DESKSIDE_ENGINE_BINARIES: folder })).toMatch(
        /libggml-cuda\.so: (invalid ELF header|file too short)/,
      );
    },
  );
});
