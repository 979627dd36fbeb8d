import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { packageRooms } from "./architecture-edges.ts";
import { checkImports } from "./check-imports.ts";
import { checkFile, checkFolders, checkManifest, findCycle } from "./check-workspace.ts";
import { readSource } from "./read-imports.ts";
import { readWorkspace, type WorkspacePackage } from "./read-workspace.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packages = readWorkspace(root);
const sources = packages.flatMap((owner) => owner.sources);

describe("the house as it stands", () => {
  test("was read: a check that saw nothing is no check", () => {
    expect(packages.map((owner) => owner.folder)).toEqual(expect.arrayContaining(["", "packages/base", "apps/server"]));
    for (const owner of packages.filter(({ kind }) => kind === "package")) {
      expect(owner.sources.length, `${owner.folder} has no source`).toBeGreaterThan(0);
    }
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(100);
  });

  test("manifests and project files keep to the edges of the plan", () => {
    expect(packages.flatMap((owner) => checkManifest(owner, packages))).toEqual([]);
  });

  test("imports keep to edges, bans, declared dependencies and published entries", () => {
    const problems = packages.flatMap((owner) =>
      owner.sources.flatMap((source) => checkImports(owner, source, packages)),
    );
    expect(problems).toEqual([]);
  });

  test("packages form no cycle", () => {
    expect(findCycle(packages)).toBeUndefined();
  });

  test("files and folders keep to sizes and names, and no check is switched off", () => {
    expect([...sources.flatMap(checkFile), ...checkFolders(sources)]).toEqual([]);
  });

  test("every package tells what it is for", () => {
    const silent = packages.filter(
      ({ kind, folder }) => kind !== "other" && !existsSync(join(root, folder, "README.md")),
    );
    expect(silent.map((owner) => owner.folder)).toEqual([]);
  });
});

