import { type Clock, sleep, systemClock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { mapFailure } from "../driver/driver-errors.ts";
import { prepareDataDir } from "./data-dir-folder.ts";
import { type DataDirOwner, isProcessAlive, readOwnerFile, removeOwnerFile, writeOwnerFile } from "./owner-file.ts";
import { isLockHeld, takeLock } from "./owner-lock.ts";

/** Ownership of a data directory. Ends with `dispose`, or with the process. */
export interface DataDirLease extends Disposable {
  readonly dataDir: string;
  /** False on a read-only disk: then nobody can own it, nothing is locked and `publish` leaves no file. */
  readonly writable: boolean;
  /** Tells commands where this process answers and what they must show there. */
  publish(entry: { address: string; token: string }): void;
}

export interface LeaseOptions {
  readonly pid: number;
  readonly clock?: Clock;
}

/** How long a loser waits for the winner to write who it is, in milliseconds. */
const introductionMs = 500;

/**
 * Makes this process the one owner of the directory, which is created when missing. To be called before any store in
 * it is opened. Throws ALREADY_RUNNING within a second when another process owns it, DATA_DIR_UNUSABLE, DISK_FULL.
 */
export async function acquireDataDir(dataDir: string, options: LeaseOptions): Promise<DataDirLease> {
  const clock = options.clock ?? systemClock;
  if (!prepareDataDir(dataDir).writable) return unlockedLease(dataDir);
  const lock = mapped(dataDir, () => takeLock(dataDir));
  if (!lock) throw await alreadyRunning(dataDir, clock);
  const owner: DataDirOwner = { pid: options.pid, address: null, token: null, startedAt: clock.now() };
  try {
    mapped(dataDir, () => writeOwnerFile(dataDir, owner));
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  let released = false;
  return {
    dataDir,
    writable: true,
    publish: (entry) => mapped(dataDir, () => writeOwnerFile(dataDir, { ...owner, ...entry })),
    [Symbol.dispose]: () => {
      if (released) return;
      released = true;
      try {
        mapped(dataDir, () => removeOwnerFile(dataDir, owner.pid));
      } finally {
        lock[Symbol.dispose]();
      }
    },
  };
}

/** The living owner of the directory, or null. Says nothing about whether it already answers (`address`). */
export function readOwner(dataDir: string): DataDirOwner | null {
  const owner = readOwnerFile(dataDir);
  if (!owner || !isProcessAlive(owner.pid)) return null;
  return mapped(dataDir, () => isLockHeld(dataDir)) ? owner : null;
}

function unlockedLease(dataDir: string): DataDirLease {
  return { dataDir, writable: false, publish: () => undefined, [Symbol.dispose]: () => undefined };
}

async function alreadyRunning(dataDir: string, clock: Clock): Promise<Error> {
  const deadline = clock.monotonic() + introductionMs;
  for (;;) {
    const owner = readOwnerFile(dataDir);
    const known = owner !== null && isProcessAlive(owner.pid);
    if (known || clock.monotonic() >= deadline) {
      const data = known ? { pid: owner.pid, address: owner.address } : { pid: null, address: null };
      return deskError("ALREADY_RUNNING", { dataDir, ...data });
    }
    await sleep(20);
  }
}

function mapped<T>(dataDir: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw mapFailure(cause, dataDir).error;
  }
}
