import { type ChildProcess, fork } from "node:child_process";
import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { WebSocket, WebSocketServer } from "ws";
import { portFromChild } from "../node/index.ts";
import {
  createPortPair,
  type MessagePortShape,
  portFromMessagePort,
  portFromWebSocket,
  type WebSocketShape,
} from "../port.ts";
import type { PortLike } from "../port-like.ts";
import { createProbeServer } from "./probe-server.ts";

export interface Transport {
  /** The caller's end; a probe server answers at the other. */
  readonly port: PortLike;
  /** The other side dies without a word. */
  killPeer(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function inMemory(): Promise<Transport> {
  const [port, peer] = createPortPair();
  createProbeServer().serve(peer);
  return { port, killPeer: async () => peer.close(), [Symbol.asyncDispose]: async () => port.close() };
}

async function worker(): Promise<Transport> {
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(new URL("./probe-worker.ts", import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2 as unknown as import("node:worker_threads").MessagePort],
    execArgv: [],
  });
  await new Promise<void>((resolve, reject) => thread.once("online", resolve).once("error", reject));
  return {
    port: portFromMessagePort(port1 as unknown as MessagePortShape),
    killPeer: async () => void (await thread.terminate()),
    async [Symbol.asyncDispose]() {
      port1.close();
      await thread.terminate();
    },
  };
}

async function child(): Promise<Transport> {
  const process: ChildProcess = fork(new URL("./probe-child.ts", import.meta.url), {
    serialization: "advanced",
    execArgv: [],
  });
  const exited = new Promise<void>((resolve) => process.once("exit", () => resolve()));
  const kill = async () => {
    process.kill("SIGKILL");
    await exited;
  };
  return { port: portFromChild(process), killPeer: kill, [Symbol.asyncDispose]: kill };
}

async function webSocket(): Promise<Transport> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const probe = createProbeServer();
  server.on("connection", (socket) => probe.serve(portFromWebSocket(socket as unknown as WebSocketShape)));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const killPeer = async () => {
    for (const connected of server.clients) connected.terminate();
  };
  return {
    port: portFromWebSocket(socket as unknown as WebSocketShape),
    killPeer,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await killPeer();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const transports = {
  "in memory": inMemory,
  "worker port": worker,
  "child process": child,
  WebSocket: webSocket,
};
