import type { Clock } from "@deskside/base";
import type { StorageLog } from "../storage-log.ts";
import type { Store } from "../workspace/store.ts";

export interface RepositoryContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: StorageLog;
  /** Removes deleted content from the write-ahead log too. */
  readonly emptyLog: () => void;
}
