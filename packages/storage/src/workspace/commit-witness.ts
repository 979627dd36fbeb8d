import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** How far a store was acknowledged: its id and the number of its last commit. */
export interface Witnessed {
  readonly storeId: string;
  readonly revision: number;
}

/**
 * Keeps, outside the database, the number of the last commit whose durability was acknowledged. A database that comes
 * back with a lower number has lost commits (its write-ahead log vanished or was cut, an older copy took its place),
 * which SQLite itself cannot notice. Written after the commit is on disk and not synced: it may lag, it never leads.
 */
export interface CommitWitness {
  record(witnessed: Witnessed): void;
  close(): void;
}

const revisionDigits = 16;
const shape = /^([0-9a-f]{16}) (\d{16})\n$/;

/** Null when there is none or it is not readable as one. */
export function readWitness(path: string): Witnessed | null {
  if (!existsSync(path)) return null;
  const match = shape.exec(readFileSync(path, "latin1"));
  const [, storeId, revision] = match ?? [];
  return storeId !== undefined && revision !== undefined ? { storeId, revision: Number(revision) } : null;
}

export function openWitness(path: string): CommitWitness {
  // The same few bytes are overwritten in place, so a full disk does not stop it.
  const handle = openSync(path, constants.O_CREAT | constants.O_RDWR, 0o600);
  return {
    record: ({ storeId, revision }) => {
      writeSync(handle, `${storeId} ${String(revision).padStart(revisionDigits, "0")}\n`, 0, "latin1");
    },
    close: () => {
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    },
  };
}
