import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeGguf, splitGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, type FakeHub, startFakeHub } from "@deskside/testing/fake-hub";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cliEntry, runCli } from "./test/run-cli.ts";

const dataDir = mkdtempSync(join(tmpdir(), "deskside-pull-"));
const own = ["--data-dir", dataDir, "--json"];
const starter = fileURLToPath(new URL("../../../models/starter/starter-q8_0.gguf", import.meta.url));
const large = Buffer.from(encodeGguf(tinyLlama({ seed: 5, layers: 12 })).bytes);
let hub: FakeHub;

beforeAll(async () => {
  const parts = splitGguf(readFileSync(starter), 2);
  const split = parts.map(
    (part, index) => [`split-Q8_0-0000${index + 1}-of-00002.gguf`, contentOfBytes(part)] as const,
  );
  hub = await startFakeHub({
    repos: [
      { id: "maker/Large-GGUF", files: { "large-F32.gguf": contentOfBytes(large) } },
      { id: "maker/Split-GGUF", files: Object.fromEntries(split) },
      { id: "maker/Large-FP8", files: { "model.safetensors": contentOfBytes(Buffer.from("x")) } },
    ],
  });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

const from = () => ["--hub", hub.origin];
const valueOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);

/** Starts the command and resolves with it when its stderr fits. */
async function startPull(args: readonly string[], isSo: (told: string) => boolean) {
  const child = spawn(process.execPath, [cliEntry, ...args], {
    env: { ...process.env, LANG: "en_GB.UTF-8", LC_ALL: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (said.stdout += text));
  const closed = once(child, "close");
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
      if (isSo(said.stderr)) resolve();
    });
    child.once("close", () => resolve());
  });
  return { child, said, code: async () => ((await closed) as [number | null])[0] };
}

describe("deskside models pull", { timeout: 120_000 }, () => {
  const args = () => ["models", "pull", "maker/Large-GGUF", ...from(), ...own];

  it("pauses at the first Ctrl-C, says so, and the same command fetches only the rest", async () => {
    hub.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "slow-drip", bytesPerTick: 4096, everyMs: 20 } : null);
    const pull = await startPull(args(), (told) => / [3-8]\d % /.test(told));
    pull.child.kill("SIGINT");
    expect(await pull.code()).toBe(130);
    const { error } = valueOf(pull.said);
    expect(error).toMatchObject({ code: "DOWNLOAD_PAUSED", data: { totalBytes: large.length } });
    expect(error.data.receivedBytes).toBeGreaterThan(large.length * 0.2);
    expect(error.message).toContain("The same command goes on from there");
    hub.misbehave = () => null;
    const before = hub.requests.length;
    expect(valueOf(await runCli(args()))).toMatchObject({ sha256: contentOfBytes(large).sha256 });
    const fetched = hub.requests.slice(before).filter(({ kind, method }) => kind === "cdn" && method === "GET");
    const asked = fetched.reduce((sum, { range }) => sum + (range?.end ?? large.length) - (range?.start ?? 0), 0);
    expect(asked).toBeLessThan(large.length * 0.8);
  });

  it("waits while nobody answers, can be stopped there, and goes on with the same command", async () => {
    await runCli(["models", "remove", valueOf(await runCli(args())).id, ...own]);
    let isDown = false;
    hub.misbehave = ({ kind }) => {
      if (kind !== "cdn" && !isDown) return null;
      isDown = true;
      return { kind: "status", status: 429, retryAfter: "1800" };
    };
    const pull = await startPull(args(), (told) => told.includes("next try at"));
    pull.child.kill("SIGINT");
    expect(await pull.code()).toBe(130);
    hub.misbehave = () => null;
    expect(await runCli(args())).toMatchObject({ code: 0 });
  });

  it("fetches a split model as one that answers", async () => {
    const pulled = await runCli(["models", "pull", "maker/Split-GGUF:Q8_0", ...from(), ...own]);
    expect(pulled).toMatchObject({ code: 0 });
    const { id, file } = valueOf(pulled);
    expect(file).toMatch(/-00001-of-00002\.gguf$/);
    const answered = await runCli(["ask", "What is your name?", "--model", id, ...own]);
    expect(answered).toMatchObject({ code: 0 });
    expect(answered.stdout.length).toBeGreaterThan(10);
  });

  it("names the nearest GGUF where the weights are of another kind", async () => {
    const failed = await runCli(["models", "pull", "maker/Large-FP8", ...from(), ...own]);
    expect(failed.code).toBe(6);
    expect(valueOf(failed).error).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      data: { format: "FP8", nearest: "Q8_0", where: "maker/Large-GGUF" },
    });
  });

  it("mirrors says how fast each hub is", async () => {
    const set = { DESKSIDE_POLICY_FILE: join(dataDir, "policy.json") };
    writeFileSync(set.DESKSIDE_POLICY_FILE, JSON.stringify({ "library.hubUrl": hub.origin }));
    const compared = await runCli(["models", "mirrors", "maker/Large-GGUF:F32", ...own], set);
    expect(compared).toMatchObject({ code: 0 });
    const [first] = valueOf(compared).speeds;
    expect(first).toMatchObject({ hub: hub.origin, sameFile: true });
    expect(first.bytesPerSecond).toBeGreaterThan(0);
  });
});
