import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineContract } from "@deskside/contract/engine";
import { createClient } from "@deskside/rpc";
import type { MessagePortMain } from "electron";
import { afterAll, describe, expect, it, vi } from "vitest";
import { locateBinaryTest } from "../main/children/binary-test.ts";
import { type ChildSpawner, createChildSpawner } from "../main/children/child-spawner.ts";
import type { ToBackend } from "../messages/backend-messages.ts";
import { desktopFolder, modelsDir, untilTrue } from "../test/boot-desktop.ts";
import { runAsNodeFuse, startedProcesses } from "../test/electron-double/double-utility-process.ts";
import { portFromMessagePortMain } from "./message-port.ts";

vi.mock("electron", async () => (await import("../test/electron-double/electron-double.ts")).electronModule);

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "desktop-binary-"));
afterAll(() => rmSync(folder, { recursive: true }));

function startChild(entry: string, args: string[] = []) {
  const told: { message: ToBackend; port: MessagePortMain | undefined }[] = [];
  const spawner: ChildSpawner = createChildSpawner(
    {
      entries: { engine: entry },
      binaryTest: locateBinaryTest(
        import.meta.resolve("node-llama-cpp"),
        mkdtempSync(join(tmpdir(), "deskside-engines-")),
      ),
      log: () => undefined,
    },
    (message, ports) => told.push({ message, port: ports?.[0] }),
  );
  spawner.spawn({ type: "spawn", id: "engine", kind: "engine", env: {}, args });
  return { spawner, told };
}

/** Loads the small model in an engine process; the code of the failure, or null. */
async function loadIn(entry: string): Promise<string | null> {
  const { spawner, told } = startChild(entry);
  using _ = spawner;
  await untilTrue(() => told.some(({ port }) => port !== undefined));
  const port = told.find((one) => one.port)?.port as MessagePortMain;
  const engine = createClient<EngineContract>(portFromMessagePortMain(port), { peer: "engine" });
  const modelPath = join(modelsDir, "starter", "starter-q8_0.gguf");
  const plan = {
    modelPath,
    modelName: "starter",
    gpu: "none",
    gpuLayers: 0,
    contextSize: 256,
    batchSize: 256,
    threads: 1,
  } as const;
  try {
    for await (const event of await engine.load(plan)) if (event.type === "loaded") return null;
    return "never loaded";
  } catch (error) {
    return `${(error as { code: string }).code} ${JSON.stringify((error as { data: unknown }).data)}`;
  }
}

describe("the fuse and the library's test of its binary", () => {
  it("every fuse is set as the decision record says", () => {
    expect(runAsNodeFuse()).toBe(false);
    const config = readFileSync(join(desktopFolder, "..", "..", "electron-builder.yml"), "utf8");
    const fuses = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(config)?.[1] ?? "";
    expect(Object.fromEntries([...fuses.matchAll(/(\w+): (\w+)/g)].map(([, name, value]) => [name, value]))).toEqual({
      runAsNode: "false",
      enableCookieEncryption: "true",
      enableNodeOptionsEnvironmentVariable: "false",
      enableNodeCliInspectArguments: "false",
      enableEmbeddedAsarIntegrityValidation: "true",
      onlyLoadAppFromAsar: "true",
      loadBrowserProcessSpecificV8Snapshot: "false",
      grantFileProtocolExtraPrivileges: "false",
    });
  });

  it.runIf(process.platform === "linux")("without our detour the library finds no binary under this fuse", async () => {
    expect(await loadIn(join(here, "..", "test", "processes", "library-alone.ts"))).toMatch(
      /^MODEL_LOAD_FAILED .*engine-binary-missing/,
    );
  });

  it("with it the library's own test runs in a process that main started, and the model loads", async () => {
    const before = startedProcesses.length;
    expect(await loadIn(join(here, "engine.ts"))).toBeNull();
    const files = startedProcesses.slice(before).map(({ file }) => file);
    if (process.platform === "linux")
      expect(files.filter((file) => file.endsWith("testBindingBinary.js"))).toHaveLength(1);
  });

  it("runs no file and loads no binary that a taken-over engine names, and no flood of tests", async () => {
    const evil = join(folder, "evil.node");
    const report = join(folder, "exits.json");
    writeFileSync(evil, "module.exports = 1");
    symlinkSync(evil, join(folder, "linked.node"));
    const before = startedProcesses.length;
    for (const path of [evil, join(folder, "linked.node"), "/etc/passwd", join(here, "..", "..", "package.json")]) {
      const { spawner, told } = startChild(join(here, "..", "test", "processes", "asks-for-anything.ts"), [
        path,
        report,
      ]);
      using _ = spawner;
      await untilTrue(() => existsSync(report));
      const exits = JSON.parse(readFileSync(report, "utf8")) as number[];
      // Refused, or ended by main: never a test that passed.
      expect(exits.every((code) => code !== 0)).toBe(true);
      expect(told.map(({ message }) => message.type).filter((type) => type !== "child-stderr")).toEqual(["spawned"]);
      rmSync(report);
    }
    const files = startedProcesses.slice(before).map(({ file }) => file);
    expect(files).not.toContain(evil);
    expect(files.filter((file) => file.endsWith("testBindingBinary.js")).length).toBeLessThanOrEqual(4 * 2);
  });
});
