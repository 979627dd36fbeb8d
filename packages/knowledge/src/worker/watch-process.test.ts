import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const module = fileURLToPath(new URL("watch-process.ts", import.meta.url));
const looping = `import(${JSON.stringify(module)}).then(({ watchProcess }) => {
  watchProcess({ residentBytes: 2 ** 33 });
  console.log(process.pid);
  // The watcher has a thread of its own, which takes a moment to begin.
  setTimeout(() => { for (;;); }, 500);
});`;
const parentOf = (code: string) =>
  `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: ["ignore", "inherit", "inherit"] });
   setInterval(() => {}, 1000);`;

test("a process caught in a loop ends with the one that started it", async () => {
  const parent = spawn(process.execPath, ["-e", parentOf(looping)], { stdio: ["ignore", "pipe", "inherit"] });
  const child = Number(await firstLine(parent));
  try {
    await wait(1500);
    expect(isRunning(child)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => isRunning(child), { timeout: 20_000 }).toBe(false);
  } finally {
    parent.kill("SIGKILL");
    if (isRunning(child)) process.kill(child, "SIGKILL");
  }
});

test("memory outside of the heap is counted too", async () => {
  const greedy = `import(${JSON.stringify(module)}).then(({ watchProcess }) => {
    watchProcess({ residentBytes: 300 * 2 ** 20 });
    const kept = [];
    setInterval(() => kept.push(Buffer.alloc(50 * 2 ** 20, 1)), 100);
  });`;
  const child = spawn(process.execPath, ["-e", greedy], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
  expect(said).toContain("Allocation failed");
});

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  for await (const chunk of stdout as AsyncIterable<Buffer>) return chunk.toString().trim();
  throw new Error("it printed nothing");
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
