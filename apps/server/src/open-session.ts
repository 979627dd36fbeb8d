import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type Backend, createBackend, createLogger, type Logger } from "@deskside/backend";
import { isDesksideError, withTimeout } from "@deskside/base";
import { type Contract, deskError } from "@deskside/contract";
import {
  type ContractClient,
  createClient,
  createPortPair,
  type PortLike,
  portFromWebSocket,
  type WebSocketShape,
} from "@deskside/rpc";
import { acquireDataDir, createKeyFileProvider, type DataDirLease, readOwner } from "@deskside/storage";
import { connectLoopback } from "@deskside/rpc/node";
import { createForkSpawner } from "./fork-spawner.ts";
import { indexScript, modelsDir, readerResources, trustDir } from "./places.ts";
import { versions } from "./versions.ts";

export type DesksideClient = ContractClient<Contract>;

export interface OwnBackend extends AsyncDisposable {
  readonly backend: Backend;
  readonly lease: DataDirLease;
  readonly log: Logger;
}

/** Becomes the owner of the data directory and opens it. Throws ALREADY_RUNNING before any store is opened. */
export async function openOwnBackend(
  dataDir: string,
  options: { preload: boolean } = { preload: false },
): Promise<OwnBackend> {
  await using stack = new AsyncDisposableStack();
  const lease = stack.use(await acquireDataDir(dataDir, { pid: process.pid }));
  const log = await createLogger(dataDir);
  const spawner = createForkSpawner();
  const backend = stack.use(
    await createBackend({
      ...{ trustDir: trustDir(), readerResources: readerResources(), indexScript: indexScript() },
      ...{ dataDir, modelsDir: modelsDir(), keyProvider: createKeyFileProvider(dataDir), spawner, versions, log },
      shell: "server",
      libraryEntry: import.meta.resolve("node-llama-cpp"),
      preload: options.preload,
      policy: readPolicy(),
      rootPids: () => [process.pid, ...spawner.pids],
    }),
  );
  const owned = stack.move();
  return { backend, lease, log, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Settings fixed by the organisation: a JSON object, named by DESKSIDE_POLICY_FILE. */
function readPolicy(): Record<string, unknown> {
  const path = process.env["DESKSIDE_POLICY_FILE"];
  if (!path) return {};
  try {
    const policy: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof policy === "object" && policy !== null && !Array.isArray(policy)) return { ...policy };
  } catch (cause) {
    throw deskError("USAGE", { problem: `the policy file ${path} cannot be read` }, { cause });
  }
  throw deskError("USAGE", { problem: `the policy file ${path} is not a JSON object` });
}

export interface Session extends AsyncDisposable {
  readonly client: DesksideClient;
}

/** Works through the process that owns the data directory; with nobody running, opens it for as long as this lasts. */
export async function openSession(dataDir: string): Promise<Session> {
  const running = await joinOwner(dataDir);
  if (running) return running;
  try {
    const own = await openOwnBackend(dataDir);
    const [mine, theirs] = createPortPair();
    own.backend.serve(theirs);
    return {
      client: createClient<Contract>(mine, { peer: "backend" }),
      [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
    };
  } catch (error) {
    // Somebody became the owner meanwhile.
    const late = isDesksideError(error, "ALREADY_RUNNING") ? await joinOwner(dataDir) : null;
    if (late) return late;
    throw error;
  }
}

async function joinOwner(dataDir: string): Promise<Session | null> {
  const owner = readOwner(dataDir);
  if (!owner?.address || !owner.token) return null;
  const socket = connectLoopback(`${owner.address.replace(/^http/, "ws")}/ws`, owner.token);
  try {
    await withTimeout(once(socket, "open"), 2_000, () => deskError("TIMED_OUT", { what: "connect", ms: 2_000 }));
  } catch {
    // The owner is gone or hangs: taking over is tried next and says so if it cannot.
    socket.terminate();
    return null;
  }
  const port: PortLike = portFromWebSocket(socket as unknown as WebSocketShape);
  const client = createClient<Contract>(port, { peer: "deskside" });
  await withTimeout(client.system.ping(), 5_000, () => deskError("TIMED_OUT", { what: "ping", ms: 5_000 }));
  return { client, [Symbol.asyncDispose]: async () => port.close() };
}
