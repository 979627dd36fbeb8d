import { execFileSync } from "node:child_process";
import { mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all space that is left, or all but `keep` bytes. */
  fill(keep?: number): void;
  empty(): void;
  remount(options: string): void;
}

/** A memory file system of its own, or the reason why this machine does not give one. */
export function mountSmallDisk(path: string, bytes: number): SmallDisk | string {
  if (process.platform !== "linux") return "only Linux mounts a tmpfs";
  mkdirSync(path, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    return `mounting is not allowed here: ${error instanceof Error ? error.message.split("\n")[0] : ""}`;
  }
  const ballast = join(path, "ballast");
  return {
    path,
    fill: (keep = 0) => {
      const disk = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, disk.bavail * disk.bsize - keep), 1));
    },
    empty: () => writeFileSync(ballast, ""),
    remount: (options) => void execFileSync("mount", ["-o", `remount,${options}`, path], { stdio: "pipe" }),
    [Symbol.dispose]: () => void execFileSync("umount", ["-l", path], { stdio: "pipe" }),
  };
}
