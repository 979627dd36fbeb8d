import type { PortLike } from "@deskside/contract/shell";
import type { MessagePortMain } from "electron";

/** Electron's port outside of pages, as the product knows ports. Closing it here tells the listeners here too. */
export function portFromMessagePortMain(port: MessagePortMain): PortLike {
  const closes: (() => void)[] = [];
  let closed = false;
  const onClose = () => {
    if (closed) return;
    closed = true;
    for (const listener of closes) listener();
  };
  port.on("close", onClose);
  return {
    postMessage: (data) => {
      if (!closed) port.postMessage(data);
    },
    onMessage(listener) {
      port.on("message", (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => void (closed ? queueMicrotask(listener) : closes.push(listener)),
    close() {
      port.close();
      onClose();
    },
  };
}
