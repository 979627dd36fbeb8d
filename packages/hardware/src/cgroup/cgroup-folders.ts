/** Where a control group of this process shows its files; the nearest first, then its parents as far as they are visible. */
export interface CgroupFolders {
  readonly version: 1 | 2;
  readonly folders: readonly string[];
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

function parseMounts(mountinfo: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split("\n")) {
    // id parent major:minor root point options [optional…] - type source superOptions
    const [before, after] = line.split(" - ");
    const [, , , root, point] = before?.split(" ") ?? [];
    const [type, , superOptions] = after?.split(" ") ?? [];
    if (!root || !point || !type?.startsWith("cgroup")) continue;
    mounts.push({ root: unescape(root), point: unescape(point), type, options: superOptions?.split(",") ?? [] });
  }
  return mounts;
}

/** mountinfo writes blanks as octal: `\040`. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** The folders of one controller (`cpu`, `memory`) from `/proc/self/cgroup` and `/proc/self/mountinfo`; null without one. */
export function findCgroupFolders(controller: string, cgroup: string, mountinfo: string): CgroupFolders | null {
  const lines = cgroup.split("\n").map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  const mounts = parseMounts(mountinfo);
  const own = lines.find((line) => line?.[1]?.split(",").includes(controller));
  if (own) {
    const mount = mounts.find(({ type, options }) => type === "cgroup" && options.includes(controller));
    return mount ? { version: 1, folders: foldersUpwards(mount, own[2] ?? "/") } : null;
  }
  const unified = lines.find((line) => line?.[1] === "");
  const mount = mounts.find(({ type }) => type === "cgroup2");
  return unified && mount ? { version: 2, folders: foldersUpwards(mount, unified[2] ?? "/") } : null;
}

function foldersUpwards(mount: Mount, path: string): string[] {
  const inside =
    mount.root === "/"
      ? path
      : path === mount.root || path.startsWith(`${mount.root}/`)
        ? path.slice(mount.root.length)
        : "/";
  const steps = inside.split("/").filter((step) => step !== "" && step !== "." && step !== "..");
  const folders: string[] = [];
  for (let length = steps.length; length >= 0; length--) {
    folders.push([mount.point.replace(/\/$/, ""), ...steps.slice(0, length)].join("/"));
  }
  return folders;
}
