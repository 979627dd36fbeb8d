import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import type { MessagePort } from "node:worker_threads";
import type { WindowBridge } from "@deskside/contract/shell";
import type { BrowserWindowConstructorOptions, Rectangle } from "electron";
import { type DoublePort, handToPage } from "./double-ports.ts";

export const ipcMain = new EventEmitter();

type Handler = (request: Request) => Promise<Response>;

/** What main set up on the session, to be asked by tests as a page would ask it. */
export const sessionRules: Record<string, (...values: never[]) => unknown> = {};
const schemes = new Map<string, Handler>();
const remember = (name: string) => (rule: (...values: never[]) => unknown) => void (sessionRules[name] = rule);

export const defaultSession = Object.assign(new EventEmitter(), {
  protocol: { handle: (scheme: string, handler: Handler) => void schemes.set(scheme, handler) },
  setPermissionRequestHandler: remember("permissionRequest"),
  setPermissionCheckHandler: remember("permissionCheck"),
  setDevicePermissionHandler: remember("device"),
  setDisplayMediaRequestHandler: remember("displayMedia"),
  setBluetoothPairingHandler: remember("bluetooth"),
  webRequest: { onBeforeRequest: remember("beforeRequest") },
});

/** Loads an address through the session's rules and scheme, as a page would. */
export async function fetchInPage(url: string, method = "GET"): Promise<Response> {
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  if (!handler) throw new Error(`no handler for ${url}`);
  // Undici refuses custom schemes in Request; the handler reads these two fields.
  return handler({ url, method } as Request);
}

export interface Frame {
  url: string;
  parent: Frame | null;
}

/** A page's own world: what preload put there and the messages the window sent itself. */
export class Page extends EventEmitter {
  readonly exposed: Record<string, unknown> = {};
  readonly ipc = new EventEmitter();
  /** What the page's own code knows as `window`. */
  self: unknown;

  get bridge(): WindowBridge {
    return this.exposed["deskside"] as WindowBridge;
  }
}

let nextContents = 1;

export class DoubleWebContents extends EventEmitter {
  readonly id = nextContents++;
  readonly mainFrame: Frame = { url: "about:blank", parent: null };
  readonly #preload: string;
  openHandler: (details: { url: string }) => unknown = () => undefined;
  page = new Page();
  reloads = 0;

  constructor(preload: string) {
    super();
    this.#preload = preload;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openHandler = handler;
  }

  async load(url: string): Promise<void> {
    const response = await fetchInPage(url);
    if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
    this.mainFrame.url = url;
    this.page = new Page();
    this.#runPreload(this.page);
    this.emit("did-finish-load");
  }

  reload(): void {
    this.reloads++;
    void this.load(this.mainFrame.url);
  }

  /** `webContents.postMessage`: to the preload script of the page that is shown now. */
  postMessage(channel: string, _message: unknown, ports: readonly DoublePort[] = []): void {
    this.page.ipc.emit(channel, { ports: ports.map(handToPage) });
  }

  /** A message from a frame of this page; tests send what no preload of ours would. */
  send(channel: string, values: readonly unknown[], frame: Frame | null = this.mainFrame): void {
    ipcMain.emit(channel, { sender: this, senderFrame: frame }, ...values);
  }

  /** Runs the built preload script with exactly what a sandboxed one gets. */
  #runPreload(page: Page): void {
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void (page.exposed[name] = api) },
      ipcRenderer: {
        send: (channel: string, ...values: unknown[]) => this.send(channel, structuredClone(values)),
        on: (channel: string, listener: (event: { ports: MessagePort[] }) => void) => page.ipc.on(channel, listener),
      },
      webUtils: { getPathForFile: (file: File) => `/dropped/${file.name}` },
    };
    const location = { origin: "app://deskside" };
    const window = {
      location,
      postMessage: (data: unknown, origin: string, ports: MessagePort[]) =>
        page.emit("message", { source: page.self, data, origin, ports }),
    };
    const require = (name: string) => {
      if (name !== "electron") throw new Error(`a sandboxed preload cannot load ${name}`);
      return electron;
    };
    runInContext(
      readFileSync(this.#preload, "utf8"),
      createContext({ require, window, File, process: { platform: process.platform }, exports: {}, module: {} }),
    );
  }
}

export class DoubleWindow extends EventEmitter {
  static readonly all: DoubleWindow[] = [];
  static readonly getAllWindows = () => [...DoubleWindow.all];
  static readonly getFocusedWindow = () => DoubleWindow.all.find((window) => window.calls.includes("focus")) ?? null;
  static readonly fromWebContents = (contents: DoubleWebContents) =>
    DoubleWindow.all.find((window) => window.webContents === contents) ?? null;

  readonly webContents: DoubleWebContents;
  readonly options: BrowserWindowConstructorOptions;
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  #maximized = false;
  #gone = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.webContents = new DoubleWebContents(options.webPreferences?.preload ?? "");
    DoubleWindow.all.push(this);
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.load(url).then(() => void this.emit("ready-to-show"));
  }

  show = () => void this.calls.push("show");
  focus = () => void this.calls.push("focus");
  restore = () => void this.calls.push("restore");
  minimize = () => void this.calls.push("minimize");
  maximize = () => void (this.#maximized = true);
  unmaximize = () => void (this.#maximized = false);
  isMaximized = () => this.#maximized;
  isMinimized = () => false;
  isFullScreen = () => false;
  isDestroyed = () => this.#gone;
  getNormalBounds = (): Rectangle => ({ x: 40, y: 60, width: 1000, height: 700 });

  close(): void {
    this.emit("close");
    this.destroy();
  }

  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    DoubleWindow.all.splice(DoubleWindow.all.indexOf(this), 1);
    this.emit("closed");
    if (DoubleWindow.all.length === 0) DoubleWindow.onAllClosed();
  }

  static onAllClosed: () => void = () => undefined;
}
