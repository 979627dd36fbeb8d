import { withSignal } from "@deskside/base";
import type { Gpu, MachineProfile, ProbeNote } from "@deskside/contract";
import { probeAmd } from "./amd/probe-amd.ts";
import { probeApple } from "./apple/probe-apple.ts";
import type { Machine } from "../machine/machine.ts";
import type { FoundGpu, Probed } from "./found-gpu.ts";
import type { GpuTable } from "./gpu-table/gpu-table.ts";
import { parseControllers } from "./graphics/controllers.ts";
import { withRegistryMemory } from "./graphics/registry-correction.ts";
import { probeIntel } from "./intel/probe-intel.ts";
import { readDrmCards } from "./linux/sysfs-drm.ts";
import { flagsInCpuinfo, flagsInSysctl, instructionSetsOf } from "./machine/instruction-sets.ts";
import { readPerformanceCores } from "./machine/performance-cores.ts";
import { batteryOf, disksOf, memoryBandwidthOf, systemNameOf } from "./machine/system-facts.ts";
import { mergeGpus } from "./merge-gpus.ts";
import { linksOf, probeNvidia, type ProbedNvidia } from "./nvidia/probe-nvidia.ts";
import { note } from "./probe-notes.ts";
import { type ProfileContext, profileGpus } from "./profile-gpus.ts";
import type { ProbeSource, SystemFunction } from "./source/probe-source.ts";
import { systemSource } from "./source/system-source.ts";
import { readRegistryMemory } from "./windows/registry-memory.ts";

export interface DetectOptions {
  /** The running machine unless said otherwise. */
  readonly source?: ProbeSource;
  readonly gpuTable: GpuTable;
  readonly signal?: AbortSignal;
}

/**
 * Detects the machine: every probe at once, each with its own limit, so that it ends within about five seconds whatever
 * hangs. A tool that is missing, slow or odd becomes a note, never an error. Rejects only with `signal.reason`.
 */
export function detectMachine(options: DetectOptions): Promise<MachineProfile> {
  return withSignal(detect(options), options.signal);
}

async function detect({ source = systemSource(), gpuTable, signal }: DetectOptions): Promise<MachineProfile> {
  const notes: ProbeNote[] = [];
  const ask = askLibrary(source, notes, signal);
  const machineRead = source.machine();
  const [machine, memory, found, flags, performanceCores, layout, sizes, blocks, os, battery] = await Promise.all([
    machineRead,
    source.memory(),
    findGpus(source, machineRead, notes, signal),
    readFlags(source, signal),
    readPerformanceCores(source, signal),
    ask("memLayout", true),
    ask("fsSize"),
    ask("blockDevices", true),
    ask("osInfo"),
    ask("battery", true),
  ]);
  const freeBytes = Math.max(0, memory.totalBytes - memory.usedBytes);
  if (memory.totalBytes <= 0) notes.push(note("tool-failed", "memory", "the size of the memory is not known"));
  const context: ProfileContext = {
    platform: source.platform,
    arch: source.arch,
    memoryTotalBytes: machine.memoryBytes,
    memoryFreeBytes: freeBytes,
    gpuTable,
    nvidiaDriver: found.nvidiaDriver,
  };
  const profiled = profileGpus(found.gpus, context);
  const ram = memoryBandwidth(
    profiled.gpus.map((one) => one.gpu),
    memoryBandwidthOf(layout),
  );
  return {
    at: Date.now(),
    platform: source.platform,
    arch: source.arch,
    system: systemNameOf(os),
    cpu: {
      name: machine.cpu,
      physicalCores: machine.physicalCores,
      logicalCores: machine.logicalCores,
      performanceCores: performanceCores === null ? null : Math.min(performanceCores, machine.physicalCores),
      instructionSets: instructionSetsOf(flags),
    },
    memory: { totalBytes: machine.memoryBytes, freeBytes: Math.min(freeBytes, machine.memoryBytes), ...ram },
    gpus: profiled.gpus.map(({ gpu }) => sharingBandwidth(gpu, ram)),
    links: linksOf(found.links, (index) => {
      const match = profiled.gpus.filter((one) => one.gpu.vendor === "nvidia" && one.index === index);
      // Slices of one board have no link of their own.
      return match.length === 1 && match[0]?.gpu.migUuid === null ? match[0].gpu.id : null;
    }),
    disks: disksOf(sizes, blocks),
    battery: batteryOf(battery),
    notes: distinct([...notes, ...found.notes, ...profiled.notes]),
  };
}

/** Null for a function that failed, with a note unless it is one that many machines lack. */
function askLibrary(source: ProbeSource, notes: ProbeNote[], signal: AbortSignal | undefined) {
  return async (name: SystemFunction, optional = false): Promise<unknown> => {
    try {
      return await source.systemInformation(name);
    } catch (error) {
      signal?.throwIfAborted();
      if (!optional) notes.push(note("tool-failed", `systeminformation.${name}`, String(error)));
      return null;
    }
  };
}

