import { describe, expect, test } from "vitest";
import { type FakeNetworks, type FakeProcess, procFilesFrom } from "../testing/proc-files-from.ts";
import { type ConnectionReaderOptions, createConnectionReader } from "./connection-reader.ts";

// Synthetic, in the shape of /proc/<pid>/net/{tcp,udp,dev} on a little-endian machine.
const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const line = (remote: string, inode: number, state = "01") =>
  `   0: 0202000A:9C40 ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 20 4 30 10 -1\n`;
const devHead = "Inter-|   Receive\n face |bytes\n";
const site = "22D8B85D:01BB";

const networks: FakeNetworks = {
  host: {
    tcp: head + line(site, 501) + line("0100007F:1F90", 502) + line("00000000:0000", 503, "0A") + line(site, 900),
    udp: head + line("08080808:0035", 601),
    dev: `${devHead}    lo: 0\n  eth0: 0\n`,
  },
  sandbox: { tcp: head, udp: head, dev: `${devHead}    lo: 0\n` },
  other: { tcp: head + line("01020304:0050", 501), udp: head, dev: `${devHead}    lo: 0\n  veth0: 0\n` },
};

const server: FakeProcess = { pid: 10, parent: 1, command: "/usr/bin/node\0serve.js\0" };

function reader(processes: readonly FakeProcess[], options: Partial<ConnectionReaderOptions> = {}) {
  return createConnectionReader({
    rootPids: () => [10],
    includeDescendants: true,
    platform: "linux",
    endianness: "LE",
    clock: { now: () => 1234, monotonic: () => 0 },
    files: procFilesFrom(() => processes, networks),
    ...options,
  });
}

const connection = (pid: number, process: string, remoteAddress = "93.184.216.34", remotePort = 443) => ({
  pid,
  process,
  protocol: "tcp",
  remoteAddress,
  remotePort,
  host: null,
});

describe("a reading", () => {
  test("names who talks to whom, in the whole tree and nowhere else", async () => {
    const processes: FakeProcess[] = [
      { pid: 1, parent: 0, open: ["socket:[900]"] },
      { ...server, open: ["/dev/null", "socket:[502]", "socket:[503]", "pipe:[7]"] },
      { pid: 11, parent: 10, name: "MainThread", command: "/opt/engine\0", open: ["socket:[501]"] },
      { pid: 12, parent: 11, name: "helper", open: ["socket:[601]"] },
    ];
    expect(await reader(processes).read()).toEqual({
      known: true,
      at: 1234,
      processes: 3,
      connections: [{ ...connection(12, "helper", "8.8.8.8", 53), protocol: "udp" }, connection(11, "engine")],
    });
  });

  test("no sockets at all: known, and none", async () => {
    expect(await reader([server]).read()).toEqual({ known: true, at: 1234, processes: 1, connections: [] });
  });

  test("a socket that a child inherited is one connection", async () => {
    const open = ["socket:[501]"];
    const reading = await reader([
      { ...server, open },
      { pid: 11, parent: 10, open },
    ]).read();
    expect(reading).toMatchObject({ connections: [connection(10, "node")] });
  });

  test("each process is looked up in its own network: the same number elsewhere is another socket", async () => {
    const child: FakeProcess = { pid: 11, parent: 10, name: "child", open: ["socket:[501]"], network: "other" };
    expect(await reader([server, child]).read()).toMatchObject({
      connections: [connection(11, "child", "4.3.2.1", 80)],
    });
  });

  test("the owner's name for a process wins", async () => {
    const nameOf = (pid: number) => (pid === 10 ? "backend" : undefined);
    const reading = await reader([{ ...server, open: ["socket:[501]"] }], { nameOf }).read();
    expect(reading).toMatchObject({ connections: [connection(10, "backend")] });
  });

  test("the user's browser is not ours, although we opened it", async () => {
    const browser: FakeProcess = { pid: 11, parent: 10, name: "chromium", open: ["socket:[501]"] };
    const tab: FakeProcess = { pid: 12, parent: 11, open: "EACCES" };
    const reading = await reader([server, browser, tab], { exclude: ({ name }) => name === "chromium" }).read();
    expect(reading).toEqual({ known: true, at: 1234, processes: 1, connections: [] });
  });

  test("a helper whose parent ended between two readings still counts", async () => {
    let processes: FakeProcess[] = [server, { pid: 11, parent: 10 }, { pid: 12, parent: 11, open: ["socket:[501]"] }];
    const one = reader([], { files: procFilesFrom(() => processes, networks) });
    await one.read();
    processes = [{ pid: 1, parent: 0 }, server, { pid: 12, parent: 1, name: "left", open: ["socket:[501]"] }];
    expect(await one.read()).toMatchObject({ processes: 2, connections: [connection(12, "left")] });
  });

  test("the dear tables are not read once every socket is explained", async () => {
    const unix = "Num       RefCount Protocol Flags    Type St Inode Path\n0: 00000003 00000000 00000000 0001 03 701\n";
    const tablesReadFor = async (open: string[]) => {
      const paths: string[] = [];
      const withUnix = { ...networks, host: { ...networks["host"], unix, tcp6: head, udp6: head } };
      const files = procFilesFrom(
        () => [{ ...server, open }],
        withUnix,
        (path) => {
          if (path.includes("/net/")) paths.push(path.replace("/proc/10/net/", ""));
        },
      );
      await reader([], { files }).read();
      return paths.filter((path) => path !== "/proc/10/ns/net");
    };
    expect(await tablesReadFor(["socket:[701]"])).toEqual(["unix"]);
    expect(await tablesReadFor(["socket:[701]", "socket:[503]"])).toEqual(["unix", "udp", "udp6", "tcp"]);
    expect(await tablesReadFor(["socket:[12345]"])).toEqual(["unix", "udp", "udp6", "tcp", "tcp6"]);
  });

  test("two calls at once are one reading", async () => {
    let lists = 0;
    const files = procFilesFrom(() => [server], networks);
    const counting = {
      ...files,
      list: (path: string) => (path === "/proc" ? (lists++, files.list(path)) : files.list(path)),
    };
    const one = reader([], { files: counting });
    const [first, second] = await Promise.all([one.read(), one.read()]);
    expect(second).toBe(first);
    expect(lists).toBe(1);
  });
});

