import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Every change the store makes on a disk goes through here, one step each; tests stop or fail between two of them. */
export interface StoreDisk {
  makeFolder(path: string): Promise<void>;
  /** Atomic on one file system. Throws when `to` exists and is not empty. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for the same bytes; false where the file system cannot do that. */
  secondName(from: string, to: string): Promise<boolean>;
  /** Complete and durable before it is seen under `path`. */
  writeFile(path: string, text: string): Promise<void>;
  /** Copies without replacing, and makes the copy durable. */
  copy(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the bytes of a file durable. */
  syncFile(path: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
}

export function createStoreDisk(): StoreDisk {
  const disk: StoreDisk = {
    async makeFolder(path) {
      await mkdir(path, { recursive: true });
    },
    rename: (from, to) => rename(from, to),
    async secondName(from, to) {
      try {
        await link(from, to);
        return true;
      } catch (error) {
        // FAT and some network drives have no second names; another file system is the caller's error, met by rename.
        if (hasCode(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EXDEV", "EMLINK", "EACCES")) return false;
        throw error;
      }
    },
    async writeFile(path, text) {
      await writeBeside(path, text);
      await disk.syncFolder(dirname(path));
    },
    async copy(from, to) {
      await copyFile(from, to, constants.COPYFILE_EXCL);
      await disk.syncFile(to);
    },
    async remove(path) {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
    async syncFile(path) {
      const handle = await open(path, process.platform === "win32" ? "r+" : "r");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async syncFolder(path) {
      // Windows has no such call and needs none.
      if (process.platform === "win32") return;
      const handle = await open(path, "r");
      try {
        await handle.sync();
      } catch (error) {
        // Network and FUSE file systems may refuse to sync a folder; there is no other way to ask them.
        if (!hasCode(error, "EINVAL", "ENOTSUP", "EPERM")) throw error;
      } finally {
        await handle.close();
      }
    },
  };
  return disk;
}

/** Whole and durable under another name first, then one rename. */
async function writeBeside(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
