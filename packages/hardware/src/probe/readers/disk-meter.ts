import type { Clock } from "@deskside/base";
import type { ReadText } from "../../read-text.ts";
import { findDiskOfFolder, type MountedDisk } from "./disk-of-folder.ts";

/** Bytes since the start of the system. */
export interface DiskTraffic {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

export interface DiskRates {
  readonly readPerSecond: number;
  readonly writePerSecond: number;
}

/**
 * `/proc/diskstats`: major minor name, then reads, merged, sectors read, ms, writes, merged, sectors written, … A sector
 * is 512 bytes whatever the disk's own is (https://docs.kernel.org/admin-guide/iostats.html). Null = the disk is not in
 * it: a network file system, memory, or layers of a container.
 */
export function parseDiskstats(text: string, disk: MountedDisk): DiskTraffic | null {
  const lines = text.slice(0, 1024 * 1024).split("\n");
  const rows = lines.map((line) => line.trim().split(/\s+/));
  const own = rows.find((row) => `${row[0]}:${row[1]}` === disk.numbers) ?? rows.find((row) => row[2] === disk.name);
  const [read, written] = [sectors(own?.[5]), sectors(own?.[9])];
  return read === null || written === null ? null : { readBytes: read * 512, writtenBytes: written * 512 };
}

function sectors(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Rates of the disk that `folder` is on since the call before; null at the first one, and where Linux does not tell. */
export function createDiskMeter(readText: ReadText, folder: string, clock: Clock): () => Promise<DiskRates | null> {
  let disk: MountedDisk | null = null;
  let before: { readonly at: number; readonly traffic: DiskTraffic } | null = null;
  return async () => {
    disk ??= await findDiskOfFolder(readText, folder);
    const text = disk && (await readText("/proc/diskstats"));
    const traffic = disk && text ? parseDiskstats(text, disk) : null;
    const last = before;
    before = traffic && { at: clock.monotonic(), traffic };
    const seconds = last && before ? (before.at - last.at) / 1000 : 0;
    if (!last || !traffic || seconds <= 0) return null;
    const rate = (from: number, to: number) => Math.max(0, to - from) / seconds;
    return {
      readPerSecond: rate(last.traffic.readBytes, traffic.readBytes),
      writePerSecond: rate(last.traffic.writtenBytes, traffic.writtenBytes),
    };
  };
}
