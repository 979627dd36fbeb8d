import type { ChildProcess } from "node:child_process";
import type { PortLike } from "../port-like.ts";

/** Parent's end of the IPC channel of a forked child (`serialization: "advanced"`). */
export function portFromChild(child: ChildProcess): PortLike {
  let closed = false;
  const closes: (() => void)[] = [];
  const close = () => {
    if (closed) return;
    closed = true;
    for (const listener of closes) listener();
  };
  child.once("disconnect", close);
  child.once("exit", close);
  // A failed send ends in "exit" or "disconnect" too; without a listener it would end this process.
  child.on("error", close);
  return {
    postMessage: (data) => {
      if (child.connected) child.send(data as object, () => undefined);
    },
    onMessage: (listener) => void child.on("message", listener),
    onClose: (listener) => void (closed ? queueMicrotask(listener) : closes.push(listener)),
    close: () => child.connected && child.disconnect(),
  };
}

/** Child's end of the same channel. */
export function portFromParent(): PortLike {
  return {
    postMessage: (data) => {
      if (process.connected) process.send?.(data, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on("message", listener),
    onClose: (listener) => void process.once("disconnect", listener),
    close: () => process.connected && process.disconnect(),
  };
}
