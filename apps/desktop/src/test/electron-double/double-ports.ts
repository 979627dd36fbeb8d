import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";

/** One end of a channel, wherever it lives now: here in main, or in a child that it was handed to. */
interface End {
  readonly id: number;
  peer: End | undefined;
  closed: boolean;
  home: DoublePort | ChildProcess | MessagePort;
}

export type PortMessage = { kind: "port"; id: number; data: unknown } | { kind: "port-close"; id: number };

let nextId = 1;
const ends = new Map<number, End>();

/** MessagePortMain: queues until `start`, copies what it sends, closes both ends. */
export class DoublePort extends EventEmitter {
  readonly end: End = { id: nextId++, peer: undefined, closed: false, home: this };
  #queue: unknown[] | undefined = [];

  postMessage(data: unknown): void {
    if (this.end.home !== this) throw new Error("the port was handed over");
    deliver(this.end.peer, structuredClone(data));
  }

  start(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    for (const data of queue) this.receive(data);
  }

  close(): void {
    closeEnd(this.end);
  }

  receive(data: unknown): void {
    if (this.#queue) this.#queue.push(data);
    else setImmediate(() => this.end.closed || this.emit("message", { data, ports: [] }));
  }

  takeQueue(): unknown[] {
    return this.#queue ?? [];
  }
}

export class DoubleMessageChannel {
  readonly port1 = new DoublePort();
  readonly port2 = new DoublePort();

  constructor() {
    this.port1.end.peer = this.port2.end;
    this.port2.end.peer = this.port1.end;
    for (const { end } of [this.port1, this.port2]) ends.set(end.id, end);
  }
}

function deliver(end: End | undefined, data: unknown): void {
  if (!end || end.closed) return;
  if (end.home instanceof DoublePort) end.home.receive(data);
  else if ("send" in end.home) {
    if (end.home.connected) end.home.send({ kind: "port", id: end.id, data } satisfies PortMessage, () => undefined);
  } else end.home.postMessage(data);
}

function closeEnd(end: End | undefined): void {
  if (!end || end.closed) return;
  end.closed = true;
  ends.delete(end.id);
  const { home } = end;
  if (home instanceof DoublePort) setImmediate(() => home.emit("close"));
  else if ("send" in home) {
    if (home.connected) home.send({ kind: "port-close", id: end.id } satisfies PortMessage, () => undefined);
  } else home.close();
  closeEnd(end.peer);
}

/** Moves ports into a child; returns their numbers, for the message that carries them. */
export function handToChild(
  ports: readonly DoublePort[],
  child: ChildProcess,
  announce: (ids: number[]) => void,
): void {
  for (const port of ports) port.end.home = child;
  announce(ports.map((port) => port.end.id));
  for (const port of ports) for (const data of port.takeQueue()) deliver(port.end, data);
}

/** What a child says about a port that it holds. */
export function fromChild(child: ChildProcess, message: PortMessage): void {
  const end = ends.get(message.id);
  if (end?.home !== child) return;
  if (message.kind === "port") deliver(end.peer, message.data);
  else closeEnd(end);
}

/** A dead child's ports are closed, as the system closes its pipes. */
export function closePortsOf(child: ChildProcess): void {
  for (const end of [...ends.values()]) if (end.home === child) closeEnd(end);
}

/** Moves a port into a page, which sees a browser's MessagePort. */
export function handToPage(port: DoublePort): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port.end.home = port1;
  port1.on("message", (data) => deliver(port.end.peer, data));
  port1.on("close", () => closeEnd(port.end));
  for (const data of port.takeQueue()) deliver(port.end, data);
  return port2;
}
