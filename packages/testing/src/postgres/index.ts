import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { createTurns, passOn } from "./taking-turns.ts";

export interface TestServer extends AsyncDisposable {
  readonly connectionString: string;
  /** Runs statements as its administrator. */
  run(sql: string): Promise<unknown[]>;
  /** Ends connections and takes no more; what was stored stays. */
  stop(): Promise<void>;
  /** At the same address as before. */
  start(): Promise<void>;
}

/** PostgreSQL with pgvector inside this process, in memory. It runs one connection's statements at a time. */
export async function startTestServer(): Promise<TestServer> {
  const database = await PGlite.create({ extensions: { vector } });
  // One that is being closed may still be there when the next one comes.
  const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0, maxConnections: 16 });
  await server.start();
  const behind = Number(server.getServerConn().split(":").at(-1));
  let door = await openDoor(behind, 0);
  const { port } = door;
  return {
    connectionString: `postgres://postgres:secret@127.0.0.1:${port}/postgres`,
    run: async (sql) => (await database.query(sql)).rows,
    stop: () => door.close(),
    start: async () => {
      door = await openDoor(behind, port);
    },
    [Symbol.asyncDispose]: async () => {
      await door.close();
      await server.stop();
      await database.close();
    },
  };
}

/** The server itself cannot end a connection that somebody uses, and has one session for all of them. */
async function openDoor(behind: number, wanted: number): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const turns = createTurns();
  const door = createServer((outside) => {
    open.add(outside);
    outside.on("close", () => open.delete(outside));
    passOn(outside, behind, turns);
  });
  door.listen(wanted, "127.0.0.1");
  await once(door, "listening");
  return {
    port: (door.address() as AddressInfo).port,
    close: async () => {
      if (!door.listening) return;
      const closed = once(door, "close");
      door.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
