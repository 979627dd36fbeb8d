import type { ProcFiles } from "../connections/proc-files.ts";

export interface FakeProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name?: string;
  readonly command?: string;
  /** What its descriptors point to, such as `socket:[501]`; the error code when they may not be read. */
  readonly open?: readonly string[] | "EACCES";
  readonly network?: string;
}

/** Tables by network: `tcp`, `tcp6`, `udp`, `udp6`, `dev`. */
export type FakeNetworks = Readonly<Record<string, Readonly<Record<string, string>>>>;

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code });
}

/** A /proc with these processes. `onRead` runs before each access, so that a test can change the world in between. */
export function procFilesFrom(
  processes: () => readonly FakeProcess[],
  networks: FakeNetworks,
  onRead: (path: string) => void = () => undefined,
): ProcFiles {
  const find = (path: string): [FakeProcess, string] => {
    onRead(path);
    const [, , pid, ...rest] = path.split("/");
    const process = processes().find((candidate) => String(candidate.pid) === pid);
    return process ? [process, rest.join("/")] : fail("ENOENT", path);
  };
  const openOf = (process: FakeProcess, path: string) => {
    const open = process.open ?? [];
    return typeof open === "string" ? fail(open, path) : open;
  };
  return {
    readText(path) {
      const [process, file] = find(path);
      if (file === "stat") {
        const { pid, parent, name = "node" } = process;
        return `${pid} (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid}00 0 0 0`;
      }
      if (file === "cmdline") return process.command ?? "";
      const table = networks[process.network ?? "host"]?.[file.replace("net/", "")];
      return table ?? fail("ENOENT", path);
    },
    list(path) {
      if (path === "/proc") return ["self", "meminfo", ...processes().map(({ pid }) => String(pid))];
      const [process] = find(path);
      return openOf(process, path).map((_target, index) => String(index));
    },
    readLink(path) {
      const [process, file] = find(path);
      if (file === "ns/net") return `net:[${process.network ?? "host"}]`;
      return openOf(process, path)[Number(file.replace("fd/", ""))] ?? fail("ENOENT", path);
    },
  };
}
