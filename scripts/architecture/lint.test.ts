import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the real configuration says about these files, as "path rule" lines. */
function lint(files: Readonly<Record<string, string>>): { findings: string[]; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "deskside-lint-"));
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    const options = { strict: true, target: "es2024", lib: ["es2024", "dom"], module: "esnext", types: [] };
    const resolution = { moduleResolution: "bundler", allowImportingTsExtensions: true, noEmit: true };
    const project = { compilerOptions: { ...options, ...resolution }, include: ["**/*.ts"] };
    for (const [path, text] of Object.entries({ ...files, "tsconfig.json": JSON.stringify(project) })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
    const run = spawnSync(process.execPath, [oxlint, "--type-aware", "--format=json"], {
      cwd: folder,
      encoding: "utf8",
    });
    const report = JSON.parse(run.stdout) as { diagnostics: { code: string; filename: string }[] };
    return { findings: report.diagnostics.map(({ filename, code }) => `${filename} ${code}`), output: run.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wait = "async function wait(): Promise<void> { await Promise.resolve(); }\n";

const planted: Readonly<Record<string, readonly [string, string]>> = {
  "packages/backend/src/floating.ts": [`${wait}export function go(): void { wait(); }`, "no-floating-promises"],
  "packages/backend/src/misused.ts": [
    `${wait}export const is = (): number => (wait() ? 1 : 2);`,
    "no-misused-promises",
  ],
  "packages/backend/src/thenable.ts": ["export async function go(): Promise<void> { await 1; }", "await-thenable"],
  "packages/backend/src/loose.ts": ["export const loose: any = 1;", "no-explicit-any"],
  "packages/backend/src/ask.ts": ['export const ask = () => fetch("https://example.org");', "no-restricted-globals"],
  "packages/backend/src/hidden.ts": ["export const ask = globalThis.fetch;", "no-restricted-properties"],
  "packages/backend/src/call-home.ts": [
    'import https from "node:https"; export const a = https;',
    "no-restricted-imports",
  ],
  "packages/backend/src/socket.ts": ['export { connect } from "node:net";', "no-restricted-imports"],
  "apps/server/src/web/other.ts": ['export const s = new WebSocket("ws://a");', "no-restricted-globals"],
  "packages/backend/src/window.ts": ['export { app } from "electron";', "no-restricted-imports"],
  "packages/backend/src/native.ts": ['export { getLlama } from "node-llama-cpp";', "no-restricted-imports"],
  "packages/backend/src/sql.ts": [
    'import D from "better-sqlite3-multiple-ciphers"; export const d = D;',
    "no-restricted-imports",
  ],
  "packages/backend/src/view.ts": ['export { memo } from "react";', "no-restricted-imports"],
  "packages/backend/src/wire.ts": ['export { os } from "@orpc/server";', "no-restricted-imports"],
  "packages/base/src/disk.ts": ['export { readFile } from "node:fs";', "no-restricted-imports"],
  "packages/contract/src/disk.ts": ['export { readFile } from "node:fs";', "no-restricted-imports"],
  "packages/rpc/src/disk.ts": ['export { readFile } from "node:fs";', "no-restricted-imports"],
  "packages/ui/src/disk.ts": ['export { readFile } from "node:fs";', "no-restricted-imports"],
  "packages/backend/src/first.ts": [
    'import { second } from "./second.ts"; export const first = () => second;',
    "no-cycle",
  ],
  "packages/backend/src/second.ts": [
    'import { first } from "./first.ts"; export const second = () => first;',
    "no-cycle",
  ],
  "packages/backend/src/plain.ts": ["export default 1;", "no-default-export"],
  "packages/backend/src/camelCase.ts": ["export const a = 1;", "filename-case"],
  "packages/backend/src/types.ts": [
    'import { A } from "./shape.ts"; export const a: A = { b: 1 };',
    "consistent-type-imports",
  ],
  "packages/backend/src/print.ts": ["console.log(1);\nexport {};", "no-console"],
  "packages/backend/src/long.ts": ["export const a = [\n".concat("1,\n".repeat(401), "];"), "max-lines"],
  "packages/backend/src/tall.ts": [`export function f(): void {\n${"f();\n".repeat(60)}}`, "max-lines-per-function"],
};

const innocent: Readonly<Record<string, string>> = {
  "packages/backend/src/shape.ts": "export interface A { b: number }",
  "packages/backend/src/egress/open.ts": 'import https from "node:https"; export const a = [https, fetch];',
  "packages/backend/src/web-host/listen.ts":
    'import http from "node:http"; import ws from "ws"; export const a = [http, ws];',
  "packages/rpc/src/node/open.ts": 'import ws from "ws"; import { os } from "@orpc/server"; export const a = [ws, os];',
  "apps/server/src/web/connect.ts": 'export const s = new WebSocket("ws://a");',
  "apps/desktop/src/main/app.ts": 'export { app } from "electron";',
  "packages/engine/src/llama.ts": 'export { getLlama } from "node-llama-cpp";',
  "packages/engine/src/engine-server.ts": 'export { implement } from "@orpc/server";',
  "packages/storage/src/open.ts": 'import D from "better-sqlite3-multiple-ciphers"; export const d = D;',
  "packages/ui/src/view.ts": 'export { memo } from "react";',
  "packages/backend/src/chat-router.ts": 'export { implement } from "@orpc/server";',
  "packages/backend/src/ask.test.ts": 'import http from "node:http"; export const a = [http, fetch];',
  "packages/base/src/read.test.ts": 'export { readFile } from "node:fs";',
};

describe("the lint configuration", () => {
  let findings: string[] = [];
  let output = "";
  beforeAll(() => {
    const texts = Object.fromEntries(Object.entries(planted).map(([path, [text]]) => [path, text]));
    ({ findings, output } = lint({ ...texts, ...innocent }));
  }, 120_000);
  afterAll(() => expect(output).toBe(""));

  test.each(Object.entries(planted).map(([path, [, rule]]) => [path, rule]))("%s fails %s", (path, rule) => {
    expect(findings.filter((finding) => finding.startsWith(`${path} `)).join()).toContain(`(${rule})`);
  });

  test.each(Object.keys(innocent))("%s passes", (path) => {
    expect(findings.filter((finding) => finding.startsWith(`${path} `))).toEqual([]);
  });
});
