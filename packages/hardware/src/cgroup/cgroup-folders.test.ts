import { expect, test } from "vitest";
import { findCgroupFolders } from "./cgroup-folders.ts";

// All synthetic, in the shape of /proc/self/cgroup and /proc/self/mountinfo.
const unifiedMount = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

test("version 2: the own folder first, then every parent, whose limits count too", () => {
  expect(findCgroupFolders("memory", "0::/user.slice/app.scope\n", unifiedMount)).toEqual({
    version: 2,
    folders: ["/sys/fs/cgroup/user.slice/app.scope", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup"],
  });
});

test("version 2 inside a container: the namespace hides the path, the limits lie in the mount itself", () => {
  expect(findCgroupFolders("cpu", "0::/\n", unifiedMount)).toEqual({ version: 2, folders: ["/sys/fs/cgroup"] });
});

const splitMounts = [
  "32 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
  "35 31 0:33 /docker/4f2 /sys/fs/cgroup/memory\\040x ro,relatime - cgroup cgroup rw,memory",
  "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
].join("\n");
const splitGroups = "9:name=systemd:/\n4:memory:/docker/4f2\n1:cpu,cpuacct:/docker/4f2\n0::/\n";

test("version 1: each controller has its own mount, and a bind mount starts below the root", () => {
  expect(findCgroupFolders("cpu", splitGroups, splitMounts)).toEqual({
    version: 1,
    folders: [
      "/sys/fs/cgroup/cpu,cpuacct/docker/4f2",
      "/sys/fs/cgroup/cpu,cpuacct/docker",
      "/sys/fs/cgroup/cpu,cpuacct",
    ],
  });
  expect(findCgroupFolders("memory", splitGroups, splitMounts)).toEqual({
    version: 1,
    folders: ["/sys/fs/cgroup/memory x"],
  });
});

test("a path outside the mount does not climb out of it", () => {
  expect(findCgroupFolders("memory", "0::/../../other\n", unifiedMount)?.folders).not.toContain("/sys/fs");
});

test("no control groups, no folders", () => {
  expect(findCgroupFolders("cpu", "", "")).toBeNull();
  expect(findCgroupFolders("cpu", "0::/\n", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n")).toBeNull();
});
