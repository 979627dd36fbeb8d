import { countCores, parseAllowedCpus, parseCpuList } from "../../machine/cpu-list.ts";
import { numberOf, recordOf } from "../loose-values.ts";
import type { ProbeSource } from "../source/probe-source.ts";

/**
 * Fast cores of a hybrid processor; null where all cores are alike or nothing tells. Linux names them
 * (`/sys/devices/cpu_core/cpus`) or rates them (`cpu_capacity`, ARM), macOS counts them, elsewhere the library does.
 */
export async function readPerformanceCores(source: ProbeSource, signal?: AbortSignal): Promise<number | null> {
  if (source.platform === "linux") {
    const counted = await countOnLinux(source);
    if (counted !== null) return counted;
    if ((await source.readText("/proc/self/status")) !== null) return null;
  }
  if (source.platform === "darwin") {
    const [fast, all] = await Promise.all(
      ["hw.perflevel0.physicalcpu", "hw.physicalcpu"].map((key) => source.run("sysctl", ["-n", key], { signal })),
    );
    const [fastCores, allCores] = [fast, all].map((one) => (one?.status === "done" ? numberOf(one.stdout) : null));
    if (fastCores && allCores) return fastCores < allCores ? fastCores : null;
  }
  // A library that does not know is the answer "unknown".
  return coresInLibrary(await source.systemInformation("cpu").catch(() => null));
}

function coresInLibrary(answer: unknown): number | null {
  const cpu = recordOf(answer);
  const [fast, slow] = [numberOf(cpu?.["performanceCores"]), numberOf(cpu?.["efficiencyCores"])];
  return fast !== null && slow !== null && Number.isInteger(fast) && fast > 0 && slow > 0 ? fast : null;
}

async function countOnLinux({ readText }: ProbeSource): Promise<number | null> {
  const [fast, slow, status, online] = await Promise.all([
    readText("/sys/devices/cpu_core/cpus"),
    readText("/sys/devices/cpu_atom/cpus"),
    readText("/proc/self/status"),
    readText("/sys/devices/system/cpu/online"),
  ]);
  const allowed = parseAllowedCpus(status ?? "") ?? parseCpuList(online ?? "");
  const isAllowed = (cpu: number) => allowed.length === 0 || allowed.includes(cpu);
  if (fast !== null && slow !== null) return await coresAmong(parseCpuList(fast).filter(isAllowed), readText);
  const rated = await Promise.all(
    allowed.slice(0, 512).map(async (cpu) => ({
      cpu,
      capacity: numberOf((await readText(`/sys/devices/system/cpu/cpu${cpu}/cpu_capacity`)) ?? ""),
    })),
  );
  const capacities = rated.map((one) => one.capacity).filter((one) => one !== null);
  const best = Math.max(0, ...capacities);
  if (capacities.length === 0 || Math.min(...capacities) === best) return null;
  // Middle cores of phones' chips count as fast: they differ from the big ones by clock only.
  return rated.filter((one) => (one.capacity ?? 0) >= best / 2).length;
}

async function coresAmong(cpus: readonly number[], readText: ProbeSource["readText"]): Promise<number | null> {
  if (cpus.length === 0) return null;
  const siblings = cpus.map(
    async (cpu) => [cpu, await readText(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)] as const,
  );
  return countCores(new Map(await Promise.all(siblings)));
}
