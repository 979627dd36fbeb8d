import { type FoundGpu, normalBusId, type Probed, unknownGpu } from "../found-gpu.ts";
import type { DrmCard } from "../linux/sysfs-drm.ts";
import { bytesOf } from "../loose-values.ts";
import { noteOfCommand } from "../probe-notes.ts";
import type { CommandResult, ProbeSource } from "../source/probe-source.ts";
import { type AmdGpu, parseAmdSmi, parseRocmSmi } from "./rocm-smi.ts";

/** Asks both of AMD's tools at once; the newer one wins, the kernel's files fill what they leave open. */
export async function probeAmd(source: ProbeSource, cards: readonly DrmCard[], signal?: AbortSignal): Promise<Probed> {
  const [legacy, facts, figures, monitor] = await Promise.all([
    source.run("rocm-smi", ["-a", "--json"], { signal }),
    source.run("amd-smi", ["static", "--json"], { signal }),
    source.run("amd-smi", ["metric", "--json"], { signal }),
    source.run("amd-smi", ["monitor", "-ptumv"], { signal }),
  ]);
  const newer = parseAmdSmi(outputOf(facts), outputOf(figures)) ?? [];
  const older = parseRocmSmi(outputOf(legacy)) ?? [];
  const table = parseAmdMonitor(outputOf(monitor));
  const listed = newer.length > 0 ? newer.map((one) => fill(one, sameOf(one, older))) : older;
  const tools = listed.length > 0 ? listed.map((one) => withTable(one, table)) : table.map((row) => row.device);
  const fromKernel = cards.filter((card) => card.gpu.vendor === "amd").map(deviceOf);
  const joined = tools.map((one) => fill(one, sameOf(one, fromKernel)));
  const others = fromKernel.filter((one) => !joined.some((tool) => sameBus(tool, one)));
  // Where tools and kernel do not name the bus alike, the same card must not count twice.
  const extra = joined.some((one) => normalBusId(one.gpu.busId) === null) ? [] : others;
  const notes = [
    ...(parseRocmSmi(outputOf(legacy)) === null ? noteOfCommand("rocm-smi", legacy) : []),
    ...(newer.length === 0 && facts.status !== "missing" ? noteOfCommand("amd-smi", facts) : []),
  ];
  return { gpus: [...joined, ...extra].map(withShared), notes };
}

function withShared({ gpu, gttTotalBytes, gttUsedBytes }: AmdGpu): FoundGpu {
  return { ...gpu, sharedTotalBytes: gttTotalBytes, sharedUsedBytes: gttUsedBytes };
}

function outputOf(result: CommandResult): string {
  return result.status === "done" ? result.stdout : "";
}

function deviceOf(card: DrmCard): AmdGpu {
  return {
    gttTotalBytes: card.gttTotalBytes,
    gttUsedBytes: card.gttUsedBytes,
    gpu: { ...card.gpu, working: card.kernelDriver === null ? null : card.kernelDriver === "amdgpu" },
  };
}

function sameBus(a: AmdGpu, b: AmdGpu): boolean {
  const bus = normalBusId(a.gpu.busId);
  return bus !== null && bus === normalBusId(b.gpu.busId);
}

function sameOf(one: AmdGpu, others: readonly AmdGpu[]): AmdGpu | undefined {
  const byBus = others.find((other) => sameBus(one, other));
  return byBus ?? (others.length === 1 && others[0]?.gpu.busId === null ? others[0] : undefined);
}

function fill(device: AmdGpu, other: AmdGpu | undefined): AmdGpu {
  if (!other) return device;
  const [a, b] = [device.gpu, other.gpu];
  const named = a.name !== "AMD GPU" && a.name !== "" ? a.name : b.name || a.name;
  return {
    gttTotalBytes: device.gttTotalBytes ?? other.gttTotalBytes,
    gttUsedBytes: device.gttUsedBytes ?? other.gttUsedBytes,
    gpu: {
      ...a,
      name: named,
      busId: a.busId ?? b.busId,
      unified: a.unified ?? b.unified,
      vramTotalBytes: a.vramTotalBytes ?? b.vramTotalBytes,
      vramFreeBytes: a.vramFreeBytes ?? b.vramFreeBytes,
      driver: a.driver ?? b.driver,
      capability: a.capability ?? b.capability,
    },
  };
}

interface MonitorRow {
  readonly index: number;
  readonly device: AmdGpu;
}

/**
 * `amd-smi monitor -ptumv`: a header of column names, one row per GPU with units. Values are found from the right: the
 * last two sizes are used and total. Sizes are MiB though it says MB (MI300X: 196300 of 192 GiB).
 */
export function parseAmdMonitor(text: string): MonitorRow[] {
  const lines = text.slice(0, 256 * 1024).split(/\r?\n/);
  const head = lines.findIndex((line) => /\bVRAM_USED\b.*\bVRAM_TOTAL\b/.test(line));
  if (head < 0) return [];
  return lines.slice(head + 1, head + 257).flatMap((line) => {
    const index = /^\s*(\d{1,3})\s/.exec(line)?.[1];
    const sizes = [...line.matchAll(/(?<![\d.])(\d{1,9}(?:\.\d{1,3})?) ([MG])B\b/g)].map((one) =>
      bytesOf(`${one[1]} ${one[2]}iB`, "mib"),
    );
    const [used, total] = sizes.slice(-2);
    if (index === undefined || !total || used === null || used === undefined) return [];
    const gpu: FoundGpu = {
      ...unknownGpu,
      vendor: "amd",
      name: "AMD GPU",
      index: Number(index),
      vramTotalBytes: total,
      vramFreeBytes: Math.max(0, total - used),
      working: true,
    };
    return [{ index: Number(index), device: { gpu, gttTotalBytes: null, gttUsedBytes: null } }];
  });
}

function withTable(device: AmdGpu, table: readonly MonitorRow[]): AmdGpu {
  if (device.gpu.vramTotalBytes !== null) return device;
  return fill(device, table.find((row) => row.index === device.gpu.index)?.device);
}
