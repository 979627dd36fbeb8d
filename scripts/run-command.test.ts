import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { exitCodeOf, runCommand } from "./run-command.mjs";

const folder = mkdtempSync(join(tmpdir(), "deskside-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (code: string, timeoutMs = 30_000) =>
  runCommand(process.execPath, ["-e", code], { output: "collect", timeoutMs });
const wrapper = (
  code: string,
) => `import { runInForeground } from ${JSON.stringify(join(import.meta.dirname, "run-command.mjs"))};
process.exitCode = await runInForeground(process.execPath, ["-e", ${JSON.stringify(code)}]);`;
/** A dead process that nobody has collected yet still has an id. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("a step", () => {
  test("gives its exit code and everything it printed, to the last byte", async () => {
    const run = await node('process.stdout.write("x".repeat(1e6)); process.stderr.write("end"); process.exitCode = 3');
    expect(run).toMatchObject({ code: 3, timedOut: false });
    expect(run.output.length).toBe(1e6 + 3);
  });

  test("that cannot be started is a failure with a reason, not a crash", async () => {
    const run = await runCommand(join(folder, "missing"), [], { output: "collect", timeoutMs: 1000 });
    expect(run.code).toBe(127);
    expect(run.output).toContain("ENOENT");
  });

  test("that waits for input gets none and ends", async () => {
    expect(await node("process.stdin.resume(); process.stdin.on('end', () => process.exit(5))")).toMatchObject({
      code: 5,
    });
  });

  test.skipIf(process.platform === "win32")("past its limit ends together with what it started", async () => {
    const note = join(folder, "grandchild");
    const code = `const c = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      require("node:fs").writeFileSync(${JSON.stringify(note)}, String(c.pid)); setInterval(() => {}, 1000);`;
    expect(await node(code, 1500)).toMatchObject({ timedOut: true, code: 124 });
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(note, "utf8")))).toBe(false), { timeout: 15_000 });
  });
});

describe("a program in the foreground", () => {
  const start = (code: string) =>
    spawn(process.execPath, ["--input-type=module", "-e", wrapper(code)], { stdio: ["ignore", "pipe", "inherit"] });

  test("hands its exit code through", async () => {
    const code = await new Promise((resolve) => start("process.exit(42)").once("exit", resolve));
    expect(code).toBe(42);
  });

  test.skipIf(process.platform === "win32").each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "gets %s, may end in its own way, and no process stays",
    async (signal) => {
      const child = start(
        `process.on("${signal}", () => process.exit(7)); setInterval(() => {}, 1000); console.log(process.pid);`,
      );
      const pid = await new Promise<number>((resolve) => child.stdout.once("data", (data) => resolve(Number(data))));
      child.kill(signal);
      expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(7);
      expect(isAlive(pid)).toBe(false);
    },
  );

  test("a signal that ends it is told as 128 + its number", () => {
    expect([exitCodeOf(3, null), exitCodeOf(0, null), exitCodeOf(null, "SIGKILL"), exitCodeOf(null, "SIGINT")]).toEqual(
      [3, 0, 137, 130],
    );
  });
});
