import type { Capabilities } from "../system/system-schemas.ts";

/** What preload exposes to the interface under `window.deskside`; absent in a browser. */
export interface WindowBridge {
  readonly capabilities: Capabilities;
  /** Asks main for a port to the backend; it arrives as a window message with this name and one port. */
  requestPort(): void;
  /** Path on disk of a dropped file. */
  pathOfFile(file: unknown): string;
  /** Asks main to show an address in the system's browser; https and mailto only. */
  openExternal(url: string): void;
  windowControl(action: "minimize" | "maximize" | "close"): void;
}

export const portMessage = "deskside:port";
