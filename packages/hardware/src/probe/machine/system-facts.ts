import type { MachineProfile } from "@deskside/contract";
import { listOf, numberOf, recordOf, textOf } from "../loose-values.ts";

type Disk = MachineProfile["disks"][number];

/** Name and version from systeminformation's `osInfo`; a Windows Subsystem for Linux says so in its kernel's name. */
export function systemNameOf(osInfo: unknown): string | null {
  const info = recordOf(osInfo);
  const [distro, release] = [textOf(info?.["distro"]), textOf(info?.["release"])];
  const name = [distro, release === "unknown" || distro.includes(release) ? "" : release].filter(Boolean).join(" ");
  const wsl = /microsoft/i.test(textOf(info?.["kernel"])) ? " (WSL)" : "";
  return name === "" || distro === "unknown" ? null : `${name}${wsl}`;
}

export function batteryOf(battery: unknown): MachineProfile["battery"] {
  const facts = recordOf(battery);
  const percent = numberOf(facts?.["percent"]);
  if (facts?.["hasBattery"] !== true || percent === null) return null;
  return { percent: Math.min(100, Math.max(0, percent)), charging: facts["isCharging"] === true };
}

const unreal = /^(?:tmpfs|devtmpfs|squashfs|overlayfs|efivarfs|ramfs|iso9660|udf|devfs)$/i;
const inner = /^\/(?:snap|boot|run|dev|proc|sys|var\/lib\/docker|private\/var\/vm|System\/Volumes)(?:\/|$)/;

/** Disks a person could put models on, from `fsSize`, their kind from `blockDevices`. A volume mounted twice counts once. */
export function disksOf(fsSize: unknown, blockDevices: unknown): Disk[] {
  const seen = new Set<string>();
  return listOf(fsSize).flatMap((entry): Disk[] => {
    const volume = recordOf(entry);
    const [mount, device] = [textOf(volume?.["mount"]), textOf(volume?.["fs"])];
    const total = numberOf(volume?.["size"]);
    if (!volume || mount === "" || total === null || total <= 0 || unreal.test(textOf(volume["type"]))) return [];
    if (inner.test(mount) || volume["rw"] === false || (device !== "" && seen.has(device)) || seen.size >= 32)
      return [];
    seen.add(device || mount);
    const used = numberOf(volume["used"]);
    const free = numberOf(volume["available"]) ?? (used === null ? 0 : total - used);
    return [
      {
        mount,
        totalBytes: total,
        freeBytes: Math.min(total, Math.max(0, free)),
        kind: kindOf(listOf(blockDevices), mount, device),
        readBytesPerSecond: null,
      },
    ];
  });
}

/** Virtual disks call themselves rotating whatever is behind them. */
const virtual = /^(?:\/dev\/)?(?:vd|xvd|sr|loop)[a-z0-9]/;

function kindOf(devices: readonly unknown[], mount: string, device: string): Disk["kind"] {
  if (virtual.test(device)) return "unknown";
  const found = devices
    .map(recordOf)
    .find((one) => (textOf(one?.["mount"]) === mount || textOf(one?.["name"]) === device) && one !== null);
  const physical = textOf(found?.["physical"]).toLowerCase();
  return physical === "ssd" || physical === "hdd" ? physical : "unknown";
}

const generations: Readonly<Record<string, number>> = { ddr3: 8, ddr4: 8, ddr5: 8 };

/**
 * Peak bandwidth of the memory sticks in `memLayout`, bytes a second: channels × 8 bytes × transfers a second, the sum
 * behind the catalogue's table of system memory. Sticks fill two channels of a desktop or laptop; boards with more
 * than four sticks, and soldered LPDDR, whose width is not reported, give null.
 */
export function memoryBandwidthOf(memLayout: unknown): number | null {
  const sticks = listOf(memLayout)
    .map(recordOf)
    .filter((stick) => (numberOf(stick?.["size"]) ?? 0) > 0);
  if (sticks.length === 0 || sticks.length > 4) return null;
  const rates = sticks.map((stick) => numberOf(stick?.["clockSpeed"]) ?? 0);
  const width = generations[textOf(sticks[0]?.["type"]).toLowerCase()];
  const slowest = Math.min(...rates);
  if (width === undefined || slowest < 800 || slowest > 20_000) return null;
  return Math.min(sticks.length, 2) * width * slowest * 1e6;
}
