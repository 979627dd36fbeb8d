import type { WindowBridge } from "@deskside/contract/shell";
import { contextBridge, ipcRenderer, webUtils } from "electron";
import { portChannel, windowChannels } from "../messages/window-channels.ts";

const bridge: WindowBridge = {
  capabilities: {
    windowControls: process.platform !== "darwin",
    nativeDialogs: false,
    revealInFolder: false,
    openExternal: true,
  },
  requestPort: () => ipcRenderer.send(windowChannels.requestPort),
  pathOfFile: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ""),
  openExternal: (url) => ipcRenderer.send(windowChannels.openExternal, url),
  windowControl: (action) => ipcRenderer.send(windowChannels.windowControl, action),
};

contextBridge.exposeInMainWorld("deskside", bridge);

// A port cannot cross the bridge; a message of the window to itself can carry it.
ipcRenderer.on(portChannel, (event) => {
  window.postMessage(portChannel, window.location.origin, [...event.ports]);
});
