import type { PortLike, WindowBridge } from "@deskside/contract/shell";
import { portMessage } from "@deskside/contract/shell";
import { type MessagePortShape, portFromMessagePort } from "@deskside/rpc";

/** A message of the window to itself, as far as it is used. */
interface PortEvent {
  readonly source: unknown;
  readonly data: unknown;
  readonly ports: readonly MessagePortShape[];
}

/** What of the window is used: its messages to itself. */
export interface PortWindow {
  addEventListener(type: "message", listener: (event: PortEvent) => void): void;
  removeEventListener(type: "message", listener: (event: PortEvent) => void): void;
}

/**
 * Asks main for a fresh port to the backend. The port closes when the backend dies; then ask again.
 * Rejects with `signal.reason` when nobody answers before the signal aborts.
 */
export function connectThroughBridge(
  bridge: Pick<WindowBridge, "requestPort">,
  window: PortWindow,
  options: { signal?: AbortSignal } = {},
): Promise<PortLike> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.removeEventListener("message", onMessage);
      signal?.removeEventListener("abort", onAbort);
    };
    const onAbort = () => {
      stop();
      reject(signal?.reason as Error);
    };
    const onMessage = (event: PortEvent) => {
      const [port] = event.ports;
      // Only preload can send a port with this name from this very window.
      if (event.source !== window || event.data !== portMessage || !port) return;
      stop();
      resolve(portFromMessagePort(port));
    };
    if (signal?.aborted) return onAbort();
    window.addEventListener("message", onMessage);
    signal?.addEventListener("abort", onAbort, { once: true });
    bridge.requestPort();
  });
}
