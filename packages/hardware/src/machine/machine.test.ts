import { cpus } from "node:os";
import { describe, expect, test } from "vitest";
import { readTextFrom } from "../testing/read-text-from.ts";
import { type MachineSource, readMachine, thisMachine } from "./machine.ts";

const GiB = 1024 ** 3;

function linux(files: Record<string, string>): MachineSource {
  return {
    platform: "linux",
    arch: "x64",
    readText: readTextFrom(files),
    cpuModel: () => "unknown",
    availableParallelism: () => 64,
    totalMemoryBytes: () => 256 * GiB,
    readForeignCpu: () => Promise.reject(new Error("only for other systems")),
  };
}

/** Synthetic: 64 processors on 32 cores, in the shape of /sys/devices/system/cpu. */
const bigServer: Record<string, string> = {
  "/proc/self/status": "Name:\tnode\nCpus_allowed_list:\t0-63\n",
  "/proc/cpuinfo": "processor\t: 0\nmodel name\t: AMD EPYC 9354   32-Core Processor\n",
  "/sys/devices/system/cpu/online": "0-63\n",
  "/proc/self/cgroup": "0::/\n",
  "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
};
for (let cpu = 0; cpu < 64; cpu++) {
  bigServer[`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`] = `${cpu % 32},${(cpu % 32) + 32}\n`;
}

describe("Linux", () => {
  test("a whole server: hyper-threads are not cores", async () => {
    expect(await readMachine(linux(bigServer))).toEqual({
      cpu: "AMD EPYC 9354 32-Core Processor",
      physicalCores: 32,
      logicalCores: 64,
      memoryBytes: 256 * GiB,
      platform: "linux",
      arch: "x64",
    });
  });

  test("a container with 2 processors and 4 GiB of it says so", async () => {
    const machine = await readMachine(
      linux({
        ...bigServer,
        "/sys/fs/cgroup/cpu.max": "200000 100000\n",
        "/sys/fs/cgroup/memory.max": String(4 * GiB),
        "/sys/fs/cgroup/memory.current": "0",
      }),
    );
    expect(machine).toMatchObject({ physicalCores: 2, logicalCores: 2, memoryBytes: 4 * GiB });
  });

  test("half a processor is one, not none", async () => {
    const machine = await readMachine(linux({ ...bigServer, "/sys/fs/cgroup/cpu.max": "50000 100000\n" }));
    expect(machine).toMatchObject({ physicalCores: 1, logicalCores: 1 });
  });

  test("pinned to two hyper-threads of one core: one core", async () => {
    const machine = await readMachine(linux({ ...bigServer, "/proc/self/status": "Cpus_allowed_list:\t3,35\n" }));
    expect(machine).toMatchObject({ physicalCores: 1, logicalCores: 2 });
  });

  test("a machine that shows nothing still gives usable numbers", async () => {
    expect(await readMachine(linux({}))).toMatchObject({ cpu: "x64", physicalCores: 64, logicalCores: 64 });
  });
});

describe("elsewhere", () => {
  const mac: MachineSource = {
    ...linux({}),
    platform: "darwin",
    arch: "arm64",
    cpuModel: () => "Apple M4",
    availableParallelism: () => 10,
    readForeignCpu: async () => ({ name: "Apple M4", physicalCores: 10 }),
  };

  test("cores come from the system's tools", async () => {
    const windows = {
      ...mac,
      platform: "win32" as const,
      readForeignCpu: async () => ({ name: "i7", physicalCores: 5 }),
    };
    expect(await readMachine(windows)).toMatchObject({ cpu: "i7", physicalCores: 5, logicalCores: 10 });
  });

  test("silent tools leave Node's numbers", async () => {
    const silent = { ...mac, readForeignCpu: async () => null };
    expect(await readMachine(silent)).toMatchObject({ cpu: "Apple M4", physicalCores: 10, logicalCores: 10 });
  });

  test("the library that asks those tools is there and answers", async () => {
    const found = await thisMachine.readForeignCpu();
    expect(found === null || found.physicalCores >= 1).toBe(true);
  });
});

test("this machine: numbers that fit each other", async () => {
  const machine = await readMachine();
  expect(machine.cpu).not.toBe("");
  expect(machine.physicalCores).toBeGreaterThanOrEqual(1);
  expect(machine.physicalCores).toBeLessThanOrEqual(machine.logicalCores);
  expect(machine.logicalCores).toBeLessThanOrEqual(cpus().length);
  expect(machine.memoryBytes).toBeGreaterThan(64 * 1024 * 1024);
});
