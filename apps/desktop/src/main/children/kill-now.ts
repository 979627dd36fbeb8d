import type { UtilityProcess } from "electron";

/** `UtilityProcess.kill` is a polite SIGTERM on POSIX, which a process stuck in native code does not have to follow. */
export function killNow(child: UtilityProcess): void {
  if (child.pid === undefined) {
    // Asked for while it is still starting; after its end this never fires.
    child.once("spawn", () => killNow(child));
    return;
  }
  try {
    process.kill(child.pid, "SIGKILL");
  } catch {
    // It ended between the two lines; if it did not, Electron's own way is left.
    child.kill();
  }
}