describe("processes that end while we look", () => {
  const child: FakeProcess = { pid: 11, parent: 10, open: ["socket:[501]"] };

  test.each(["stat", "fd", "fd/0", "ns/net", "net/tcp", "net/udp"])("gone before %s", async (moment) => {
    let alive = true;
    const files = procFilesFrom(
      () => (alive ? [server, child] : [server]),
      networks,
      (path) => {
        if (path === `/proc/11/${moment}`) alive = false;
      },
    );
    const reading = await reader([], { files }).read();
    expect(reading).toMatchObject({ known: true, connections: [] });
  });

  test("its network is then read through a sibling", async () => {
    let alive = true;
    const sibling: FakeProcess = { pid: 12, parent: 10, name: "sibling", open: ["socket:[501]"] };
    const files = procFilesFrom(
      () => (alive ? [server, child, sibling] : [server, sibling]),
      networks,
      (path) => {
        if (path === "/proc/11/net/tcp") alive = false;
      },
    );
    expect(await reader([], { files }).read()).toMatchObject({ connections: [{ remotePort: 443 }] });
  });
});

describe("what cannot be seen is never zero", () => {
  test("another system", async () => {
    expect(await reader([server], { platform: "darwin" }).read()).toEqual({
      known: false,
      at: 1234,
      reason: "unsupported-system",
    });
  });

  test("a process whose files are hidden", async () => {
    const hidden: FakeProcess = { pid: 11, parent: 10, open: "EACCES" };
    expect(await reader([server, hidden]).read()).toMatchObject({ known: false, reason: "no-permission" });
  });

  test("a hidden process in a sandbox without a network cannot talk to anybody", async () => {
    const sandboxed: FakeProcess = { pid: 11, parent: 10, open: "EACCES", network: "sandbox" };
    expect(await reader([server, sandboxed]).read()).toMatchObject({ known: true, connections: [], processes: 2 });
  });

  test("other users' processes may be hidden without harm", async () => {
    const stranger: FakeProcess = { pid: 77, parent: 1 };
    const files = procFilesFrom(
      () => [server, stranger],
      networks,
      (path) => {
        if (path.startsWith("/proc/77/")) throw Object.assign(new Error("hidepid"), { code: "EPERM" });
      },
    );
    expect(await reader([], { files }).read()).toMatchObject({ known: true, processes: 1 });
  });

  test("no process of ours in sight, or a table in a strange form: failed, and said to the log", async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => void errors.push(error);
    expect(await reader([{ pid: 1, parent: 0 }], { onError }).read()).toMatchObject({ known: false, reason: "failed" });
    const files = procFilesFrom(() => [{ ...server, open: ["socket:[501]"] }], { host: { tcp: "?", udp: head } });
    expect(await reader([], { files, onError }).read()).toMatchObject({ known: false, reason: "failed" });
    expect(errors).toHaveLength(2);
  });
});
