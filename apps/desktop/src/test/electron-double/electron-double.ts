import { EventEmitter } from "node:events";
import { DoubleMessageChannel } from "./double-ports.ts";
import { utilityProcess } from "./double-utility-process.ts";
import { DoubleWindow, defaultSession, ipcMain } from "./double-windows.ts";

/** What a test sets before and reads after. */
export const machine = {
  locale: "en-US",
  firstInstance: true,
  dark: false,
  displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
  keyStore: { available: true, backend: "gnome_libsecret", decrypts: true },
  /** Buttons that the user presses, in order; without one the dialog's cancel button. */
  dialogAnswers: [] as number[],
  dialogs: [] as { message: string; detail?: string | undefined }[],
  opened: [] as string[],
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  menu: [] as { label?: string; submenu?: { label?: string; role?: string; click?: () => void }[] }[],
  paths: {} as Record<string, string>,
  /** Null while the app runs. */
  exitCode: null as number | null,
};

/** A flipped copy: enough to see that what lies on disk is not the key. */
const flip = (data: Uint8Array) => Buffer.from(data.map((byte) => byte ^ 0x5a));

class App extends EventEmitter {
  isPackaged = false;
  sandboxed = false;
  setPath = (name: string, path: string) => void (machine.paths[name] = path);
  requestSingleInstanceLock = () => machine.firstInstance;
  enableSandbox = () => void (this.sandboxed = true);
  whenReady = () => Promise.resolve();
  getLocale = () => machine.locale;
  getVersion = () => "0.1.0";

  /** Closes every window, then asks `will-quit`, which may put it off. */
  quit(): void {
    for (const window of DoubleWindow.getAllWindows()) window.close();
    let put = false;
    this.emit("will-quit", { preventDefault: () => void (put = true) });
    if (!put) this.exit(0);
  }

  exit(code: number): void {
    machine.exitCode ??= code;
    this.emit("double-exit", code);
  }
}

export const app = new App();
DoubleWindow.onAllClosed = () => app.emit("window-all-closed");

export const powerMonitor = new EventEmitter();

export const electronModule = {
  app,
  BrowserWindow: DoubleWindow,
  MessageChannelMain: DoubleMessageChannel,
  utilityProcess,
  ipcMain,
  session: { defaultSession },
  protocol: { registerSchemesAsPrivileged: (schemes: typeof machine.schemes) => void machine.schemes.push(...schemes) },
  safeStorage: {
    isAsyncEncryptionAvailable: async () => machine.keyStore.available,
    getSelectedStorageBackend: () => machine.keyStore.backend,
    encryptStringAsync: async (text: string) => flip(Buffer.from(text)),
    decryptStringAsync: async (data: Buffer) => {
      if (!machine.keyStore.decrypts) throw new Error("Error while decrypting the ciphertext");
      return { result: flip(data).toString(), shouldReEncrypt: false };
    },
  },
  powerMonitor,
  nativeTheme: {
    get shouldUseDarkColors() {
      return machine.dark;
    },
  },
  screen: { getAllDisplays: () => machine.displays },
  shell: { openExternal: async (url: string) => void machine.opened.push(url) },
  dialog: {
    showMessageBox: async (...values: { message: string; detail?: string; cancelId?: number }[]) => {
      const options = values.at(-1) as { message: string; detail?: string; cancelId?: number };
      machine.dialogs.push({ message: options.message, detail: options.detail });
      return { response: machine.dialogAnswers.shift() ?? options.cancelId ?? 0 };
    },
    showErrorBox: (message: string, detail: string) => void machine.dialogs.push({ message, detail }),
  },
  Menu: {
    buildFromTemplate: (template: typeof machine.menu) => template,
    setApplicationMenu: (template: typeof machine.menu) => void (machine.menu = template),
  },
};
