import { type Clock, systemClock } from "@deskside/base";
import type { Gpu, MachineProfile } from "@deskside/contract";
import type { ProbeSource } from "../source/probe-source.ts";
import { systemSource } from "../source/system-source.ts";
import { createAppleLive } from "./apple-live.ts";
import { createNvidiaLive, type NvidiaReading } from "./nvidia-live.ts";
import type { GpuReader, GpuReading } from "./reader-types.ts";
import { createSysfsReaders, type SysfsReader, type SysfsReading } from "./sysfs-live.ts";

/**
 * Live figures of the profile's GPUs, for once a second. NVIDIA: one long-lived process, and NVLink's counters every
 * five seconds where GPUs are linked. AMD and Intel on Linux: the kernel's files, which do not tell how busy or full an
 * Intel GPU is. Apple: ioreg every two seconds. Everything else, and MIG slices, is not reported.
 */
export function createGpuReader(
  profile: Pick<MachineProfile, "gpus" | "platform" | "links">,
  source: ProbeSource = systemSource(),
  clock: Clock = systemClock,
): GpuReader {
  const gpus = profile.gpus.filter((gpu) => gpu.vendor !== "software");
  const busIds = gpus.filter(isLiveNvidia).map((gpu) => gpu.id);
  const hasNvlink = profile.links.some((link) => link.kind === "nvlink");
  const nvidia = busIds.length > 0 ? createNvidiaLive({ source, clock, busIds, hasNvlink }) : null;
  const apple = gpus.some((gpu) => gpu.vendor === "apple") ? createAppleLive(source, clock) : null;
  let sysfs: Promise<Map<string, SysfsReader>> | null = null;
  const needsFiles = profile.platform === "linux" && gpus.some((gpu) => gpu.vendor === "amd" || gpu.vendor === "intel");

  return {
    async read() {
      if (needsFiles) {
        sysfs ??= createSysfsReaders(source, clock).catch((error: unknown) => {
          // The next reading looks for them again.
          sysfs = null;
          throw error;
        });
      }
      const files = (await sysfs) ?? new Map<string, SysfsReader>();
      const nvidiaReadings = await nvidia?.readings();
      const appleReading = apple?.() ?? null;
      return await Promise.all(
        gpus.map(async (gpu): Promise<GpuReading> => {
          if (isLiveNvidia(gpu)) return withNvidia(empty(gpu), nvidiaReadings?.get(gpu.id));
          if (gpu.vendor === "apple" && appleReading) {
            return { ...empty(gpu), utilisation: appleReading.utilisation, vramUsedBytes: appleReading.usedBytes };
          }
          return withFiles(empty(gpu), gpu.unified, await files.get(gpu.id)?.());
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      nvidia?.[Symbol.dispose]();
    },
  };
}

function isLiveNvidia(gpu: Gpu): boolean {
  return gpu.vendor === "nvidia" && gpu.api === "cuda" && gpu.migUuid === null;
}

function withNvidia(none: GpuReading, live: NvidiaReading | undefined): GpuReading {
  if (!live) return none;
  const { receivedPerSecond, sentPerSecond, usedBytes, index: _index, ...figures } = live;
  return {
    ...none,
    ...figures,
    vramUsedBytes: usedBytes,
    pcieReceivePerSecond: receivedPerSecond,
    pcieSendPerSecond: sentPerSecond,
  };
}

/** The profile's total of a device that shares the machine's memory has what it may map, so its use has it too. */
function withFiles(none: GpuReading, unified: boolean, live: SysfsReading | undefined): GpuReading {
  if (!live) return none;
  const { usedBytes, sharedBytes, ...figures } = live;
  const used = usedBytes === null ? null : usedBytes + (unified ? (sharedBytes ?? 0) : 0);
  return { ...none, ...figures, vramUsedBytes: used };
}

function empty({ id, name, vramTotalBytes }: Gpu): GpuReading {
  return {
    id,
    name,
    vramTotalBytes,
    utilisation: null,
    vramUsedBytes: null,
    temperature: null,
    power: null,
    clock: null,
    pcieReceivePerSecond: null,
    pcieSendPerSecond: null,
    nvlinkPerSecond: null,
  };
}
