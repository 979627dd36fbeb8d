import { mapSqliteFailure } from "../driver/driver-errors.ts";
import type { StorageLog } from "../storage-log.ts";

export type ReadOnlyReason = "newer-schema" | "read-only-disk" | "write-failure";

/** Maps failures of the driver and remembers those after which nothing may be written any more. */
export interface FailureGate {
  readonly readOnly: ReadOnlyReason | null;
  run<T>(access: "read" | "write", work: () => T): T;
}

export interface FailureGateOptions {
  readonly path: string;
  readonly readOnly: ReadOnlyReason | null;
  readonly log: StorageLog;
  readonly onDamage: () => void;
}

/**
 * After a failed write or sync nobody knows what is on the disk: the store takes no more changes until it is opened
 * again, which verifies it. A full disk is different: the transaction is undone as a whole and the next may succeed.
 */
export function createFailureGate(options: FailureGateOptions): FailureGate {
  const { path, log } = options;
  let { readOnly } = options;
  return {
    get readOnly() {
      return readOnly;
    },
    run: (access, work) => {
      try {
        return work();
      } catch (cause) {
        const { error, effect } = mapSqliteFailure(cause, path);
        if (effect === "damaged") options.onDamage();
        const stops = effect === "damaged" || (access === "write" && effect !== "none");
        if (stops && readOnly === null) {
          readOnly = effect === "read-only" ? "read-only-disk" : "write-failure";
          log.error({ err: error, path, readOnly }, "the store takes no more changes");
        }
        throw error;
      }
    },
  };
}
