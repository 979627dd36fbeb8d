import { describe, expect, test } from "vitest";
import { readTextFrom } from "../testing/read-text-from.ts";
import {
  createCgroupReader,
  parseCfsQuota,
  parseCpuMax,
  parseInactiveFile,
  parseMemoryLimit,
} from "./cgroup-limits.ts";

// All synthetic, in the shape of the kernel's control group files.
test.each([
  ["200000 100000\n", 2],
  ["150000 100000", 1.5],
  ["max 100000\n", null],
  ["", null],
  ["0 100000", null],
])("cpu.max %j", (text, processors) => {
  expect(parseCpuMax(text)).toBe(processors);
});

test("version 1 writes no limit as -1", () => {
  expect(parseCfsQuota("-1\n", "100000\n")).toBeNull();
  expect(parseCfsQuota("400000\n", "100000\n")).toBe(4);
});

test("memory limits", () => {
  expect(parseMemoryLimit("2147483648\n")).toBe(2147483648);
  expect(parseMemoryLimit("max\n")).toBeNull();
  expect(parseMemoryLimit("")).toBeNull();
});

test("version 1 counts children in total_*, version 2 has one figure", () => {
  expect(parseInactiveFile("inactive_file 5\ntotal_inactive_file 40\n")).toBe(40);
  expect(parseInactiveFile("anon 1\ninactive_file 7\nactive_file 9\n")).toBe(7);
  expect(parseInactiveFile("anon 1\n")).toBe(0);
});

describe("reader", () => {
  const unified = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

  test("the tightest limit on the way up counts, not only the own group's", async () => {
    const reader = await createCgroupReader(
      readTextFrom({
        "/proc/self/cgroup": "0::/pod/container\n",
        "/proc/self/mountinfo": unified,
        "/sys/fs/cgroup/pod/container/cpu.max": "800000 100000\n",
        "/sys/fs/cgroup/pod/cpu.max": "200000 100000\n",
        "/sys/fs/cgroup/pod/container/memory.max": "max\n",
        "/sys/fs/cgroup/pod/memory.max": "4294967296\n",
        "/sys/fs/cgroup/pod/memory.current": "3221225472\n",
        "/sys/fs/cgroup/pod/memory.stat": "inactive_file 1073741824\n",
      }),
    );
    expect(await reader.cpuLimit()).toBe(2);
    expect(await reader.memoryLimits()).toEqual([{ limitBytes: 4294967296, usedBytes: 2147483648 }]);
  });

  test("version 1's huge number is no limit", async () => {
    const reader = await createCgroupReader(
      readTextFrom({
        "/proc/self/cgroup": "4:memory:/\n1:cpu:/\n",
        "/proc/self/mountinfo": [
          "32 31 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu",
          "35 31 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
        ].join("\n"),
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1000\n",
      }),
    );
    expect(await reader.cpuLimit()).toBeNull();
    expect(await reader.memoryLimits()).toEqual([]);
  });

  test("a system without control groups has no limits", async () => {
    const reader = await createCgroupReader(readTextFrom({}));
    expect(await reader.cpuLimit()).toBeNull();
    expect(await reader.memoryLimits()).toEqual([]);
  });
});
