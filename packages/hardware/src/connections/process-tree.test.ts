import { describe, expect, test } from "vitest";
import { type ProcessStat, parseProcessStat, selectProcesses, type TreeQuery } from "./process-tree.ts";

// Synthetic, in the shape of /proc/<pid>/stat.
const statLine = (pid: number, name: string, state: string, parent: number, start: string) =>
  `${pid} (${name}) ${state} ${parent} ${pid} ${pid} 0 -1 4194304 1 0 0 0 5 2 0 0 20 0 11 0 ${start} 1000 200 18446744073709551615 1`;

describe("one line", () => {
  test.each(["node", "a b", "x) S 1 (y", "tmux: server", ""])("a name like %j", (name) => {
    expect(parseProcessStat(statLine(42, name, "S", 7, "12345"))).toEqual({
      pid: 42,
      parent: 7,
      name,
      startTime: "12345",
      isZombie: false,
    });
  });

  test("a zombie is told apart", () => {
    expect(parseProcessStat(statLine(42, "node", "Z", 7, "1"))?.isZombie).toBe(true);
  });

  test.each(["", "42", "42 (node", "42 (node) S 7 1", "x (node) S 7 1 1 1"])("%j is none", (line) => {
    expect(parseProcessStat(line)).toBeNull();
  });
});

describe("which processes are ours", () => {
  const process = (pid: number, parent: number, rest: Partial<ProcessStat> = {}): ProcessStat => ({
    pid,
    parent,
    name: `p${pid}`,
    startTime: String(pid * 10),
    isZombie: false,
    ...rest,
  });
  const query: TreeQuery = { roots: [10], includeDescendants: true, exclude: () => false, known: new Map() };
  const pids = (all: ProcessStat[], change: Partial<TreeQuery> = {}) =>
    selectProcesses(all, { ...query, ...change }).map(({ pid }) => pid);
  const tree = [process(1, 0), process(10, 1), process(11, 10), process(12, 11), process(20, 1), process(21, 20)];

  test("children and grandchildren, nobody else", () => {
    expect(pids(tree)).toEqual([10, 11, 12]);
    expect(pids(tree, { includeDescendants: false })).toEqual([10]);
    expect(pids(tree, { roots: [10, 11, 10] })).toEqual([10, 11, 12]);
  });

  test("a grandchild whose parent died is still ours", () => {
    const orphaned = [process(1, 0), process(10, 1), process(12, 1), process(13, 12)];
    expect(pids(orphaned)).toEqual([10]);
    expect(pids(orphaned, { known: new Map([[12, "120"]]) })).toEqual([10, 12, 13]);
  });

  test("a stranger who got the number of one of ours is not", () => {
    const reused = [process(1, 0), process(10, 1), process(12, 1, { startTime: "999" })];
    expect(pids(reused, { known: new Map([[12, "120"]]) })).toEqual([10]);
  });

  test("what is left out takes its children along", () => {
    expect(pids(tree, { exclude: ({ pid }) => pid === 11 })).toEqual([10]);
  });

  test("zombies own nothing, their children do", () => {
    expect(pids([process(10, 1), process(11, 10, { isZombie: true }), process(12, 11)])).toEqual([10, 12]);
  });

  test("a parent loop in a torn reading ends", () => {
    expect(pids([process(10, 11), process(11, 10)])).toEqual([10, 11]);
  });
});
