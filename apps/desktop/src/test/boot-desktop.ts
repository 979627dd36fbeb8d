import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@deskside/contract";
import type { PortLike, WindowBridge } from "@deskside/contract/shell";
import { type ContractClient, createClient } from "@deskside/rpc";
import { build } from "vite";
import { locateBinaryTest } from "../main/children/binary-test.ts";
import { type DesktopPaths, runDesktopApp } from "../main/desktop-app.ts";
import { connectThroughBridge, type PortWindow } from "../renderer/connect.ts";
import { startedProcesses } from "./electron-double/double-utility-process.ts";
import { type DoubleWebContents, DoubleWindow, defaultSession, ipcMain } from "./electron-double/double-windows.ts";
import { app, machine, powerMonitor } from "./electron-double/electron-double.ts";

const source = join(import.meta.dirname, "..");
export const desktopFolder = join(source, "..");
export const modelsDir = join(desktopFolder, "..", "..", "models");

let builtPreload: Promise<string> | undefined;

/** The preload script as the product builds it: one CommonJS file that loads nothing but Electron. */
async function buildPreload(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: { entry: join(source, "preload", "index.ts"), formats: ["cjs"], fileName: () => "index.cjs" },
      rolldownOptions: { external: ["electron"] },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (!first || !("output" in first)) throw new Error("the preload script was not built");
  return first.output[0].code;
}

export interface Connection {
  readonly client: ContractClient<Contract>;
  readonly closed: Promise<void>;
}

export interface Desktop extends AsyncDisposable {
  readonly dataDir: string;
  window(index?: number): DoubleWindow;
  /** As the interface does it: through the page's bridge. */
  connect(window?: DoubleWindow): Promise<Connection>;
  /** Process id of the newest process of this kind that lives. */
  pidOf(kind: "backend" | "engine"): number | undefined;
  /** Asks the app to quit; the exit code. */
  quit(): Promise<number>;
  /** Process ids that were started since the boot and live. */
  livingChildren(): number[];
}

/** Starts the real app on the double, with small stand-ins for what `overrides` names. */
export async function bootDesktop(overrides: Partial<DesktopPaths> & { dataDir?: string } = {}): Promise<Desktop> {
  resetDouble();
  const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), "desktop-data-"));
  const preload = overrides.preload ?? join(dataDir, "preload.cjs");
  if (!overrides.preload) writeFileSync(preload, await (builtPreload ??= buildPreload()));
  const rendererDir = join(dataDir, "page");
  mkdirSync(rendererDir, { recursive: true });
  writeFileSync(join(rendererDir, "index.html"), "<!doctype html><title>Deskside</title>");
  const listeners = ["uncaughtException", "unhandledRejection"].map(
    (name) => [name, process.listeners(name as "exit")] as const,
  );
  const firstProcess = startedProcesses.length;
  await runDesktopApp({
    dataDir,
    modelsDir,
    rendererDir,
    preload,
    entries: {
      backend: join(source, "processes", "backend.ts"),
      engine: join(source, "processes", "engine.ts"),
    },
    binaryTest: locateBinaryTest(
      import.meta.resolve("node-llama-cpp"),
      mkdtempSync(join(tmpdir(), "deskside-engines-")),
    ),
    ...overrides,
  });
  const living = () =>
    startedProcesses
      .slice(firstProcess)
      .map(({ process: child }) => child.pid)
      .filter((pid): pid is number => pid !== undefined && isAlive(pid));
  const desktop: Desktop = {
    dataDir,
    window: (index = 0) => {
      const window = DoubleWindow.all[index];
      if (!window) throw new Error(`no window ${index}`);
      return window;
    },
    connect: (window = desktop.window()) => connectThroughPage(window.webContents),
    pidOf: (kind) =>
      startedProcesses
        .slice(firstProcess)
        .findLast(({ file, process: child }) => /([^/\\]+)\.[tj]s$/.exec(file)?.[1] === kind && child.pid !== undefined)
        ?.process.pid,
    livingChildren: living,
    async quit() {
      if (machine.exitCode === null) {
        const exited = new Promise((resolve) => app.once("double-exit", resolve));
        app.quit();
        await exited;
      }
      return machine.exitCode ?? -1;
    },
    async [Symbol.asyncDispose]() {
      if (startedProcesses.length > firstProcess) await desktop.quit();
      for (const [name, before] of listeners) {
        for (const listener of process.listeners(name as "exit")) {
          if (!before.includes(listener)) process.off(name, listener);
        }
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return desktop;
}

/** The app with a backend that does nothing: for what only concerns main and its windows. */
export function bootShell(overrides: Partial<DesktopPaths> = {}): Promise<Desktop> {
  return bootDesktop({ entries: { backend: join(source, "test", "processes", "idle-backend.ts") }, ...overrides });
}

/** The page's window, as far as the interface's connection code uses it. */
export async function connectThroughPage(contents: DoubleWebContents): Promise<Connection> {
  await untilTrue(() => contents.page.bridge !== undefined);
  const { page } = contents;
  const window: PortWindow = {
    addEventListener: (type, listener) => void page.on(type, listener),
    removeEventListener: (type, listener) => void page.off(type, listener),
  };
  page.self = window;
  const port: PortLike = await connectThroughBridge(page.bridge satisfies WindowBridge, window);
  const closed = new Promise<void>((resolve) => port.onClose(resolve));
  return { client: createClient<Contract>(port, { peer: "backend" }), closed };
}

function resetDouble(): void {
  app.removeAllListeners();
  ipcMain.removeAllListeners();
  powerMonitor.removeAllListeners();
  defaultSession.removeAllListeners();
  DoubleWindow.all.length = 0;
  Object.assign(machine, {
    dialogs: [],
    dialogAnswers: [],
    opened: [],
    schemes: [],
    exitCode: null,
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `condition` holds; the caller's own test limit ends it when it never does. */
export async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
