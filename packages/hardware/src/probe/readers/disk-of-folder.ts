import { realpath } from "node:fs/promises";
import type { ReadText } from "../../read-text.ts";

/** The disk under a mount, to find it in /proc/diskstats. */
export interface MountedDisk {
  /** `259:2` */
  readonly numbers: string;
  /** `nvme0n1p2` of `/dev/nvme0n1p2`: btrfs shows numbers that no disk has. Null = no device file. */
  readonly name: string | null;
}

/**
 * What the folder is mounted from, in `/proc/self/mountinfo`: `36 35 98:0 /root /mount options [optional…] - type source
 * options` (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html); spaces in it are written `\040`. Of mounts
 * on the same point the last one counts.
 */
export function diskOfFolder(mountinfo: string, folder: string): MountedDisk | null {
  let best: { readonly point: string; readonly disk: MountedDisk } | null = null;
  for (const line of mountinfo.slice(0, 1024 * 1024).split("\n")) {
    const [front = "", back = ""] = line.split(" - ");
    const [, , numbers, , escaped] = front.split(" ");
    const source = back.split(" ")[1] ?? "";
    if (escaped === undefined || !/^\d+:\d+$/.test(numbers ?? "")) continue;
    const point = unescaped(escaped);
    const within = folder === point || folder.startsWith(point.endsWith("/") ? point : `${point}/`);
    if (!within || (best && best.point.length > point.length)) continue;
    const name = /^\/dev\/(?:mapper\/)?([^/]+)$/.exec(unescaped(source))?.[1] ?? null;
    best = { point, disk: { numbers: numbers ?? "", name } };
  }
  return best?.disk ?? null;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Null where the folder is not there (yet) or the kernel does not say. */
export async function findDiskOfFolder(readText: ReadText, folder: string): Promise<MountedDisk | null> {
  const mountinfo = await readText("/proc/self/mountinfo");
  if (mountinfo === null) return null;
  try {
    return diskOfFolder(mountinfo, await realpath(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR") return null;
    throw error;
  }
}
