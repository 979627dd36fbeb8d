import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createConnectionReader } from "./connection-reader.ts";
import { isOutbound, parseAddress, parseSocketTable } from "./socket-table.ts";

// Synthetic, in the shape of /proc/net/tcp and tcp6 on x86.
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0
   1: 0500000A:D431 5DB8D822:01BB 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100 0 0 10 0
   2: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100 0 0 10 0
   3: 0500000A:D432 5DB8D822:01BB 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 100 0 0 10 0
   4: garbled`;

describe("socket table", () => {
  it("finds the one connection to another machine", () => {
    const outbound = parseSocketTable(tcp).filter((row) => isOutbound(row, "tcp"));
    expect(outbound).toEqual([{ inode: "222", state: 1, remoteAddress: "34.216.184.93", remotePort: 443 }]);
  });

  it("reads addresses of both families and byte orders", () => {
    expect(parseAddress("0100007F", true)).toBe("127.0.0.1");
    expect(parseAddress("7F000001", false)).toBe("127.0.0.1");
    expect(parseAddress("0000000000000000FFFF00000100007F", true)).toBe("127.0.0.1");
    expect(parseAddress("00000000000000000000000001000000", true)).toBe("0:0:0:0:0:0:0:1");
  });
});

const own = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === "IPv4")?.address;

describe.runIf(process.platform === "linux")("connection reader", () => {
  const reader = createConnectionReader({ rootPids: () => [process.pid], includeDescendants: true });

  it("does not count a loopback connection", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as { port: number }).port, "127.0.0.1");
    await once(socket, "connect");
    const reading = await reader.read();
    expect(reading.known && reading.connections).toEqual([]);
    socket.destroy();
    server.close();
  });

  it.runIf(own !== undefined)("counts a connection to an address that is not loopback", async () => {
    const server = createServer().listen(0, own);
    await once(server, "listening");
    const port = (server.address() as { port: number }).port;
    const socket = connect(port, own);
    await once(socket, "connect");
    const reading = await reader.read();
    expect(
      reading.known && reading.connections.some((one) => one.remotePort === port && one.remoteAddress === own),
    ).toBe(true);
    socket.destroy();
    server.close();
  });

  it("says that it does not know on other systems", async () => {
    const elsewhere = createConnectionReader({ rootPids: () => [1], includeDescendants: true, platform: "win32" });
    expect(await elsewhere.read()).toMatchObject({ known: false, reason: "unsupported-system" });
  });
});
