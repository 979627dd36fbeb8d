/** Numbers of a kernel list such as `0-3,8,10-11`; unreadable parts are left out. At most 8,192 CPUs, as in Linux. */
export function parseCpuList(text: string): number[] {
  const cpus = new Set<number>();
  for (const part of text.trim().split(",")) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (!range) continue;
    const first = Number(range[1]);
    const last = Math.min(range[2] === undefined ? first : Number(range[2]), 8191);
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The CPUs a process may run on, from its `/proc/<pid>/status`: affinity and cpuset together. Null when not said. */
export function parseAllowedCpus(status: string): number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)\s*$/m.exec(status)?.[1];
  if (list === undefined) return null;
  const cpus = parseCpuList(list);
  return cpus.length > 0 ? cpus : null;
}

/**
 * Distinct cores among CPUs, from each CPU's `topology/thread_siblings_list`. A CPU that does not say counts as a core
 * of its own.
 */
export function countCores(siblings: ReadonlyMap<number, string | null>): number {
  const cores = new Set<string>();
  for (const [cpu, list] of siblings) {
    const members = list === null ? [] : parseCpuList(list);
    cores.add(members.length > 0 ? members.join(",") : `alone ${cpu}`);
  }
  return cores.size;
}

/** Name of the processor in `/proc/cpuinfo`: x86 and most others say `model name`, some ARM boards only `Model`. */
export function parseCpuName(cpuinfo: string): string | null {
  for (const key of ["model name", "Model", "Hardware", "cpu model", "cpu"]) {
    const found = new RegExp(`^${key}\\s*:\\s*(\\S.*)$`, "m").exec(cpuinfo)?.[1]?.replace(/\s+/g, " ").trim();
    if (found) return found;
  }
  return null;
}
