import { BrowserWindow, dialog, nativeTheme, screen, type Session } from "electron";
import { appPage } from "../security/app-scheme.ts";
import { lockNavigation } from "../security/session-rules.ts";
import type { ShellTexts } from "./shell-texts.ts";
import { placeWindow, readWindowState, smallestWindow, writeWindowState } from "./window-state.ts";

export interface AppWindowOptions {
  readonly preload: string;
  readonly session: Session;
  readonly statePath: string;
  /** Place it beside the one it was opened from instead of on top of it. */
  readonly beside: BrowserWindow | undefined;
  readonly texts: ShellTexts;
  readonly onLink: (url: string) => void;
  readonly log: (line: string) => void;
}

/** The ground colours of the design, so that nothing flashes before the first paint. */
const ground = { dark: "#131210", light: "#EFECE5" };
const cascade = 28;

/** Opens a window of the interface: sandboxed, locked to our page, remembering its place. */
export function openAppWindow(options: AppWindowOptions): BrowserWindow {
  const { texts, log } = options;
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const { bounds, maximized } = placeWindow(readWindowState(options.statePath), workAreas);
  const window = new BrowserWindow({
    ...(options.beside ? besideOf(options.beside) : bounds),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: "Deskside",
    backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
    // The interface draws the top bar; macOS keeps its own buttons in it.
    titleBarStyle: process.platform === "darwin" ? "hiddenInset" : "hidden",
    webPreferences: {
      preload: options.preload,
      session: options.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  lockNavigation(window.webContents, options.onLink);
  if (maximized && !options.beside) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => {
    if (window.isMinimized() || window.isFullScreen()) return;
    try {
      writeWindowState(options.statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      log(`window state: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  recoverPage(window, texts, log);
  window.loadURL(appPage).catch((error: unknown) => log(`page: ${String(error)}`));
  return window;
}

function besideOf(other: BrowserWindow) {
  const { x, y, width, height } = other.getNormalBounds();
  return { x: x + cascade, y: y + cascade, width, height };
}

const crashWindowMs = 60_000;
const crashLimit = 3;

/** A page that died is loaded again; the third death within a minute asks the user. */
function recoverPage(window: BrowserWindow, texts: ShellTexts, log: (line: string) => void): void {
  let crashes: number[] = [];
  const ask = async (message: string, other: string) => {
    const { response } = await dialog.showMessageBox(window, {
      type: "warning",
      message,
      buttons: [texts.reload, other],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    // The window may have been closed while the question stood.
    if (window.isDestroyed()) return;
    if (response === 0) window.webContents.reload();
    else if (other === texts.quit) window.destroy();
  };
  window.webContents.on("render-process-gone", (_event, details) => {
    if (details.reason === "clean-exit" || window.isDestroyed()) return;
    log(`page: renderer gone, ${details.reason} ${details.exitCode}`);
    const now = performance.now();
    crashes = [...crashes.filter((at) => now - at < crashWindowMs), now];
    if (crashes.length < crashLimit) return window.webContents.reload();
    crashes = [];
    ask(texts.pageCrashed, texts.quit).catch((error: unknown) => log(String(error)));
  });
  window.on("unresponsive", () => {
    ask(texts.pageHangs, texts.wait).catch((error: unknown) => log(String(error)));
  });
}
