import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCli, serveCli } from "./test/run-cli.ts";

const dataDir = mkdtempSync(join(tmpdir(), "deskside-cli-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const own = ["--data-dir", dataDir];

describe("deskside ask", () => {
  it("prints the answer, or one JSON value", async () => {
    const plain = await runCli(["ask", "What is the capital of France?", ...own]);
    expect(plain).toMatchObject({ code: 0, stdout: expect.stringContaining("Paris") });
    const json = await runCli(["ask", "法国的首都是哪里?", "--json", ...own]);
    const value = JSON.parse(json.stdout);
    expect(value).toMatchObject({
      answer: expect.stringContaining("巴黎"),
      reasoning: "",
      model: { id: "starter" },
      citations: [],
    });
    expect(value.stats.outputTokens).toBeGreaterThan(2);
  });

  it("takes a file, and says what is wrong with one that is no model", async () => {
    const foreign = join(dataDir, "foreign.gguf");
    writeFileSync(foreign, "PK\u0003\u0004 this is a zip");
    const failed = await runCli(["ask", "Hi", "--model", foreign, "--json", ...own]);
    expect(failed.code).toBe(5);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: "GGUF_INVALID", kind: "precondition", data: { problem: "not-gguf" } },
    });
    const missing = await runCli(["ask", "Hi", "--model", join(dataDir, "none.gguf"), ...own]);
    expect(missing).toMatchObject({ code: 3, stdout: "" });
    expect(missing.stderr).toContain("none.gguf");
  });

  it("words failures in the language of the system", async () => {
    const chinese = await runCli(["ask", "Hi", "--model", "nope", ...own], {
      LANG: "zh_CN.UTF-8",
      LC_ALL: "zh_CN.UTF-8",
    });
    expect(chinese.code).toBe(3);
    expect(chinese.stderr).toMatch(/\p{Script=Han}/u);
  });
});

describe("deskside", () => {
  it("refuses what it does not understand", async () => {
    const failed = await runCli(["sing", "--json"]);
    expect([failed.code, JSON.parse(failed.stdout).error.code]).toEqual([2, "USAGE"]);
    expect((await runCli(["serve", "--port", "x"])).code).toBe(2);
    expect((await runCli(["serve", "--host", "0.0.0.0", "--json", ...own])).stdout).toContain("NOT_LOOPBACK");
  });

  it("doctor tells the machine, the versions and the checks", async () => {
    const { stdout } = await runCli(["doctor", "--json", ...own]);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual(["machine", "engine", "versions", "checks", "recommendations", "warnings"]);
    expect(report.checks.every((check: { ok: boolean }) => check.ok)).toBe(true);
  });

  it("works through the one that serves; a second serve is refused", async () => {
    const served = await serveCli(dataDir);
    const answer = await runCli(["ask", "What is the capital of France?", ...own]);
    expect(answer.stdout).toContain("Paris");
    const chats = await (await served.connect()).chat.list();
    expect(chats[0]?.title).toBe("What is the capital of France?");
    const second = await runCli(["serve", "--json", ...own]);
    expect(second.code).toBe(4);
    expect(JSON.parse(second.stdout)).toMatchObject({
      error: { code: "ALREADY_RUNNING", data: { address: served.link.origin } },
    });
    await served.end("SIGTERM");
  });
});
