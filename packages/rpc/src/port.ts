import type { PortLike } from "./port-like.ts";

/** Shape of a browser's MessagePort, structurally, so that no DOM types are needed here. */
export interface MessagePortShape {
  postMessage(data: unknown): void;
  addEventListener(type: "message" | "close", listener: (event: { data?: unknown }) => void): void;
  start?(): void;
  close(): void;
}

/** Shape of a WebSocket that both browsers and `ws` have. */
export interface WebSocketShape {
  binaryType: string;
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  addEventListener(type: "open" | "close" | "error" | "message", listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

export function portFromMessagePort(port: MessagePortShape): PortLike {
  return {
    postMessage: (data) => port.postMessage(data),
    onMessage(listener) {
      port.addEventListener("message", (event) => listener(event.data));
      port.start?.();
    },
    onClose: (listener) => port.addEventListener("close", () => listener()),
    close: () => port.close(),
  };
}

const open = 1;

/** An open WebSocket as a port. Binary frames arrive as Uint8Array: Blobs are read asynchronously and can be reordered. */
export function portFromWebSocket(socket: WebSocketShape): PortLike {
  socket.binaryType = "arraybuffer";
  return {
    postMessage(data) {
      if (socket.readyState !== open) return;
      socket.send(data as string | Uint8Array<ArrayBuffer>);
    },
    onMessage(listener) {
      socket.addEventListener("message", ({ data }) => {
        listener(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
      });
    },
    onClose: (listener) => socket.addEventListener("close", () => listener()),
    close: () => socket.close(),
  };
}

/** Two ends in one process, for tests and for a backend that lives beside its caller. Delivery is asynchronous and in order. */
export function createPortPair(): [PortLike, PortLike] {
  const ends = [createEnd(), createEnd()] as const;
  ends[0].connect(ends[1]);
  ends[1].connect(ends[0]);
  return [ends[0].port, ends[1].port];
}

interface End {
  port: PortLike;
  connect(peer: End): void;
  deliver(data: unknown): void;
  gone(): void;
}

function createEnd(): End {
  const messages: ((data: unknown) => void)[] = [];
  const closes: (() => void)[] = [];
  let peer: End | undefined;
  let closed = false;
  const end: End = {
    connect: (other) => {
      peer = other;
    },
    deliver: (data) => queueMicrotask(() => !closed && messages.forEach((listener) => listener(data))),
    gone() {
      if (closed) return;
      closed = true;
      queueMicrotask(() => closes.forEach((listener) => listener()));
    },
    port: {
      postMessage: (data) => !closed && peer?.deliver(data),
      onMessage: (listener) => void messages.push(listener),
      onClose: (listener) => void closes.push(listener),
      close() {
        end.gone();
        peer?.gone();
      },
    },
  };
  return end;
}
