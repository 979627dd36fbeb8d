import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { createEgress, type EgressOptions } from "../egress.ts";
import { type ConfiguredHost, createPurposePolicy } from "../egress-policy.ts";
import { createMemoryLedger } from "../testing/memory-ledger.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

/** Answers every line with itself. */
async function startEcho(): Promise<number> {
  server = createServer((socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function create(configured: readonly ConfiguredHost[], options: Partial<EgressOptions> = {}) {
  const ledger = createMemoryLedger();
  const policy = createPurposePolicy({
    rules: [{ purpose: "test", hosts: "any" }],
    configuredHosts: () => configured,
  });
  const egress = createEgress({ ledger, policy, onRecordError: () => undefined, ...options });
  const connect = async (host: string, port: number, purpose = "test") => {
    const socket = egress.openStream({ purpose, caller: "unit" }) as Socket;
    await once(socket.connect(port, host), "connect");
    return socket;
  };
  return { egress, ledger, connect };
}

const blocked = (reason: string) => ({ code: "EGRESS_BLOCKED", data: { reason } });

test("a connection has its row from before it is there to its end, with its bytes", async () => {
  const port = await startEcho();
  const { connect, ledger, egress } = create([{ host: "db.example", port }], { resolve: async () => ["127.0.0.1"] });
  const socket = await connect("db.example", port);
  expect(ledger.rows).toMatchObject([{ host: "db.example", port, purpose: "test", caller: "unit", result: "open" }]);
  expect(egress.openConnections()).toEqual([{ address: "127.0.0.1", port, host: "db.example" }]);
  socket.write("hello");
  expect(String((await once(socket, "data"))[0])).toBe("hello");
  socket.end();
  await once(socket, "close");
  expect(ledger.rows).toMatchObject([{ result: "ok", reason: null, sentBytes: 5, receivedBytes: 5 }]);
  expect(egress.openConnections()).toEqual([]);
});

test("what the policy refuses is not even looked up; a private address needs a host that was configured", async () => {
  const port = await startEcho();
  const resolve = vi.fn(async () => ["127.0.0.1"]);
  const { connect, ledger } = create([{ host: "other.example", port }], { resolve });
  await expect(connect("db.example", port, "secret")).rejects.toMatchObject(blocked("policy"));
  expect(resolve).not.toHaveBeenCalled();
  await expect(connect("db.example", port)).rejects.toMatchObject(blocked("private-address"));
  await expect(connect("169.254.169.254", port)).rejects.toMatchObject(blocked("link-local-address"));
  expect(ledger.rows.map(({ result }) => result)).toEqual(["blocked", "blocked", "blocked"]);
});

test("a record that cannot be written lets nothing out; a server that is away is told by its code", async () => {
  const port = await startEcho();
  const full = new Error("disk full");
  const ledger = {
    begin: () => {
      throw full;
    },
    finish: () => undefined,
  };
  await expect(create([{ host: "127.0.0.1" }], { ledger }).connect("127.0.0.1", port)).rejects.toBe(full);
  server?.close();
  const refused = create([{ host: "127.0.0.1" }]);
  await expect(refused.connect("127.0.0.1", port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await vi.waitFor(() => expect(refused.ledger.rows).toMatchObject([{ result: "failed", reason: "ECONNREFUSED" }]));
});

test("one that is given up while its name is looked up is closed and never connects", async () => {
  let answer = (_addresses: readonly string[]) => undefined as void;
  const resolve = () => new Promise<readonly string[]>((done) => (answer = done));
  const { egress, ledger } = create([{ host: "db.example" }], { resolve });
  const socket = egress.openStream({ purpose: "test", caller: "unit" }) as Socket;
  const connected = vi.fn();
  socket.once("connect", connected);
  socket.connect(1, "db.example");
  socket.destroy();
  answer(["127.0.0.1"]);
  await vi.waitFor(() => expect(ledger.rows).toMatchObject([{ result: "failed", reason: "cancelled" }]));
  expect(connected).not.toHaveBeenCalled();
});
