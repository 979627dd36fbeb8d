import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { systemClock } from "@deskside/base";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemSource } from "../source/system-source.ts";
import { createNvidiaLive, queryEveryMs, staleMs, watchedPaceMs } from "./nvidia-live.ts";
import { createFakeSource, createTestClock } from "./test/fake-source.ts";

const bus = "0000:01:00.0";
const table = (busy: number) =>
  "index, pci.bus_id, utilization.gpu [%], memory.used [MiB], temperature.gpu, power.draw [W], clocks.current.sm [MHz]\n" +
  `0, 00000000:01:00.0, ${busy} %, 100 MiB, 40, 20.00 W, 210 MHz\n`;
const header = "# gpu    pwr  gtemp     sm   pclk     fb  rxpci  txpci";
const line = "    0     64     34     97   1980    200    120     80";

describe("with a program that the test plays", () => {
  function setUp(hasNvlink = false) {
    const [source, clock] = [createFakeSource(), createTestClock()];
    source.answers.set("nvidia-smi", table(5));
    const live = createNvidiaLive({ source, clock, busIds: [bus], hasNvlink });
    const read = async () => {
      await new Promise(setImmediate);
      return (await live.readings()).get(bus);
    };
    const queries = () => source.calls.filter((call) => call.includes("--query-gpu")).length;
    return { source, clock, live, read, queries };
  }

  test("the query first, then the stream, which is then alone", async () => {
    const { source, clock, live, read, queries } = setUp();
    expect(await read()).toBeUndefined();
    clock.advance(1000);
    expect(await read()).toMatchObject({ utilisation: 5, power: 20, receivedPerSecond: null });
    for (let second = 0; second < 30; second++) {
      source.runs[0]?.say(header);
      source.runs[0]?.say(line);
      clock.advance(1000);
      expect(await read()).toMatchObject({
        utilisation: 97,
        receivedPerSecond: 120 * 1024 ** 2,
        nvlinkPerSecond: null,
      });
    }
    expect([queries(), source.runs.length]).toEqual([1, 1]);
    live[Symbol.dispose]();
    expect(source.runs[0]?.stopped).toBe(true);
    expect(await read()).toBeUndefined();
    expect(source.runs).toHaveLength(1);
  });

  test("a silent stream: a query every three seconds, and readings all the time", async () => {
    const { clock, read, queries } = setUp();
    await read();
    const seconds = 60;
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      expect(await read()).toMatchObject({ utilisation: 5, receivedPerSecond: null });
    }
    expect(queries()).toBeLessThanOrEqual((seconds * 1000) / queryEveryMs + 1);
    expect(queries()).toBeGreaterThanOrEqual(seconds / 6);
  });

  test("a tool that stops answering: the last reading is not shown for long", async () => {
    const { source, clock, read } = setUp();
    await read();
    source.answers.clear();
    clock.advance(staleMs - 2000);
    expect(await read()).toBeDefined();
    clock.advance(2001);
    expect(await read()).toBeUndefined();
  });

  test("when nobody watches: no process stays, and a query for each reading", async () => {
    const { source, clock, read, queries } = setUp();
    await read();
    await read();
    expect(source.runs).toHaveLength(1);
    for (let index = 0; index < 5; index++) {
      clock.advance(watchedPaceMs * 2);
      source.answers.set("nvidia-smi", table(50 + index));
      expect(await read()).toMatchObject({ utilisation: 50 + index });
    }
    expect([source.runs.length, source.runs[0]?.stopped, queries()]).toEqual([1, true, 6]);
    clock.advance(1000);
    await read();
    expect(source.runs).toHaveLength(2);
  });

  test("a GPU that is powered down is left alone", async () => {
    const { source, clock, read } = setUp();
    source.files.set(`/sys/bus/pci/devices/${bus}/power/runtime_status`, "suspended\n");
    for (let index = 0; index < 5; index++) {
      expect(await read()).toBeUndefined();
      clock.advance(10_000);
    }
    expect(source.calls).toEqual([]);
    source.files.set(`/sys/bus/pci/devices/${bus}/power/runtime_status`, "active\n");
    expect(await read()).toMatchObject({ utilisation: 5 });
  });

  test("NVLink is asked about only where GPUs are linked", async () => {
    for (const hasNvlink of [false, true]) {
      const { source, read } = setUp(hasNvlink);
      await read();
      expect(source.calls.some((call) => call.includes("nvlink"))).toBe(hasNvlink);
    }
  });
});

describe.skipIf(process.platform === "win32")("with a program of that name", () => {
  let folder: string;
  const path = process.env["PATH"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "deskside-smi-"));
    process.env["PATH"] = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  /** `dmon` = what the long-lived call does; `pid()` is of its newest process. */
  function install(dmon: string) {
    const program = join(folder, "nvidia-smi");
    const pidFile = join(folder, "pid");
    writeFileSync(
      program,
      `#!${process.execPath}
const fs = process.getBuiltinModule("node:fs");
if (process.argv[2] !== "dmon") {
  process.stdout.write(${JSON.stringify(table(5))});
} else {
  fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
  ${dmon}
}
`,
    );
    chmodSync(program, 0o755);
    return { pid: () => (existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : null) };
  }

  function alive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  const open = () => createNvidiaLive({ source: systemSource(), clock: systemClock, busIds: [bus], hasNvlink: false });
  const waiting = { timeout: 20_000, interval: 100 };
  const lines = JSON.stringify(`${header}\n${line}\n`);

  test("its lines are read as they come, and it ends with the reader", async () => {
    const smi = install(`setInterval(() => process.stdout.write(${lines}), 50);`);
    const live = open();
    await vi.waitFor(async () => {
      expect((await live.readings()).get(bus)).toMatchObject({ utilisation: 97, sentPerSecond: 80 * 1024 ** 2 });
    }, waiting);
    const pid = smi.pid() ?? 0;
    expect(alive(pid)).toBe(true);
    live[Symbol.dispose]();
    await vi.waitFor(() => expect(alive(pid)).toBe(false), waiting);
  }, 30_000);

  test("one that dies at once, and one that writes rubbish, leave the query's figures", async () => {
    for (const dmon of [
      "process.exit(9);",
      `process.stdout.write("\\u0000".repeat(300000));setInterval(() => {}, 1e6);`,
    ]) {
      const smi = install(dmon);
      const live = open();
      await vi.waitFor(async () => {
        expect((await live.readings()).get(bus)).toMatchObject({ utilisation: 5, sentPerSecond: null });
        expect(smi.pid()).not.toBeNull();
      }, waiting);
      live[Symbol.dispose]();
      const pid = smi.pid() ?? 0;
      await vi.waitFor(() => expect(alive(pid)).toBe(false), waiting);
      rmSync(join(folder, "pid"));
    }
  }, 60_000);
});
