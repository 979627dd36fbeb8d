// Loaded before a child's own code (`--import`): gives a plain Node process what a utility process has.
import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import { registerHooks, syncBuiltinESMExports } from "node:module";

type FromMain =
  | { kind: "message"; data: unknown; ports: number[] }
  | { kind: "port"; id: number; data: unknown }
  | { kind: "port-close"; id: number };

const send = (message: object) => process.connected && process.send?.(message, undefined, undefined, () => undefined);
const ports = new Map<number, ChildPort>();

class ChildPort extends EventEmitter {
  readonly id: number;
  #queue: unknown[] | undefined = [];

  constructor(id: number) {
    super();
    this.id = id;
    ports.set(id, this);
  }

  postMessage(data: unknown): void {
    send({ kind: "port", id: this.id, data });
  }

  start(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    for (const data of queue) this.receive(data);
  }

  receive(data: unknown): void {
    if (this.#queue) this.#queue.push(data);
    else this.emit("message", { data, ports: [] });
  }

  close(): void {
    ports.delete(this.id);
    send({ kind: "port-close", id: this.id });
  }
}

/** Queues until somebody listens, as Electron's does. */
class ParentPort extends EventEmitter {
  #queue: object[] = [];

  override on(name: string, listener: (...values: never[]) => void): this {
    super.on(name, listener as (...values: unknown[]) => void);
    for (const event of this.#queue.splice(0)) this.emit("message", event);
    return this;
  }

  receive(event: object): void {
    if (this.listenerCount("message") > 0) this.emit("message", event);
    else this.#queue.push(event);
  }

  postMessage(data: unknown): void {
    send({ kind: "message", data });
  }
}

const parentPort = new ParentPort();
process.on("message", (message: FromMain) => {
  if (message.kind === "message") {
    parentPort.receive({ data: message.data, ports: message.ports.map((id) => new ChildPort(id)) });
  } else if (message.kind === "port") ports.get(message.id)?.receive(message.data);
  else {
    ports.get(message.id)?.emit("close");
    ports.delete(message.id);
  }
});
// A utility process ends with its browser process.
process.on("disconnect", () => process.exit(0));

Object.defineProperty(process, "parentPort", { value: parentPort });
Object.defineProperty(process.versions, "electron", { value: "45.4.1", enumerable: true });

// What a utility process can import of Electron: never what starts processes. (The npm package of the same name would
// try to download a runtime.)
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron"
      ? { url: "data:text/javascript,export const net = {};", format: "module", shortCircuit: true }
      : next(specifier, context),
});

// Without the RunAsNode fuse a forked "node" is the app itself once more: it finds the lock taken and ends, and never
// speaks to the one that forked it.
if (new URL(import.meta.url).searchParams.get("runAsNode") === "false") {
  const fork = childProcess.fork;
  childProcess.fork = ((file: string, args: string[], options: childProcess.ForkOptions = {}) =>
    fork(file, Array.isArray(args) ? args : [], { ...options, execArgv: ["-e", "0", "--"] })) as typeof fork;
  syncBuiltinESMExports();
}