describe("planted violations are caught", () => {
  const base = fakePackage("packages/base", { exports: { ".": "./src/index.ts" } });
  const storage = fakePackage("packages/storage", {
    dependencies: { "@deskside/base": "workspace:*", "@deskside/engine": "workspace:*" },
    devDependencies: { "@deskside/testing": "workspace:*", "fast-check": "1" },
  });
  const testing = fakePackage("packages/testing", { exports: { ".": "./src/index.ts" } });
  const house = [base, storage, testing, ...["engine", "ui", "rpc"].map((name) => fakePackage(`packages/${name}`, {}))];

  const importing = (folder: string, path: string, code: string) => {
    const owner = house.find((candidate) => candidate.folder === folder) as WorkspacePackage;
    return checkImports(owner, { path, ...readSource(path, code) }, house).join("\n");
  };

  test.each([
    ["an undeclared package", "src/a.ts", 'import x from "left-pad";', '"left-pad" is not in packages/storage'],
    ["a dev dependency in shipped code", "src/a.ts", 'import fc from "fast-check";', '"fast-check" is not in'],
    ["an edge against the plan", "src/a.ts", 'export * from "@deskside/engine";', "storage may import base, contract"],
    ["a deep import", "src/a.ts", 'import "@deskside/base/src/async.ts";', 'exports no "./src/async.ts"'],
    ["test tools in shipped code", "src/a.ts", 'import "@deskside/testing";', "only tests may use it"],
    ["a way out of the package", "src/a.ts", 'import "../../base/src/async.ts";', "leaves its package"],
    ["an import without extension", "src/a.ts", 'import "./b";', "write the extension"],
    ["electron outside the desktop app", "src/a.ts", 'import { app } from "electron";', "electron is not allowed"],
    ["a dynamic import", "src/a.ts", 'const x = await import("node-llama-cpp");', "node-llama-cpp is not allowed"],
    ["a type import", "src/a.ts", 'type T = import("react").FC;', "React is not allowed"],
    ["require", "src/a.ts", 'const x = require("ws");', "connections to other hosts is not allowed"],
    ["a built-in by the back door", "src/a.ts", 'process.getBuiltinModule("node:http");', "connections to other hosts"],
    ["oRPC outside its files", "src/a.ts", 'import { os } from "@orpc/server";', "oRPC is not allowed"],
  ])("%s", (_name, path, code, problem) => {
    expect(importing("packages/storage", `packages/storage/${path}`, code)).toContain(problem);
  });

  test("Node in portable code, but not in rpc's node entry or in a test", () => {
    const code = 'import { readFile } from "node:fs";';
    expect(importing("packages/base", "packages/base/src/a.ts", code)).toContain("Node in portable code");
    expect(importing("packages/rpc", "packages/rpc/src/a.ts", code)).toContain("Node in portable code");
    expect(importing("packages/rpc", "packages/rpc/src/node/a.ts", code)).toBe("");
    expect(importing("packages/base", "packages/base/src/a.test.ts", code)).toBe("");
  });

  test("tests may use test tools and development dependencies", () => {
    const code = 'import "@deskside/testing"; import fc from "fast-check";';
    expect(importing("packages/storage", "packages/storage/src/a.test.ts", code)).toBe("");
  });

  test("a package outside the plan, one with a foreign edge, one without a reference", () => {
    expect(checkManifest(fakePackage("packages/sidecar", {}), house).join()).toContain("not in the plan");
    expect(checkManifest(storage, house).join()).toContain("packages/storage depends on engine");
    const path = "packages/storage/src/a.ts";
    const using = { ...storage, references: [], sources: [{ path, ...readSource(path, 'import "@deskside/base";') }] };
    expect(checkManifest(using, house).join()).toContain("does not refer to packages/base");
  });

  test("a cycle through a dev dependency", () => {
    const looping = [
      fakePackage("packages/base", { devDependencies: { "@deskside/storage": "workspace:*" } }),
      fakePackage("packages/storage", { dependencies: { "@deskside/base": "workspace:*" } }),
    ];
    expect(findCycle(looping)).toBe("@deskside/base → @deskside/storage → @deskside/base");
  });

  test.each([
    ["a file that is too long", "packages/base/src/a.ts", "const a = 1;\n".repeat(401), "401 lines of code"],
    ["an empty name", "packages/base/src/string-utils.ts", "", '"utils" says nothing'],
    ["a name in another case", "packages/base/src/fooBar.ts", "", "not in kebab-case"],
    ["a silenced rule", "packages/base/src/a.ts", "// oxlint-disable-next-line no-any\nlet a;", "switches a check off"],
    ["a silenced compiler", "packages/base/src/a.ts", "// @ts-ignore\nlet a;", "switches a check off"],
  ])("%s", (_name, path, code, problem) => {
    expect(checkFile({ path, ...readSource("a.ts", code.replace(/^let a;$/m, "let a: number;")) }).join()).toContain(
      problem,
    );
  });

  test("comments and blank lines are not counted, and comment marks in strings are code", () => {
    expect(readSource("a.ts", '// x\n\n/* y\n z */ const a = "//";\nconst b = "/* */";\n').codeLines).toBe(2);
  });

  test("a folder with thirteen files", () => {
    const many = Array.from({ length: 13 }, (_, i) => ({
      path: `packages/base/src/a${i}.ts`,
      ...readSource("a.ts", ""),
    }));
    expect(checkFolders(many).join()).toContain("has 13 source files");
  });

  test("a source that does not parse is an error, not an empty file", () => {
    expect(() => readSource("a.ts", "import {")).toThrow("a.ts");
  });

  test("the plan itself has no cycle", () => {
    const plan = Object.entries(packageRooms).map(([name, room]) =>
      fakePackage(`packages/${name}`, {
        dependencies: Object.fromEntries(
          room.mayImport.filter(() => name !== "testing").map((target) => [`@deskside/${target}`, "*"]),
        ),
      }),
    );
    expect(findCycle(plan)).toBeUndefined();
  });
});

function fakePackage(folder: string, manifest: Partial<WorkspacePackage["manifest"]>): WorkspacePackage {
  const shortName = folder.split("/").at(-1) ?? "";
  return {
    folder,
    kind: folder.startsWith("apps/") ? "app" : "package",
    shortName,
    manifest: { name: `@deskside/${shortName}`, ...manifest },
    sources: [],
    references: [],
  };
}
