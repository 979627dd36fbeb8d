import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fixtureSource } from "./fixture-source.ts";

const root = mkdtempSync(join(tmpdir(), "deskside-fixture-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function folderOf(manifest: unknown, files: Record<string, string | Buffer> = {}): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  if (manifest !== undefined) {
    writeFileSync(join(folder, "manifest.json"), typeof manifest === "string" ? manifest : JSON.stringify(manifest));
  }
  return folder;
}

const base = { platform: "linux", arch: "x64" };

describe("commands of a recording", () => {
  test("match by base name without .exe, args exactly; what is not listed does not exist", async () => {
    const source = await fixtureSource(
      folderOf(
        {
          ...base,
          commands: [
            { command: "C:\\Windows\\System32\\NVIDIA-SMI.exe", args: ["-L"], exitCode: 4, stdout: "out.txt" },
          ],
        },
        { "out.txt": "GPU 0\r\n" },
      ),
    );
    expect(await source.run("nvidia-smi", ["-L"])).toEqual({
      status: "done",
      exitCode: 4,
      stdout: "GPU 0\n",
      stderr: "",
    });
    expect(await source.run("nvidia-smi", ["-L", "-x"])).toEqual({ status: "missing" });
    expect(await source.run("ls", [])).toEqual({ status: "missing" });
  });

  test("everything but platform and architecture may be left out", async () => {
    const source = await fixtureSource(folderOf(base));
    await expect(source.systemInformation("cpu")).rejects.toThrow("cpu was not recorded");
    expect(await source.readText("/proc/cpuinfo")).toBeNull();
    expect(await source.listFolder("/sys/class/drm")).toEqual([]);
    expect(await source.memory()).toEqual({ totalBytes: 0, usedBytes: 0 });
    expect(await source.machine()).toMatchObject({ cpu: "x64", logicalCores: 1, memoryBytes: 0 });
  });

  test("other programs' names of systems and architectures are Node's", async () => {
    const source = await fixtureSource(folderOf({ platform: "Windows", arch: "x86_64" }));
    expect([source.platform, source.arch]).toEqual(["win32", "x64"]);
    expect((await fixtureSource(folderOf({ platform: "macOS", arch: "arm64" }))).platform).toBe("darwin");
  });

  test("a file in UTF-16 with a byte order mark, as PowerShell writes it, is read", async () => {
    const text = Buffer.from(`\uFEFF${JSON.stringify({ mem: { total: 8, available: 3 } })}`, "utf16le");
    const source = await fixtureSource(folderOf({ ...base, systeminformation: "si.json" }, { "si.json": text }));
    expect(await source.memory()).toEqual({ totalBytes: 8, usedBytes: 5 });
  });

  test("a name that objects inherit is no function", async () => {
    const source = await fixtureSource(folderOf({ ...base, systeminformation: "si.json" }, { "si.json": "{}" }));
    await expect(source.systemInformation("constructor" as "cpu")).rejects.toThrow("not recorded");
  });
});

describe("nvidiaSmi as a list of objects", () => {
  const open = (gpus: unknown) =>
    fixtureSource(folderOf({ ...base, nvidiaSmi: "n.json" }, { "n.json": JSON.stringify(gpus) }));
  const outputOf = async (gpus: unknown, args: string[]) => {
    const result = await (await open(gpus)).run("nvidia-smi", args);
    return result.status === "done" ? [result.exitCode, result.stdout] : result;
  };
  const gpus = [
    { name: "NVIDIA A", uuid: "GPU-1", "memory.total": 1024, "power.draw": "12.5 W" },
    { name: "NVIDIA B" },
  ];

  test("answers any CSV query, [N/A] for what was not recorded", async () => {
    expect(await outputOf(gpus, ["--query-gpu=index,name,memory.total,power.draw,fan.speed", "--format=csv"])).toEqual([
      0,
      "index, name, memory.total [MiB], power.draw [W], fan.speed [%]\n0, NVIDIA A, 1024 MiB, 12.5 W, [N/A]\n1, NVIDIA B, [N/A], [N/A], [N/A]\n",
    ]);
    expect(await outputOf(gpus, ["--query-gpu=memory.total,power.draw", "--format=csv,noheader,nounits"])).toEqual([
      0,
      "1024, 12.5\n[N/A], [N/A]\n",
    ]);
  });

  test("answers -L; anything else fails with code 1", async () => {
    expect(await outputOf(gpus, ["-L"])).toEqual([0, "GPU 0: NVIDIA A (UUID: GPU-1)\nGPU 1: NVIDIA B (UUID: [N/A])\n"]);
    expect(await outputOf(gpus, ["topo", "-m"])).toEqual([1, ""]);
    expect(await outputOf(gpus, ["--query-gpu=name"])).toEqual([1, ""]);
    expect(await outputOf(gpus, [])).toEqual([1, ""]);
  });

  test.each([[[]], [[1, "x", null, []]], [{ name: "alone" }], ["text"], [7]])("%j is answered too", async (odd) => {
    const [code] = (await outputOf(odd, ["--query-gpu=name", "--format=csv"])) as [number];
    expect(code).toBe(0);
  });

  test("a listed command comes first", async () => {
    const source = await fixtureSource(
      folderOf(
        { ...base, nvidiaSmi: "n.json", commands: [{ command: "nvidia-smi", args: ["-L"], exitCode: 9 }] },
        { "n.json": "[]" },
      ),
    );
    expect(await source.run("nvidia-smi", ["-L"])).toMatchObject({ exitCode: 9, stdout: "" });
  });
});

describe("a broken folder is an error that names the file", () => {
  test.each<[string, unknown, Record<string, string>]>([
    ["manifest.json", undefined, {}],
    ["manifest.json", "{ not json", {}],
    ["manifest.json", { platform: "linux" }, {}],
    ["manifest.json", { ...base, commands: [{ args: [] }] }, {}],
    ["si.json", { ...base, systeminformation: "si.json" }, {}],
    ["si.json", { ...base, systeminformation: "si.json" }, { "si.json": "[1," }],
    ["gone.txt", { ...base, commands: [{ command: "x", args: [], exitCode: 0, stdout: "gone.txt" }] }, {}],
    ["passwd", { ...base, files: { "/proc/cpuinfo": "../../etc/passwd" } }, {}],
    ["passwd", { ...base, systeminformation: "/etc/passwd" }, {}],
  ])("%s: %j", async (name, manifest, files) => {
    await expect(fixtureSource(folderOf(manifest, files))).rejects.toMatchObject({
      code: "FIXTURE_INVALID",
      data: { path: expect.stringMatching(new RegExp(`${name}$`)), detail: expect.stringMatching(/./) },
    });
  });

  test("no folder at all", async () => {
    await expect(fixtureSource(join(root, "nowhere"))).rejects.toMatchObject({ code: "FIXTURE_INVALID" });
  });
});
