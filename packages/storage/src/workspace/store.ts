import { deskError } from "@deskside/contract";
import type { Connection } from "../driver/connection.ts";
import type { StorageLog } from "../storage-log.ts";
import type { CommitWitness } from "./commit-witness.ts";
import { createFailureGate, type ReadOnlyReason } from "./failure-gate.ts";
import { createRevisionCounter, readIdentity } from "./store-identity.ts";

export type SqlValues = Readonly<Record<string, string | number | Uint8Array | null>>;

/** What repositories work with. Every statement of the product goes through here, and so does every failure. */
export interface Store {
  readonly readOnly: ReadOnlyReason | null;
  all(sql: string, values?: SqlValues): unknown[];
  get(sql: string, values?: SqlValues): unknown;
  /** Only inside `write`. Returns the number of rows changed. */
  run(sql: string, values?: SqlValues): number;
  /**
   * One transaction, durable when this returns; nested calls join the outer one and are undone alone when they throw.
   * `work` is synchronous and gets the number of this commit. Throws STORE_READ_ONLY, DISK_FULL, DISK_FAILED.
   */
  write<T>(work: (revision: number) => T): T;
}

export interface StoreOptions {
  readonly connection: Connection;
  readonly path: string;
  readonly readOnly: ReadOnlyReason | null;
  /** Null for a store that is read only. */
  readonly witness: CommitWitness | null;
  readonly log: StorageLog;
  /** The file proved damaged while it was in use. */
  readonly onDamage: () => void;
}

export function createStore(options: StoreOptions): Store {
  const { connection } = options;
  const gate = createFailureGate(options);
  const prepare = createStatementCache(connection);
  const acknowledge = createAcknowledger(options);
  const bump = options.readOnly ? null : createRevisionCounter(connection);
  let current: number | null = null;

  const writeOutermost = <T>(work: (revision: number) => T): T => {
    const { readOnly } = gate;
    if (readOnly || !bump) throw deskError("STORE_READ_ONLY", { reason: readOnly ?? "write-failure" });
    const transaction = connection.transaction(() => {
      const revision = bump();
      current = revision;
      return { revision, result: work(revision) };
    });
    try {
      const { revision, result } = gate.run("write", () => transaction.immediate());
      acknowledge(revision);
      return result;
    } finally {
      current = null;
    }
  };

  return {
    get readOnly() {
      return gate.readOnly;
    },
    all: (sql, values = {}) => gate.run("read", () => prepare(sql).all(values)),
    get: (sql, values = {}) => gate.run("read", () => prepare(sql).get(values)),
    run: (sql, values = {}) => {
      if (current === null) throw new Error("a change outside a transaction");
      return gate.run("write", () => prepare(sql).run(values).changes);
    },
    write: (work) => {
      const revision = current;
      if (revision === null) return writeOutermost(work);
      return gate.run("write", () => connection.transaction(() => work(revision))());
    },
  };
}

function createStatementCache(connection: Connection) {
  const statements = new Map<string, ReturnType<Connection["prepare"]>>();
  return (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

function createAcknowledger({ connection, witness, log }: StoreOptions): (revision: number) => void {
  const identity = readIdentity(connection);
  return (revision) => {
    if (!identity || !witness) return;
    try {
      witness.record({ storeId: identity.storeId, revision });
    } catch (error) {
      // The commit itself is durable; only the protection against a lost log lags behind.
      log.warn({ err: error }, "commit could not be witnessed");
    }
  };
}
