import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { afterAll, expect, it } from "vitest";
import { runCli } from "./test/run-cli.ts";

const dataDir = mkdtempSync(join(tmpdir(), "deskside-attachments-"));
const own = ["--data-dir", dataDir, "--json"];
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it("attach, attachments and detach", { timeout: 120_000 }, async () => {
  const base = join(dataDir, "base.gguf");
  const draft = join(dataDir, "draft.gguf");
  writeFileSync(base, encodeGguf(tinyLlama({ seed: 1, layers: 2 })).bytes);
  writeFileSync(draft, encodeGguf(tinyLlama({ seed: 2 })).bytes);
  const attached = await runCli(["models", "attach", base, "draft", draft, ...own]);
  expect(attached).toMatchObject({ code: 0 });
  const [one] = JSON.parse(attached.stdout);
  expect(one).toMatchObject({ kind: "draft", path: draft, builtIn: false, problem: null });
  expect(JSON.parse((await runCli(["models", "attachments", base, ...own])).stdout)).toHaveLength(1);
  const wrong = await runCli(["models", "attach", base, "adapter", draft, ...own]);
  expect(wrong.code).not.toBe(0);
  expect(JSON.parse((await runCli(["models", "detach", base, one.id, ...own])).stdout)).toEqual([]);
  expect((await runCli(["models", "detach", base, one.id, ...own])).code).not.toBe(0);
  expect((await runCli(["models", "attach", base, ...own])).code).toBe(2);
});
