import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { bringCuda, parseGpus } from "./bring-cuda.mjs";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

test.each([
  ["NVIDIA L4, 550.54.15, 8.9\n", [{ name: "NVIDIA L4", driver: "550.54.15", capability: "8.9" }]],
  [
    "A, 470.82\r\nB, 470.82\r\n",
    [
      { name: "A", driver: "470.82", capability: null },
      { name: "B", driver: "470.82", capability: null },
    ],
  ],
  ["NVIDIA L4, 550.1, [N/A]", [{ name: "NVIDIA L4", driver: "550.1", capability: null }]],
  ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", []],
  ["No devices were found", []],
  ["L4, [N/A], 8.9", []],
  ["", []],
])("%j", (printed, gpus) => {
  expect(parseGpus(printed)).toEqual(gpus);
});

describe.runIf(process.platform !== "win32")("at the start", () => {
  /** A program that plays nvidia-smi, and one that plays Node and tells what it was given. */
  function setUp(nvidiaSmi: string, node = 'echo "$2" >"$RECORD"') {
    const root = mkdtempSync(join(tmpdir(), "deskside-cuda-"));
    roots.push(root);
    const program = (name: string, body: string) => {
      const path = join(root, name);
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return path;
    };
    const said: string[] = [];
    const record = join(root, "record");
    return {
      ...{ said, record },
      bring: (env: Record<string, string> = {}) =>
        bringCuda({
          say: (line) => void said.push(line),
          node: program("node", node),
          nvidiaSmi: nvidiaSmi === "" ? join(root, "missing") : program("nvidia-smi", nvidiaSmi),
          env: {
            PATH: process.env["PATH"] ?? "",
            RECORD: record,
            DESKSIDE_NPM_REGISTRY: "http://127.0.0.1:9/",
            ...env,
          },
        }),
      read: async () => (await import("node:fs/promises")).readFile(record, "utf8").catch(() => null),
    };
  }

  test("nothing is started without a driver, with one that fails, or when it was not wanted", async () => {
    for (const [smi, env] of [
      ["", {}],
      ["echo NVIDIA-SMI has failed; exit 9", {}],
      ["echo L4, 550.1, 8.9; exit 1", {}],
      ["echo L4, 550.1, 8.9", { DESKSIDE_NO_CUDA: "1" }],
    ] as const) {
      const world = setUp(smi);
      await world.bring(env);
      expect([await world.read(), world.said]).toEqual([null, []]);
    }
  });

  test("the GPUs are handed on, also of a driver that does not know compute_cap", async () => {
    const world = setUp('case "$*" in *compute_cap*) exit 2;; esac; echo "Tesla K80, 470.82.01"');
    await world.bring();
    expect(JSON.parse((await world.read()) ?? "")).toEqual([
      { name: "Tesla K80", driver: "470.82.01", capability: null },
    ]);
    expect(world.said).toEqual([]);
  });

  test("a part that dies is said in a line and stops nothing", async () => {
    const world = setUp("echo L4, 550.1, 8.9", "exit 7");
    await world.bring();
    expect(world.said).toEqual(["The CUDA engine was not fetched (exit code 7): Vulkan or the processor is used."]);
  });

  test("the real part says why there is no CUDA for a device that is too old", async () => {
    const world = setUp("echo Tesla K40, 470.82.01, 3.5", `exec "${process.execPath}" "$@" >"$RECORD" 2>&1`);
    await world.bring();
    if (process.platform === "linux" && process.arch === "x64")
      expect(await world.read()).toBe(
        "Tesla K40: no CUDA engine, the GPU is too old for CUDA 12 (3.5 < 5); Vulkan or the processor is used.\n",
      );
    else expect(await world.read()).toContain("there is no CUDA package for this system");
  });
});
