/** One line of `/proc/<pid>/stat`. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** As the kernel keeps it: at most 15 characters, chosen by the process. */
  readonly name: string;
  /** Clock ticks since boot, as text: tells a process from a later one with the same number. */
  readonly startTime: string;
  /** Ended, but not yet collected by its parent: owns nothing any more. */
  readonly isZombie: boolean;
}

/** Null when the line is cut or is not one. A name may hold blanks and brackets: it ends at the last bracket. */
export function parseProcessStat(line: string): ProcessStat | null {
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  if (open < 1 || close < open) return null;
  const fields = line.slice(close + 2).split(" ");
  const [pid, parent, state, startTime] = [Number(line.slice(0, open)), Number(fields[1]), fields[0], fields[19]];
  if (!Number.isInteger(pid) || !Number.isInteger(parent) || !state || !startTime || !/^\d+$/.test(startTime))
    return null;
  return { pid, parent, name: line.slice(open + 1, close), startTime, isZombie: state === "Z" || state === "X" };
}

export interface TreeQuery {
  readonly roots: readonly number[];
  readonly includeDescendants: boolean;
  /** A process that is not counted, and nothing it starts either. */
  readonly exclude: (process: ProcessStat) => boolean;
  /**
   * Start times by pid of those counted before. A child whose parent ended hangs below another process; it is still
   * one that we started.
   */
  readonly known: ReadonlyMap<number, string>;
}

/** The living processes of ours among all of the system's, roots first. */
export function selectProcesses(all: readonly ProcessStat[], query: TreeQuery): ProcessStat[] {
  const byPid = new Map(all.map((process) => [process.pid, process]));
  const childrenOf = new Map<number, ProcessStat[]>();
  for (const process of all) {
    const children = childrenOf.get(process.parent);
    if (children) children.push(process);
    else childrenOf.set(process.parent, [process]);
  }
  const orphans = [...query.known].filter(([pid, startTime]) => byPid.get(pid)?.startTime === startTime);
  const queue = [...query.roots, ...(query.includeDescendants ? orphans.map(([pid]) => pid) : [])];
  const chosen = new Map<number, ProcessStat>();
  for (const pid of queue) {
    const process = byPid.get(pid);
    if (!process || chosen.has(pid) || query.exclude(process)) continue;
    chosen.set(pid, process);
    if (query.includeDescendants) queue.push(...(childrenOf.get(pid) ?? []).map((child) => child.pid));
  }
  return [...chosen.values()].filter((process) => !process.isZombie);
}
