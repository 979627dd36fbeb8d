import { expect, test } from "vitest";
import { diskOfFolder } from "./disk-of-folder.ts";

const mounts = [
  "22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw",
  "30 22 0:26 / /proc rw - proc proc rw",
  "41 22 253:0 / /home rw - ext4 /dev/mapper/vg-home rw",
  "42 41 0:50 /@data /home/ann/My\\040Models rw shared:7 master:2 - btrfs /dev/sdb1 rw,subvol=/@data",
  "43 22 0:60 / /net rw - nfs4 server:/export rw",
  "44 22 8:1 / /over rw - ext4 /dev/sda1 rw",
  "45 22 8:17 / /over rw - ext4 /dev/sdb2 rw",
  "not a mount",
  "",
].join("\n");

test.each([
  ["/var/lib", { numbers: "259:2", name: "nvme0n1p2" }],
  ["/home/bob", { numbers: "253:0", name: "vg-home" }],
  ["/homework", { numbers: "259:2", name: "nvme0n1p2" }],
  ["/home/ann/My Models/x", { numbers: "0:50", name: "sdb1" }],
  ["/home/ann/My Models", { numbers: "0:50", name: "sdb1" }],
  ["/net/share", { numbers: "0:60", name: null }],
  ["/over/x", { numbers: "8:17", name: "sdb2" }],
])("%s", (folder, disk) => {
  expect(diskOfFolder(mounts, folder)).toEqual(disk);
});

test("no mount that fits", () => {
  expect(diskOfFolder("", "/home")).toBeNull();
  expect(diskOfFolder("garbage - garbage - garbage\n - \n1 2 3", "/home")).toBeNull();
  expect(diskOfFolder("30 22 0:26 / /proc rw - proc proc rw", "/home")).toBeNull();
});
