import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ErrorData } from "@deskside/base";
import { deskError, type ErrorDataOf } from "@deskside/contract";
import type { ChildKind } from "@deskside/contract/shell";
import { app, BrowserWindow, dialog, powerMonitor, session } from "electron";
import { portChannel, windowChannels } from "../messages/window-channels.ts";
import { type BackendProcess, createBackendProcess } from "./children/backend-process.ts";
import type { BinaryTestOptions } from "./children/binary-test.ts";
import { declareAppScheme, serveAppScheme } from "./security/app-scheme.ts";
import { readDataKey } from "./security/data-key.ts";
import { openExternalLink } from "./security/external-links.ts";
import { lockSession } from "./security/session-rules.ts";
import { listenToWindows } from "./security/window-messages.ts";
import { createShellLog } from "./shell-log.ts";
import { setAppMenu } from "./window/app-menu.ts";
import { openAppWindow } from "./window/app-window.ts";
import { describeCause, shellTexts } from "./window/shell-texts.ts";

export interface DesktopPaths {
  readonly dataDir: string;
  readonly modelsDir: string;
  readonly rendererDir: string;
  readonly preload: string;
  readonly entries: Readonly<Partial<Record<ChildKind, string>>> & { readonly backend: string };
  readonly binaryTest: BinaryTestOptions;
}

/** What a backend may take to save a running answer and close its files. */
const quitDeadlineMs = 5_000;

interface Shell {
  open(): void;
  stop(): Promise<void>;
}

/**
 * Runs the app until it quits. Does nothing but quit when another instance owns the data directory; that one shows
 * its window instead, or opens one more when this one was started with `--new-window`.
 */
export async function runDesktopApp(paths: DesktopPaths): Promise<void> {
  // One lock and one browser profile for each data directory.
  const profile = join(paths.dataDir, "window");
  const unusable = makeFolder(profile);
  if (unusable) return refuseToStart(unusable);
  app.setPath("userData", profile);
  if (!app.requestSingleInstanceLock()) return app.quit();
  const log = createShellLog(join(paths.dataDir, "logs", "shell.log"));
  const started: { shell?: Shell } = {};
  const stop = async () => started.shell?.stop();
  exitOnUncaught(log, stop);
  quitAfter(stop, log);
  app.enableSandbox();
  declareAppScheme();
  app.on("second-instance", (_event, argv) => {
    if (argv.includes("--new-window") || !focusWindow()) started.shell?.open();
  });
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) started.shell?.open();
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  await app.whenReady();
  started.shell = startShell(paths, log);
}

const folderProblems: Readonly<Record<string, ErrorDataOf<"DATA_DIR_UNUSABLE">["reason"]>> = {
  EACCES: "no-permission",
  EEXIST: "not-a-folder",
  ENOTDIR: "not-a-folder",
  EPERM: "no-permission",
  EROFS: "read-only",
};

function makeFolder(path: string): ErrorData | null {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return deskError("DATA_DIR_UNUSABLE", {
      path,
      reason: folderProblems[code ?? ""] ?? "other",
      detail: String(code),
    });
  }
}

async function refuseToStart(error: ErrorData): Promise<void> {
  await app.whenReady();
  const texts = shellTexts(app.getLocale());
  dialog.showErrorBox(texts.cannotStart, describeCause(texts, error));
  app.exit(1);
}

function startShell(paths: DesktopPaths, log: (line: string) => void): Shell {
  const texts = shellTexts(app.getLocale());
  const own = session.defaultSession;
  lockSession(own);
  serveAppScheme(own, paths.rendererDir);
  const backend = createBackendProcess({
    entry: paths.entries.backend,
    describeStart: async () => ({
      dataDir: paths.dataDir,
      modelsDir: paths.modelsDir,
      key: await readDataKey(paths.dataDir, log),
      versions: {
        deskside: app.getVersion(),
        node: process.versions.node,
        electron: process.versions.electron ?? null,
      },
    }),
    children: { entries: paths.entries, binaryTest: paths.binaryTest, log },
    log,
    onGaveUp: (error) => void askAfterFailure(error, backend),
  });
  const windows = new Set<number>();
  const onLink = (url: unknown) =>
    void openExternalLink(url, texts).catch((error: unknown) => log(`link: ${String(error)}`));
  const open = () => {
    const window = openAppWindow({
      preload: paths.preload,
      session: own,
      statePath: join(paths.dataDir, "window.json"),
      beside: BrowserWindow.getFocusedWindow() ?? undefined,
      texts,
      onLink,
      log,
    });
    const { id } = window.webContents;
    windows.add(id);
    window.once("closed", () => windows.delete(id));
  };
  const listening = listenToWindows(
    {
      [windowChannels.requestPort]: ({ sender }) => sender.postMessage(portChannel, null, [backend.openPort()]),
      [windowChannels.openExternal]: (_event, url) => onLink(url),
      [windowChannels.windowControl]: ({ sender }, action) => control(BrowserWindow.fromWebContents(sender), action),
    },
    { isOurs: (id) => windows.has(id), log },
  );
  powerMonitor.on("resume", () => backend.resume());
  setAppMenu(texts, { mac: process.platform === "darwin", onNewWindow: open });
  backend.start();
  open();
  return {
    open,
    async stop() {
      listening[Symbol.dispose]();
      await backend.stop(quitDeadlineMs);
    },
  };
}

/** The backend cannot run: says why, and tries again if the user wants it. */
async function askAfterFailure(error: ErrorData | null, backend: BackendProcess): Promise<void> {
  const texts = shellTexts(app.getLocale());
  const { response } = await dialog.showMessageBox({
    type: "error",
    message: error ? texts.cannotStart : texts.backendGaveUp,
    detail: error ? describeCause(texts, error) : texts.backendGaveUpDetail,
    buttons: [texts.retry, texts.quit],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) backend.start();
  else app.quit();
}

function focusWindow(): boolean {
  const window = BrowserWindow.getAllWindows()[0];
  if (!window) return false;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return true;
}

function control(window: BrowserWindow | null, action: "minimize" | "maximize" | "close"): void {
  if (!window) return;
  if (action === "minimize") window.minimize();
  else if (action === "close") window.close();
  else if (window.isMaximized()) window.unmaximize();
  else window.maximize();
}

/** Quitting waits until the backend has cancelled, flushed and closed, and no longer than its deadline. */
function quitAfter(stop: () => Promise<void>, log: (line: string) => void): void {
  let quitting = false;
  app.on("will-quit", (event) => {
    event.preventDefault();
    if (quitting) return;
    quitting = true;
    stop()
      .catch((error: unknown) => log(`quit: ${String(error)}`))
      .finally(() => app.exit(0));
  });
}

/** After an exception that nobody caught the state is unknown: say so in the log, let the backend save, and leave. */
function exitOnUncaught(log: (line: string) => void, stop: () => Promise<void>): void {
  let leaving = false;
  const leave = (error: unknown) => {
    log(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (leaving) return;
    leaving = true;
    stop()
      .catch((second: unknown) => log(`stop: ${String(second)}`))
      .finally(() => app.exit(1));
  };
  process.on("uncaughtException", leave);
  process.on("unhandledRejection", leave);
}
