import type { Clock } from "@deskside/base";
import { readDrmCards } from "../linux/sysfs-drm.ts";
import { numberOf } from "../loose-values.ts";
import type { ProbeSource } from "../source/probe-source.ts";
import { readSensor } from "./read-sensor.ts";

/** Figures of one card from the kernel's files. Percent, bytes, °C, watts, hertz. */
export interface SysfsReading {
  readonly utilisation: number | null;
  readonly usedBytes: number | null;
  /** Memory of the machine that the device has mapped (GTT). */
  readonly sharedBytes: number | null;
  readonly temperature: number | null;
  readonly power: number | null;
  readonly clock: number | null;
}

const nothing: SysfsReading = {
  ...{ utilisation: null, usedBytes: null, sharedBytes: null, temperature: null, power: null, clock: null },
};

export type SysfsReader = () => Promise<SysfsReading>;

/**
 * Readers of AMD's and Intel's cards by PCI bus id. Files: amdgpu `gpu_busy_percent`, `mem_info_*`, i915
 * `gt_cur_freq_mhz`, xe `tile0/gt0/freq0/cur_freq` (MHz), hwmon `power1_average|input` (µW), `energy1_input` (µJ),
 * `temp*_input` (m°C), `freq1_input` (Hz).
 */
export async function createSysfsReaders(source: ProbeSource, clock: Clock): Promise<Map<string, SysfsReader>> {
  const readers = new Map<string, SysfsReader>();
  for (const card of await readDrmCards(source)) {
    const bus = card.gpu.busId;
    if (bus === null || card.gpu.vendor === "nvidia") continue;
    const monitors = (await source.listFolder(`${card.folder}/hwmon`)).filter((name) => /^hwmon\d+$/.test(name));
    const monitor = monitors[0] === undefined ? null : `${card.folder}/hwmon/${monitors[0]}`;
    readers.set(bus, createReader(source, clock, card.folder, monitor));
  }
  return readers;
}

function createReader(source: ProbeSource, clock: Clock, device: string, monitor: string | null): SysfsReader {
  const number = async (path: string | null) => {
    const text = path === null ? null : await readSensor(source.readText, path);
    const value = text === null ? null : numberOf(text.slice(0, 64));
    return value !== null && value >= 0 ? value : null;
  };
  const hwmon = (file: string) => number(monitor === null ? null : `${monitor}/${file}`);
  const powerOf = createPowerMeter(clock);
  return async () => {
    // Reading a sensor of a card that is powered down wakes it (https://docs.kernel.org/power/runtime_pm.html).
    const state = await readSensor(source.readText, `${device}/power/runtime_status`);
    if (state?.trim() === "suspended") return nothing;
    const [busy, vram, gtt, watts, watts2, energy, temperature, temperature2, hertz, oldClock, newClock] =
      await Promise.all([
        number(`${device}/gpu_busy_percent`),
        number(`${device}/mem_info_vram_used`),
        number(`${device}/mem_info_gtt_used`),
        hwmon("power1_average"),
        hwmon("power1_input"),
        hwmon("energy1_input"),
        hwmon("temp1_input"),
        hwmon("temp2_input"),
        hwmon("freq1_input"),
        number(`${device.replace(/\/device$/, "")}/gt_cur_freq_mhz`),
        number(`${device}/tile0/gt0/freq0/cur_freq`),
      ]);
    const megahertz = oldClock ?? newClock ?? (hertz === null ? await levelOf(source, device) : null);
    const microwatts = watts ?? watts2;
    const milli = temperature ?? temperature2;
    return {
      utilisation: busy === null ? null : Math.min(100, busy),
      usedBytes: vram,
      sharedBytes: gtt,
      temperature: milli === null ? null : milli / 1000,
      power: microwatts === null ? powerOf(energy) : microwatts / 1e6,
      clock: hertz ?? (megahertz === null ? null : megahertz * 1e6),
    };
  };
}

/** `pp_dpm_sclk` of amdgpu: `0: 500Mhz`, `1: 2304Mhz *`; the marked level is the current one. */
async function levelOf(source: ProbeSource, device: string): Promise<number | null> {
  const levels = ((await readSensor(source.readText, `${device}/pp_dpm_sclk`)) ?? "").slice(0, 4096);
  const level = /^\s*\w{1,3}:\s*(\d{1,5})\s*MHz\s*\*/im.exec(levels)?.[1];
  return level === undefined ? null : Number(level);
}

/** Watts from a counter of microjoules: what was used since the call before. */
function createPowerMeter(clock: Clock): (microjoules: number | null) => number | null {
  let last: { readonly at: number; readonly microjoules: number } | null = null;
  return (microjoules) => {
    const before = last;
    last = microjoules === null ? null : { at: clock.monotonic(), microjoules };
    if (!before || !last) return null;
    const [joules, seconds] = [(last.microjoules - before.microjoules) / 1e6, (last.at - before.at) / 1000];
    return joules >= 0 && seconds > 0 ? joules / seconds : null;
  };
}
