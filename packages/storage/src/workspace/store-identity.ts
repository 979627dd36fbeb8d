import { randomBytes } from "node:crypto";
import type { Connection } from "../driver/connection.ts";
import type { Witnessed } from "./commit-witness.ts";

const storeIdKey = "store_id";
const revisionKey = "revision";

export function createStoreId(): string {
  return randomBytes(8).toString("hex");
}

export function writeIdentity(connection: Connection, identity: Witnessed): void {
  const set = connection.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  set.run(storeIdKey, identity.storeId);
  set.run(revisionKey, String(identity.revision));
}

export function readIdentity(connection: Connection): Witnessed | null {
  const read = connection.prepare<[string], string>("SELECT value FROM meta WHERE key = ?").pluck();
  const storeId = read.get(storeIdKey);
  const revision = read.get(revisionKey);
  return storeId !== undefined && revision !== undefined ? { storeId, revision: Number(revision) } : null;
}

/** Counts the running transaction as the next commit and returns its number. */
export function createRevisionCounter(connection: Connection): () => number {
  const bump = connection
    .prepare<[string], string>("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = ? RETURNING value")
    .pluck();
  return () => {
    const value = bump.get(revisionKey);
    if (value === undefined) throw new Error("the store has no revision counter");
    return Number(value);
  };
}
