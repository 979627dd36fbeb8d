import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second in `/proc`: USER_HZ, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor seconds a process and its children used so far, ended ones included. Linux only; see proc_pid_stat(5). */
export function cpuSecondsOf(pid: number): number {
  const stats = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const stat = readStat(Number(name));
        return stat ? [[stat.pid, stat] as const] : [];
      }),
  );
  const isInside = (one: number): boolean => {
    const stat = stats.get(one);
    return one === pid || (stat !== undefined && stat.parent !== 0 && isInside(stat.parent));
  };
  const ticks = [...stats.values()].filter((stat) => isInside(stat.pid)).reduce((sum, stat) => sum + stat.ticks, 0);
  return ticks / ticksPerSecond;
}

function readStat(pid: number): { pid: number; parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; the fields after it are numbered from 3.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const field = (number: number) => Number(fields[number - 3]);
    return { pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
  } catch {
    // It ended while the list was read.
    return null;
  }
}
