import { Menu, type MenuItemConstructorOptions } from "electron";
import type { ShellTexts } from "./shell-texts.ts";

/** The application menu: roles, which Electron words in the system's language, under titles of our own. */
export function setAppMenu(texts: ShellTexts, options: { mac: boolean; onNewWindow: () => void }): void {
  const file: MenuItemConstructorOptions = {
    label: texts.file,
    submenu: [
      { label: texts.newWindow, accelerator: "CmdOrCtrl+Shift+N", click: () => options.onNewWindow() },
      { type: "separator" },
      options.mac ? { role: "close" } : { role: "quit", label: texts.quit },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: texts.view,
    submenu: [
      { role: "reload" },
      { type: "separator" },
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      { type: "separator" },
      { role: "togglefullscreen" },
      { role: "toggleDevTools" },
    ],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(options.mac ? [{ role: "appMenu" } as const] : []),
      file,
      { role: "editMenu", label: texts.edit },
      view,
      { role: "windowMenu", label: texts.window },
    ]),
  );
}
