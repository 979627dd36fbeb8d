import type { portMessage } from "@deskside/contract/shell";

/**
 * The whole list of what a window may send to main, and main to a window. Names only: the sandboxed preload script
 * imports this file, so nothing that brings a library may stand here.
 */
export const windowChannels = {
  requestPort: "deskside:request-port",
  openExternal: "deskside:open-external",
  windowControl: "deskside:window-control",
} as const;
export type WindowChannel = (typeof windowChannels)[keyof typeof windowChannels];

/** Main → window, with one port. The page sees it as a window message of the same name. */
export const portChannel: typeof portMessage = "deskside:port";
