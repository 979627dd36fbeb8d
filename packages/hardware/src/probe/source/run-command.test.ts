import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { followCommand } from "./follow-command.ts";
import { longestOutputBytes } from "./probe-source.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-probe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string) => ["-e", script] as const;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed child that nobody waited for yet still has a number.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "");
  } catch {
    return false;
  }
}

describe("running a command", () => {
  test("gives exit code and both outputs, in the C locale and without a shell", async () => {
    const script = "console.log(process.env.LC_ALL, process.argv.at(-1)); console.error('e'); process.exit(3)";
    const result = await runCommand(process.execPath, [...node(script), "$HOME; ls"]);
    expect(result).toEqual({ status: "done", exitCode: 3, stdout: "C $HOME; ls\n", stderr: "e\n" });
  });

  test("a program that does not exist, or must not be run, is missing", async () => {
    expect(await runCommand("deskside-no-such-program", [])).toEqual({ status: "missing" });
    expect(await runCommand(folder, [])).toEqual({ status: "missing" });
  });

  test.skipIf(process.platform === "win32")("at its limit it is killed with its children", async () => {
    const file = join(folder, "child.pid");
    const script = `const c = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "inherit" });
      require("node:fs").writeFileSync(${JSON.stringify(file)}, String(c.pid)); setInterval(() => 0, 1000)`;
    expect(await runCommand(process.execPath, node(script), { limitMs: 1500 })).toEqual({ status: "timed-out" });
    const child = Number(readFileSync(file, "utf8"));
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test("a signal ends it with its own reason", async () => {
    const reason = new Error("the window closed");
    const abort = new AbortController();
    const running = runCommand(process.execPath, node("setInterval(() => 0, 1000)"), { signal: abort.signal });
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(runCommand(process.execPath, node("0"), { signal: abort.signal })).rejects.toBe(reason);
  });

  test("endless output is cut, not collected", async () => {
    const script = "const b = 'x'.repeat(1 << 20); for (let i = 0; i < 8; i++) process.stdout.write(b)";
    const result = await runCommand(process.execPath, node(script));
    expect(result.status === "done" && result.stdout.length).toBe(longestOutputBytes);
  });
});

describe("following a command", () => {
  test("gives line by line, skips programs that are missing, and stops", async () => {
    const lines: string[] = [];
    const followed = followCommand(
      Promise.resolve(["deskside-no-such-program", process.execPath]),
      node(
        "process.stdout.write('a\\nb'); setTimeout(() => process.stdout.write('c\\n'), 20); setInterval(() => 0, 1000)",
      ),
      (line) => lines.push(line),
    );
    await expect.poll(() => lines).toEqual(["a", "bc"]);
    followed.stop();
    await followed.ended;
  });

  test("ends by itself when there is no such program", async () => {
    await followCommand(Promise.resolve(["deskside-no-such-program"]), [], () => undefined).ended;
  });
});
