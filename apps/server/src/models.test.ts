import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, type FakeHub, startFakeHub } from "@deskside/testing/fake-hub";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProgressBar } from "./progress-bar.ts";
import { cliEntry, runCli } from "./test/run-cli.ts";

const dataDir = mkdtempSync(join(tmpdir(), "deskside-models-"));
const own = ["--data-dir", dataDir, "--json"];
const bytes = Buffer.from(encodeGguf(tinyLlama()).bytes);
let hub: FakeHub;

beforeAll(async () => {
  const files = {
    "tiny-Q8_0.gguf": contentOfBytes(bytes),
    "tiny-Q4_0.gguf": contentOfBytes(Buffer.from(encodeGguf(tinyLlama({ seed: 2 })).bytes)),
  };
  hub = await startFakeHub({ repos: [{ id: "maker/Tiny-GGUF", licence: "mit", files }] });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const from = () => ["--hub", hub.origin, "--file-host", new URL(hub.cdnOrigin).host];
const valueOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);

describe("deskside models", { timeout: 120_000 }, () => {
  it("pull ends with what was fetched, and list, show, verify and remove know it", async () => {
    const pulled = await runCli(["models", "pull", "maker/Tiny-GGUF:Q8_0", ...from(), ...own]);
    expect(pulled).toMatchObject({ code: 0 });
    const content = contentOfBytes(bytes);
    const result = valueOf(pulled);
    expect(Object.keys(result).sort()).toEqual(["bytes", "file", "id", "revision", "sha256", "source"]);
    expect(result).toMatchObject({ bytes: bytes.length, sha256: content.sha256, source: hub.origin });
    expect(result.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(readFileSync(result.file).equals(bytes)).toBe(true);
    const listed = valueOf(await runCli(["models", "list", ...own]));
    expect(listed.map(({ id }: { id: string }) => id)).toContain(result.id);
    expect(valueOf(await runCli(["models", "show", result.id, ...own]))).toMatchObject({ repo: "maker/Tiny-GGUF" });
    expect(valueOf(await runCli(["models", "verify", result.id, ...own]))).toMatchObject({ ok: true });
    await writeFile(result.file, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) === 0 ? 1 : 0])]));
    const damaged = await runCli(["models", "verify", result.id, ...own]);
    expect(damaged.code).not.toBe(0);
    expect(await runCli(["models", "remove", result.id, ...own])).toMatchObject({ code: 0 });
    expect((await runCli(["models", "show", result.id, ...own])).code).not.toBe(0);
  });

  it("pull of a file by its name, of a revision, and by the address of a page", async () => {
    const { revision } = valueOf(await runCli(["models", "show", "maker/Tiny-GGUF", "--hub", hub.origin, ...own]));
    const named = ["models", "pull", "maker/Tiny-GGUF:tiny-Q4_0.gguf", "--revision", revision];
    const first = valueOf(await runCli([...named, ...from(), ...own]));
    expect(first).toMatchObject({ revision, file: expect.stringContaining("Q4_0") });
    // It is there: nothing is fetched.
    const sent = hub.sentBytes;
    expect(valueOf(await runCli([...named, ...from(), ...own]))).toEqual(first);
    expect(hub.sentBytes - sent).toBeLessThan(bytes.length / 2);
  });

  it.each([
    ["a repository that is not there", ["maker/none"], "HUB_REPO_NOT_FOUND", 3],
    ["a quantization that is not there", ["maker/Tiny-GGUF:Q5_K_M"], "HUB_FILE_NOT_FOUND", 3],
    ["no name", [], "USAGE", 2],
    ["two names", ["maker/a", "maker/b"], "USAGE", 2],
  ])("pull of %s ends in an error object", async (_name, words, code, exitCode) => {
    const failed = await runCli(["models", "pull", ...words, ...from(), ...own]);
    expect(valueOf(failed)).toMatchObject({ error: { code } });
    expect(failed.code).toBe(exitCode);
  });

  it("pull says when nobody answers", async () => {
    const failed = await runCli(["models", "pull", "maker/a", "--hub", "http://127.0.0.1:9", ...own]);
    expect(failed.code).toBe(10);
    expect(valueOf(failed).error.code).toMatch(/^(HUB_UNAVAILABLE|EGRESS_FAILED)$/);
  });

  it("pull never follows a hub to the metadata service or to another machine", async () => {
    for (const to of ["http://169.254.169.254/latest/", "http://127.0.0.2:1/", "http://10.1.1.1/x"]) {
      hub.misbehave = ({ kind }) => (kind === "resolve" ? { kind: "redirect", to } : null);
      const failed = await runCli(["models", "pull", "maker/Tiny-GGUF:Q8_0", ...from(), ...own]);
      expect(failed.code).not.toBe(0);
      expect(valueOf(failed).error.code).toMatch(/EGRESS_BLOCKED|DOWNLOAD_FAILED/);
    }
    hub.misbehave = () => null;
  });

  it("pull goes on after it was killed in the middle", async () => {
    const large = Buffer.from(encodeGguf(tinyLlama({ seed: 5, layers: 12 })).bytes);
    hub.repos = [...hub.repos, { id: "maker/Large-GGUF", files: { "large-F32.gguf": contentOfBytes(large) } }];
    hub.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "slow-drip", bytesPerTick: 4096, everyMs: 20 } : null);
    const args = ["models", "pull", "maker/Large-GGUF", ...from(), ...own];
    const child = spawn(process.execPath, [cliEntry, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    for await (const text of child.stderr) {
      told += String(text);
      if (/ [3-8]\d % /.test(told)) break;
    }
    child.kill("SIGKILL");
    await once(child, "exit");
    hub.misbehave = () => null;
    const before = hub.requests.length;
    const again = await runCli(args);
    expect(valueOf(again)).toMatchObject({ bytes: large.length, sha256: contentOfBytes(large).sha256 });
    const fetched = hub.requests.slice(before).filter(({ kind, method }) => kind === "cdn" && method === "GET");
    const bytesAsked = fetched.reduce((sum, { range }) => sum + (range?.end ?? large.length) - (range?.start ?? 0), 0);
    expect(bytesAsked).toBeLessThan(large.length * 0.8);
  });

  it("import uses a file where it lies, and search needs no network", async () => {
    const path = join(dataDir, "own.gguf");
    await writeFile(path, bytes);
    const [imported] = valueOf(await runCli(["models", "import", path, ...own]));
    expect(imported).toMatchObject({ linked: true, path });
    const page = valueOf(await runCli(["models", "search", "deepseek", "r1", ...own]));
    expect(page.entries.length).toBeGreaterThan(0);
    expect(page.entries.every(({ id }: { id: string }) => id.includes("deepseek"))).toBe(true);
    expect((await runCli(["models", "dance", ...own])).code).toBe(2);
  });
});

describe("the progress bar", () => {
  const format = { bytes: (count: number) => `${count} B` };
  const download = {
    receivedBytes: 50,
    totalBytes: 100,
    bytesPerSecond: 10,
    etaMs: 3_725_000,
    state: "running" as const,
  };

  it("is one line on a terminal", () => {
    let text = "";
    const bar = createProgressBar({ isTTY: true, columns: 200, write: (part) => (text += part) }, format);
    bar.show(download);
    bar.end();
    expect(text).toContain("50 %");
    expect(text).toContain("1:02:05");
    expect(text).not.toContain("\n");
    expect(text.endsWith("\r\u001b[K")).toBe(true);
  });

  it("is a line for every tenth elsewhere, and bears an empty download", () => {
    let lines = 0;
    const bar = createProgressBar({ write: () => lines++ }, format);
    for (let received = 0; received <= 100; received++) bar.show({ ...download, receivedBytes: received });
    expect(lines).toBe(11);
    bar.show({ ...download, receivedBytes: 0, totalBytes: 0 });
    expect(lines).toBe(11);
  });
});