interface FoundGpus extends Probed {
  readonly links: ProbedNvidia["links"];
  readonly nvidiaDriver: ProfileContext["nvidiaDriver"];
}

async function findGpus(
  source: ProbeSource,
  machine: Promise<Machine>,
  notes: ProbeNote[],
  signal: AbortSignal | undefined,
): Promise<FoundGpus> {
  const { platform } = source;
  const cards = platform === "linux" ? await readDrmCards(source) : [];
  const pc = platform === "linux" || platform === "win32";
  const none: Probed = { gpus: [], notes: [] };
  const [nvidia, amd, intel, apple, base, registry] = await Promise.all([
    pc ? probeNvidia(source, signal) : null,
    pc ? probeAmd(source, cards, signal) : none,
    pc ? probeIntel(source, signal) : none,
    platform === "darwin" ? probeApple(source, (await machine).cpu, signal) : none,
    askLibrary(source, notes, signal)("graphics").then((answer) => parseControllers(answer, platform)),
    platform === "win32" ? readRegistryMemory(source, signal) : [],
  ]);
  const tools = [...(nvidia?.gpus ?? []), ...amd.gpus, ...intel.gpus, ...apple.gpus];
  const corrected = withRegistryMemory(base.gpus, registry);
  // The kernel's cards stand in for devices that no list names.
  const others = cards.filter((card) => card.gpu.vendor !== "amd").map((card) => card.gpu);
  const listed = mergeGpus(corrected, others).map((gpu) => (gpu.name === "" ? unnamed(gpu) : gpu));
  const gpus = mergeGpus(tools, listed, nvidia?.boards ?? []);
  const nvidiaDriver = driverOf(nvidia);
  const missing =
    gpus.some((gpu) => gpu.vendor === "nvidia" && gpu.working === null) &&
    nvidiaDriver === "unknown" &&
    nvidia?.notes.length === 0;
  return {
    gpus,
    links: nvidia?.links ?? [],
    nvidiaDriver,
    notes: [
      ...(nvidia?.notes ?? []),
      ...amd.notes,
      ...intel.notes,
      ...apple.notes,
      ...base.notes,
      ...(missing ? [note("tool-missing", "nvidia-smi")] : []),
    ],
  };
}

function driverOf(nvidia: ProbedNvidia | null): ProfileContext["nvidiaDriver"] {
  if (nvidia === null) return "unknown";
  if (nvidia.hangs) return "hangs";
  if (nvidia.notes.some((one) => one.code === "driver-not-loaded")) return "not-loaded";
  return nvidia.boards.length > 0 ? "works" : "unknown";
}

function unnamed(gpu: FoundGpu): FoundGpu {
  const names: Partial<Record<Gpu["vendor"], string>> = { nvidia: "NVIDIA GPU", amd: "AMD GPU", intel: "Intel GPU" };
  return { ...gpu, name: names[gpu.vendor] ?? "GPU" };
}

async function readFlags(source: ProbeSource, signal: AbortSignal | undefined): Promise<string> {
  if (source.platform === "linux") {
    const flags = flagsInCpuinfo((await source.readText("/proc/cpuinfo")) ?? "");
    if (flags !== "") return flags;
  }
  if (source.platform === "darwin") {
    const optional = await source.run("sysctl", ["hw.optional"], { signal });
    const flags = optional.status === "done" ? flagsInSysctl(optional.stdout) : "";
    if (flags !== "") return flags;
  }
  // A library that does not know leaves the list empty, which is what "not known" looks like here.
  const flags = await source.systemInformation("cpuFlags").catch(() => null);
  if (typeof flags === "string" && flags !== "") return flags;
  const cpu = await source.systemInformation("cpu").catch(() => null);
  const listed = (cpu as { flags?: unknown } | null)?.flags;
  return typeof listed === "string" ? listed : "";
}

type Ram = Pick<MachineProfile["memory"], "bandwidthBytesPerSecond" | "bandwidthSource">;

/** A chip in the table whose GPU shares the memory tells the memory's bandwidth; else the sticks do. */
function memoryBandwidth(gpus: readonly Gpu[], sticks: number | null): Ram {
  const shared = gpus.find((gpu) => gpu.unified && gpu.bandwidthBytesPerSecond !== null)?.bandwidthBytesPerSecond;
  const bandwidthBytesPerSecond = shared ?? sticks;
  return { bandwidthBytesPerSecond, bandwidthSource: bandwidthBytesPerSecond === null ? null : "table" };
}

/** A device that shares the memory reads as fast as the memory is. */
export function sharingBandwidth(gpu: Gpu, ram: Ram): Gpu {
  return gpu.unified && gpu.vendor !== "software" && gpu.bandwidthBytesPerSecond === null ? { ...gpu, ...ram } : gpu;
}

function distinct(notes: readonly ProbeNote[]): ProbeNote[] {
  return [...new Map(notes.map((one) => [`${one.code} ${one.subject}`, one])).values()].slice(0, 100);
}
