import type { Duplex } from "node:stream";
import type { StorageLog } from "@deskside/storage";
import { Pool, type PoolClient, TypeOverrides } from "pg";
import type { ServerAddress } from "./server-address.ts";
import { explainFailure } from "./server-failures.ts";

export type SqlValue = string | number | boolean | null | Uint8Array | readonly (string | number | null)[];

/** Rows of one statement; values are `$1`, `$2`, … and never part of the text. */
export type Query = (sql: string, values?: readonly SqlValue[]) => Promise<unknown[]>;

export interface Database {
  readonly query: Query;
  /** All of it or nothing; retried where another connection's transaction was in the way. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Rests until running statements have ended. */
  close(): Promise<void>;
}

/** A socket that is not connected yet: its `connect(port, host)` is called, as on one of `node:net`. */
export type OpenSocket = () => Duplex;

export interface DatabaseOptions {
  readonly address: ServerAddress;
  /** Certificates (PEM) to trust instead of those that come with Node. */
  readonly ca: string | readonly string[] | null;
  readonly openSocket?: OpenSocket;
  readonly connections: number;
  readonly log: StorageLog;
}

const connectMs = 15_000;
/** A statement that takes longer is ended by the server, so that no question waits for ever. */
const statementMs = 120_000;
const idleMs = 60_000;
const attempts = 4;
const bigint = 20;

/** Connections to one server. Failures come out as KNOWLEDGE_SERVER_UNAVAILABLE or KNOWLEDGE_SERVER_UNFIT. */
export function connectDatabase({ address, ca, connections, openSocket, log }: DatabaseOptions): Database {
  const { host, port, user, password, database, encrypted } = address;
  const types = new TypeOverrides();
  // Counts and row numbers; beyond 2^53 they would no longer be exact, which no index reaches.
  types.setTypeParser(bigint, Number);
  const pool = new Pool({
    ...{ host, port, user, password, database, types, max: connections },
    ssl: encrypted
      ? { rejectUnauthorized: true, ...(ca === null ? {} : { ca: typeof ca === "string" ? ca : [...ca] }) }
      : false,
    ...{ connectionTimeoutMillis: connectMs, idleTimeoutMillis: idleMs, statement_timeout: statementMs },
    ...{ application_name: "deskside", keepAlive: true, ...(openSocket ? { stream: openSocket } : {}) },
  });
  let closing: Promise<void> | null = null;
  // A resting connection that the server ends is replaced with the next statement.
  pool.on("error", (error) => log.warn({ err: error, host }, "the team's database ended a connection"));
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainFailure(error, host);
    }
  };
  return {
    query: (sql, values = []) => explained(async () => (await pool.query(sql, [...values])).rows),
    transaction: (work) => explained(() => inTransaction(pool, work)),
    close: () => (closing ??= pool.end()),
  };
}

async function inTransaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken = false;
    try {
      return await runTransaction(client, work);
    } catch (error) {
      broken = !(await rolledBack(client));
      if (broken || attempt === attempts || !isConflict(error)) throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function runTransaction<T>(client: PoolClient, work: (query: Query) => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  const result = await work(async (sql, values = []) => (await client.query(sql, [...values])).rows);
  await client.query("COMMIT");
  return result;
}

/** False: the connection is of no more use, the server has undone the transaction itself. */
async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

/** Serialisation failure or deadlock: nothing was done, and a second try finds the way free. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "40001" || error.code === "40P01");
}
