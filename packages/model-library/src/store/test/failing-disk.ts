import { createStoreDisk, type StoreDisk } from "../disk/store-disk.ts";

/** What happens instead of the step with this number (from 1). */
export type Interruption = (step: number, name: string, args: readonly unknown[]) => Promise<void> | void;

/** A disk that asks before every step. `secondNames: false` stands for FAT. */
export function createWatchedDisk(before: Interruption, options: { secondNames?: boolean } = {}): StoreDisk {
  const disk = createStoreDisk();
  let step = 0;
  async function watched<T>(name: string, args: readonly unknown[], work: () => Promise<T>): Promise<T> {
    step++;
    await before(step, name, args);
    return work();
  }
  return {
    makeFolder: (path) => watched("makeFolder", [path], () => disk.makeFolder(path)),
    rename: (from, to) => watched("rename", [from, to], () => disk.rename(from, to)),
    secondName: (from, to) =>
      watched("secondName", [from, to], async () => options.secondNames !== false && (await disk.secondName(from, to))),
    writeFile: (path, text) => watched("writeFile", [path, text], () => disk.writeFile(path, text)),
    copy: (from, to) => watched("copy", [from, to], () => disk.copy(from, to)),
    remove: (path) => watched("remove", [path], () => disk.remove(path)),
    syncFile: (path) => watched("syncFile", [path], () => disk.syncFile(path)),
    syncFolder: (path) => watched("syncFolder", [path], () => disk.syncFolder(path)),
  };
}
