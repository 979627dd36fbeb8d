import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { createConnectionReader } from "./connection-reader.ts";

/** Real sockets of real processes; nothing leaves this machine. */
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const isLinux = process.platform === "linux";
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

const connectTo = `
  const [host, port] = process.argv.slice(1);
  require("node:net").connect(Number(port), host, () => console.log("ready"));
`;

/** Listens on its own address and connects to it, in one process. */
const talkToSelf = `
  const net = require("node:net");
  const host = process.argv[1];
  net.createServer().listen(0, host, function () {
    net.connect(this.address().port, host, () => console.log("ready"));
  }).on("error", (error) => { console.error(error); process.exit(1); });
`;

async function listen(host: string): Promise<number> {
  const server: Server = createServer();
  cleanups.push(() => server.close());
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    cleanups.push(() => socket.destroy());
  });
  return (server.address() as { port: number }).port;
}

/** Starts a program and waits for its first line. */
async function start(command: string, args: string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  // The whole group: a shell would leave what it started behind.
  cleanups.push(() => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${complaint}`)));
  });
  return child;
}

const readerOf = (child: ChildProcess) =>
  createConnectionReader({ rootPids: () => (child.pid === undefined ? [] : [child.pid]), includeDescendants: true });

describe.skipIf(!isLinux)("this machine's own sockets", () => {
  test("a connection to itself over loopback is none", async () => {
    const port = await listen("127.0.0.1");
    const child = await start(process.execPath, ["-e", connectTo, "127.0.0.1", String(port)]);
    expect(await readerOf(child).read()).toMatchObject({ known: true, processes: 1, connections: [] });
  });

  test.skipIf(!ownAddress)("a connection to the address of a card counts until it ends", async () => {
    const host = String(ownAddress);
    const port = await listen(host);
    const child = await start(process.execPath, ["-e", connectTo, host, String(port)]);
    const reader = readerOf(child);
    expect(await reader.read()).toMatchObject({
      known: true,
      connections: [{ pid: child.pid, process: "node", protocol: "tcp", remoteAddress: host, remotePort: port }],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(await reader.read()).toMatchObject({ known: false, reason: "failed" });
  });

  test("a process in a network of its own is read there", async ({ skip }) => {
    const inNewNetwork = ["--map-root-user", "--net", "sh", "-c"];
    const addAddress = "ip link set lo up && ip addr add 198.18.0.1/32 dev lo";
    const trial = spawnSync("unshare", [...inNewNetwork, addAddress], { encoding: "utf8" });
    if (trial.error || trial.status !== 0) {
      return skip(`no network namespace can be made here: ${trial.error?.message ?? trial.stderr.trim()}`);
    }
    const child = await start("unshare", [
      ...inNewNetwork,
      `${addAddress} && "$0" -e "$1" 198.18.0.1 & wait`,
      process.execPath,
      talkToSelf,
    ]);
    const reading = await readerOf(child).read();
    // Both ends lie in the same process: the one that connected and the one that was accepted.
    expect(reading).toMatchObject({
      known: true,
      connections: [{ remoteAddress: "198.18.0.1" }, { remoteAddress: "198.18.0.1" }],
    });
  });
});
