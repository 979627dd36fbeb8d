import { availableParallelism, cpus, totalmem } from "node:os";
import { createCgroupReader } from "../cgroup/cgroup-limits.ts";
import { type ReadText, readSystemText } from "../read-text.ts";
import { countCores, parseAllowedCpus, parseCpuList, parseCpuName } from "./cpu-list.ts";
import { type ForeignCpu, readForeignCpu } from "./foreign-cpu.ts";

/** What this process may use of the machine, after affinity and container limits. */
export interface Machine {
  /** As the system names the processor; the architecture where it names none. */
  readonly cpu: string;
  /** Cores without hyper-threads. Where the system does not tell: the same as `logicalCores`. */
  readonly physicalCores: number;
  /** Processors that may run at the same time. */
  readonly logicalCores: number;
  readonly memoryBytes: number;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** Where the facts come from; the running system unless a test says otherwise. */
export interface MachineSource {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly readText: ReadText;
  readonly cpuModel: () => string;
  readonly availableParallelism: () => number;
  readonly totalMemoryBytes: () => number;
  /** Systems other than Linux. */
  readonly readForeignCpu: () => Promise<ForeignCpu | null>;
}

export const thisMachine: MachineSource = {
  platform: process.platform,
  arch: process.arch,
  readText: readSystemText,
  cpuModel: () => cpus()[0]?.model ?? "",
  availableParallelism,
  totalMemoryBytes: totalmem,
  readForeignCpu,
};

/** Reads the machine once; a few milliseconds on Linux, up to three seconds elsewhere. Never rejects for a missing fact. */
export async function readMachine(source: MachineSource = thisMachine): Promise<Machine> {
  const { platform, arch } = source;
  if (platform === "linux") return { ...(await readLinux(source)), platform, arch };
  const foreign = await source.readForeignCpu();
  const logicalCores = Math.max(1, source.availableParallelism());
  return {
    cpu: tidy(foreign?.name ?? "") || tidy(source.cpuModel()) || arch,
    physicalCores: Math.min(foreign?.physicalCores ?? logicalCores, logicalCores),
    logicalCores,
    memoryBytes: source.totalMemoryBytes(),
    platform,
    arch,
  };
}

async function readLinux(source: MachineSource): Promise<Omit<Machine, "platform" | "arch">> {
  const { readText } = source;
  const [status, cpuinfo, online, cgroups] = await Promise.all([
    readText("/proc/self/status"),
    readText("/proc/cpuinfo"),
    readText("/sys/devices/system/cpu/online"),
    createCgroupReader(readText),
  ]);
  const onlineCpus = parseCpuList(online ?? "");
  const allowed = parseAllowedCpus(status ?? "");
  const usable = (allowed ?? onlineCpus).filter((cpu) => onlineCpus.length === 0 || onlineCpus.includes(cpu));
  const quota = await cgroups.cpuLimit();
  // Half a processor is none for a thread that spins at a barrier: round down.
  const most = quota === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(quota));
  const processors = usable.length > 0 ? usable.length : Math.max(1, source.availableParallelism());
  const cores = usable.length > 0 ? await countUsableCores(source, usable) : processors;
  const limits = (await cgroups.memoryLimits()).map(({ limitBytes }) => limitBytes);
  return {
    cpu: tidy(parseCpuName(cpuinfo ?? "") ?? "") || tidy(source.cpuModel()) || source.arch,
    physicalCores: Math.min(cores, most),
    logicalCores: Math.min(processors, most),
    memoryBytes: Math.min(source.totalMemoryBytes(), ...limits),
  };
}

async function countUsableCores({ readText }: MachineSource, usable: readonly number[]): Promise<number> {
  const siblings = await Promise.all(
    usable.map(
      async (cpu) => [cpu, await readText(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)] as const,
    ),
  );
  return countCores(new Map(siblings));
}

function tidy(name: string): string {
  const text = name.replace(/\s+/g, " ").trim();
  return text.toLowerCase() === "unknown" ? "" : text;
}
