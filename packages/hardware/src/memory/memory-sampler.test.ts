import { describe, expect, test } from "vitest";
import { readTextFrom } from "../testing/read-text-from.ts";
import { parseMemoryInfo, parseProcessMemory } from "./meminfo.ts";
import { createMemorySampler, type MemorySource } from "./memory-sampler.ts";

const GiB = 1024 ** 3;
// Synthetic, in the shape of /proc/meminfo: 16 GiB, of which 12 GiB can still be had although only 1 GiB is free.
const meminfo =
  "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:   12582912 kB\nBuffers:  1 kB\n";
// Synthetic, in the shape of /proc/<pid>/status.
const status =
  "Name:\tnode\nVmHWM:\t  900 kB\nVmRSS:\t     812 kB\nRssAnon:\t     500 kB\nRssFile:\t     300 kB\nRssShmem:\t      12 kB\n";

function linux(files: Record<string, string>): MemorySource {
  return { platform: "linux", readText: readTextFrom(files), totalBytes: () => 8 * GiB, freeBytes: () => 3 * GiB };
}

test("file cache is not used memory", async () => {
  expect(await createMemorySampler(linux({ "/proc/meminfo": meminfo })).readTotals()).toEqual({
    totalBytes: 16 * GiB,
    usedBytes: 4 * GiB,
  });
});

describe("in a container", () => {
  const group = (current: number) => ({
    "/proc/meminfo": meminfo,
    "/proc/self/cgroup": "0::/\n",
    "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "/sys/fs/cgroup/memory.max": String(4 * GiB),
    "/sys/fs/cgroup/memory.current": String(current),
    "/sys/fs/cgroup/memory.stat": `inactive_file ${GiB}\n`,
  });

  test("its limit is the total, and its own use counts", async () => {
    expect(await createMemorySampler(linux(group(3 * GiB))).readTotals()).toEqual({
      totalBytes: 4 * GiB,
      usedBytes: 2 * GiB,
    });
  });

  test("a full machine leaves no room in an empty container", async () => {
    const full = { ...group(GiB), "/proc/meminfo": meminfo.replace("12582912", "1048576") };
    expect(await createMemorySampler(linux(full)).readTotals()).toEqual({ totalBytes: 4 * GiB, usedBytes: 3 * GiB });
  });
});

test("without MemAvailable (old kernels, odd sandboxes) Node's figures serve", async () => {
  expect(await createMemorySampler(linux({})).readTotals()).toEqual({ totalBytes: 8 * GiB, usedBytes: 5 * GiB });
  expect(parseMemoryInfo("MemTotal: 12 kB\n")).toEqual({ totalBytes: 12 * 1024, availableBytes: null });
});

test("shared memory is taken memory, mapped weights are not", async () => {
  const sampler = createMemorySampler(linux({ "/proc/7/status": status }));
  expect(await sampler.readProcesses([7, 8])).toEqual([
    { residentBytes: 812 * 1024, anonymousBytes: 512 * 1024, fileBytes: 300 * 1024 },
    null,
  ]);
});

test("a kernel thread has no memory, an old kernel no parts", () => {
  expect(parseProcessMemory("Name:\tkworker\nState:\tI (idle)\n")).toBeNull();
  expect(parseProcessMemory("VmRSS:\t 4 kB\n")).toEqual({ residentBytes: 4096, anonymousBytes: null, fileBytes: null });
});

test("systems that do not show other processes say so", async () => {
  const sampler = createMemorySampler({ ...linux({}), platform: "win32" });
  expect(await sampler.readProcesses([1])).toEqual([null]);
  expect(await sampler.readTotals()).toEqual({ totalBytes: 8 * GiB, usedBytes: 5 * GiB });
});

test("this machine: a hundred megabytes more show up in this process", async () => {
  const sampler = createMemorySampler();
  const { totalBytes, usedBytes } = await sampler.readTotals();
  expect(totalBytes).toBeGreaterThan(usedBytes);
  expect(usedBytes).toBeGreaterThan(0);
  const [before] = await sampler.readProcesses([process.pid]);
  if (process.platform !== "linux") return expect(before).toBeNull();
  const taken = Buffer.alloc(100 * 1024 * 1024, 1);
  const [after] = await sampler.readProcesses([process.pid]);
  expect(taken.length).toBeGreaterThan(0);
  expect((after?.anonymousBytes ?? 0) - (before?.anonymousBytes ?? 0)).toBeGreaterThan(80 * 1024 * 1024);
});
