import { statfs } from "node:fs/promises";
import { cpus } from "node:os";
import { type Clock, systemClock } from "@deskside/base";
import { numberOf } from "../loose-values.ts";
import type { ReadText } from "../../read-text.ts";
import { systemSource } from "../source/system-source.ts";
import { findCpuThermometer } from "./cpu-thermometer.ts";
import { createDiskMeter } from "./disk-meter.ts";
import { readSensor } from "./read-sensor.ts";
import type { MachineReader } from "./reader-types.ts";

export interface MachineReaderSource {
  readonly platform: string;
  readonly readText: ReadText;
  readonly listFolder: (path: string) => Promise<readonly string[]>;
  /** Milliseconds of all processors since the start, other systems than Linux. */
  readonly cpuTimes: () => CpuTimes;
  readonly freeBytes: (folder: string) => Promise<number | null>;
  readonly clock: Clock;
}

export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** Figures of the processor and the disk that `folder` is on. Cheap enough for once a second: four small files. */
export function createMachineReader(
  folder: string,
  source: Pick<MachineReaderSource, "platform" | "readText" | "listFolder"> &
    Partial<MachineReaderSource> = systemSource(),
): MachineReader {
  const { platform, readText, listFolder, clock = systemClock } = source;
  const { cpuTimes = timesOfNode, freeBytes = freeBytesOf } = source;
  const linux = platform === "linux";
  const disk = createDiskMeter(readText, folder, clock);
  let thermometer: Promise<string | null> | null = null;
  let before: CpuTimes | null = null;

  const utilisation = async () => {
    const now = linux ? parseCpuTimes((await readText("/proc/stat")) ?? "") : cpuTimes();
    const last = before;
    before = now;
    if (!last || !now || now.total <= last.total) return null;
    return Math.min(100, Math.max(0, (100 * (now.busy - last.busy)) / (now.total - last.total)));
  };
  const temperature = async () => {
    if (!linux) return null;
    thermometer ??= findCpuThermometer(readText, listFolder);
    const file = await thermometer;
    const milli = file === null ? null : numberOf(((await readSensor(readText, file)) ?? "").slice(0, 32));
    // Sensors that are not connected say 0 or minus forty.
    return milli !== null && milli > 0 && milli < 200_000 ? milli / 1000 : null;
  };

  return {
    async read() {
      const [cpuUtilisation, cpuTemperature, diskFreeBytes, traffic] = await Promise.all([
        utilisation(),
        temperature(),
        freeBytes(folder),
        linux ? disk() : null,
      ]);
      return {
        cpuUtilisation,
        cpuTemperature,
        diskFreeBytes,
        diskReadPerSecond: traffic?.readPerSecond ?? null,
        diskWritePerSecond: traffic?.writePerSecond ?? null,
      };
    },
    async [Symbol.asyncDispose]() {
      before = null;
    },
  };
}

/**
 * First line of `/proc/stat`: user nice system idle iowait irq softirq steal, in ticks. Waiting for a disk is idle; time
 * taken by the host of a virtual machine is not ours to be idle in.
 */
export function parseCpuTimes(stat: string): CpuTimes | null {
  const ticks = /^cpu +((?:\d{1,19} ?){4,10})/.exec(stat.slice(0, 500))?.[1]?.trim().split(/\s+/).map(Number);
  if (!ticks) return null;
  const total = ticks.slice(0, 8).reduce((sum, one) => sum + one, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return Number.isSafeInteger(total) ? { busy: total - idle, total } : null;
}

function timesOfNode(): CpuTimes {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** Not there, not ours, or a network or removed disk that does not answer. */
const unreachable = new Set<string | undefined>(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EIO", "ENODEV", "ETIMEDOUT"]);

async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (unreachable.has((error as NodeJS.ErrnoException).code)) return null;
    throw error;
  }
}
