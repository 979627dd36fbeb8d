import { describe, expect, test } from "vitest";
import { hasOnlyLoopback, parseSocketTable, parseUnixInodes } from "./socket-table.ts";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (remote: string, state: string, inode: number) =>
  `   0: 0202000A:9C40 ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
const read = (lines: string[], own: string[], protocol: "tcp" | "udp" = "tcp") =>
  parseSocketTable([head, ...lines, ""].join("\n"), protocol, "LE", new Set(own))?.remote ?? null;

// Synthetic, in the shape of /proc/net/tcp.
describe("TCP", () => {
  const public443 = "22D8B85D:01BB";

  test("an open connection to another machine", () => {
    expect(read([line(public443, "01", 501)], ["501"])).toEqual([
      { inode: "501", protocol: "tcp", remote: { address: "93.184.216.34", port: 443 } },
    ]);
  });

  test.each(["01", "02", "03", "04", "05", "08", "09", "0B"])("state %s has a peer", (state) => {
    expect(read([line(public443, state, 501)], ["501"])).toHaveLength(1);
  });

  test("a server that waits is no connection", () => {
    expect(read([line("00000000:0000", "0A", 501)], ["501"])).toEqual([]);
  });

  test("a socket that was closed again has no peer, whatever the line still says", () => {
    expect(read([line(public443, "07", 501)], ["501"])).toEqual([]);
  });

  test("this machine talking to itself is none", () => {
    expect(read([line("0100007F:01BB", "01", 501), line("0101017F:01BB", "01", 501)], ["501"])).toEqual([]);
  });

  test("other programs' sockets, and sockets of nobody (TIME_WAIT), are not ours", () => {
    expect(read([line(public443, "01", 777), line(public443, "06", 0)], ["501"])).toEqual([]);
  });
});

test("UDP: connected counts, bound does not", () => {
  expect(read([line("08080808:0035", "01", 9), line("00000000:0000", "07", 10)], ["9", "10"], "udp")).toEqual([
    { inode: "9", protocol: "udp", remote: { address: "8.8.8.8", port: 53 } },
  ]);
});

// Synthetic, in the shape of /proc/net/tcp6, whose header says remote_address.
test("version 6, with an IPv4 loopback inside", () => {
  const table = [
    "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:0FA0 01 00000000:00000000 00:00000000 00000000 0 0 11 1 0",
    "   1: B80D0120000000000000000002000000:C350 B80D0120000000000000000001000000:01BB 01 00000000:00000000 00:00000000 00000000 0 0 12 1 0",
  ].join("\n");
  expect(parseSocketTable(table, "tcp", "LE", new Set(["11", "12", "13"]))).toEqual({
    remote: [{ inode: "12", protocol: "tcp", remote: { address: "2001:db8::1", port: 443 } }],
    seen: ["11", "12"],
  });
});

test("what cannot be read is not nothing", () => {
  expect(parseSocketTable("", "tcp", "LE", new Set())).toBeNull();
  expect(parseSocketTable("<html>", "tcp", "LE", new Set())).toBeNull();
  expect(read([line("strange", "01", 501)], ["501"])).toBeNull();
});

// Synthetic, in the shape of /proc/net/unix.
test("sockets that stay on the machine, with and without a path", () => {
  const table = [
    "Num       RefCount Protocol Flags    Type St Inode Path",
    "0000000000000000: 00000003 00000000 00000000 0001 03 24961",
    "0000000000000000: 00000002 00000000 00010000 0001 01 17 /run/some path/bus",
    "",
  ].join("\n");
  expect(parseUnixInodes(table)).toEqual(["24961", "17"]);
  expect(parseUnixInodes("Permission denied")).toBeNull();
});

// Synthetic, in the shape of /proc/net/dev.
describe("interfaces of a network namespace", () => {
  const devHead =
    "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";

  test("a sandbox has the loopback only", () => {
    expect(
      hasOnlyLoopback(
        `${devHead}    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n`,
      ),
    ).toBe(true);
  });

  test("a card, or silence, is a way out", () => {
    expect(hasOnlyLoopback(`${devHead}    lo: 0 0\n  eth0: 12 3\n`)).toBe(false);
    expect(hasOnlyLoopback("")).toBe(false);
  });
});
