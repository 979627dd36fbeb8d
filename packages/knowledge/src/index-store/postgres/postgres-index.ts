import { type Clock, systemClock } from "@deskside/base";
import { type DocumentState, documentStateSchema } from "@deskside/contract";
import type { StorageLog } from "@deskside/storage";
import type { IndexStats, Owner, PassageIndex } from "../passage-index.ts";
import { createCollectionCalls, readCollections } from "./rows/collection-rows.ts";
import { createDocumentCalls } from "./rows/document-rows.ts";
import { createPassageCalls } from "./rows/passage-rows.ts";
import { createVectorCalls } from "./rows/vector-rows.ts";
import { createServerUpkeep } from "./server-upkeep.ts";
import { searchServer } from "./search/search-server.ts";
import { shareBytes } from "../share-bytes.ts";
import { connectDatabase, type Database, type OpenSocket } from "./server/database.ts";
import { readServerAddress, type ServerAddress } from "./server/server-address.ts";
import { type ServerFacts, setUpSchema, trySchema } from "./server/server-schema.ts";

export interface PostgresIndexOptions {
  /** `postgres://user:password@host:port/database` */
  readonly connectionString: string;
  /** `ca`: certificates (PEM) to trust instead of those that come with Node. */
  readonly tls: { readonly ca?: string | readonly string[] };
  /** Which of the computers that share the server this is: reads its own files, follows its own folders. */
  readonly computer: string;
  /** Opens the way there, in place of a plain one: what connects to another computer may be told to ask first. */
  readonly openSocket?: OpenSocket;
  readonly log: StorageLog;
  readonly clock?: Clock;
  /** At most this many connections; 4 unless told. */
  readonly connections?: number;
  /** Up to this many vectors all are compared, exactly; beyond, the server's index looks. 20 000 unless told. */
  readonly comparedUpTo?: number;
}

/**
 * The index in a PostgreSQL server with pgvector 0.8 or later, which several people's Desksides can share: what an owner
 * has is seen by that owner only, but whoever knows the account of the database can read it all there. Searching finds
 * and ranks as the index on this computer does. Throws KNOWLEDGE_SERVER_UNAVAILABLE and KNOWLEDGE_SERVER_UNFIT, here and
 * with every call.
 */
export async function createPostgresIndex(options: PostgresIndexOptions): Promise<PassageIndex> {
  const { log, computer, clock = systemClock, comparedUpTo = 20_000 } = options;
  const address = readServerAddress(options.connectionString);
  const database = openDatabase(address, options);
  try {
    await setUpSchema(database, address.host);
  } catch (error) {
    await database.close();
    throw error;
  }
  const upkeep = createServerUpkeep({ database, computer, log });
  upkeep.start();
  return {
    ...createCollectionCalls({ database, clock, computer }, upkeep.sweep),
    ...createDocumentCalls({ database, clock, computer }),
    ...createPassageCalls(database),
    ...createVectorCalls(database, clock),
    search: (owner, query) => searchServer({ database, clock, comparedUpTo }, owner, query),
    stats: (owner) => readStats(database, owner),
    backup: async () => {
      throw new Error("an index on a server is backed up there, by whoever runs it");
    },
    close: async () => {
      await upkeep.stop();
      await database.close();
    },
  };
}

type ConnectionOptions = Pick<PostgresIndexOptions, "tls" | "openSocket" | "connections" | "log">;

function openDatabase(address: ServerAddress, { tls, openSocket, connections = 4, log }: ConnectionOptions): Database {
  return connectDatabase({ address, ca: tls.ca ?? null, connections, log, ...(openSocket ? { openSocket } : {}) });
}

/** Connects and does what an index would do first, then undoes it. Throws what `createPostgresIndex` throws. */
export async function tryPostgresServer(
  options: Pick<PostgresIndexOptions, "connectionString" | "tls" | "openSocket" | "log">,
): Promise<ServerFacts> {
  const address = readServerAddress(options.connectionString);
  const database = openDatabase(address, { ...options, connections: 1 });
  try {
    return await trySchema(database, address.host);
  } finally {
    await database.close();
  }
}

interface FileCount {
  readonly collection: number;
  readonly state: DocumentState;
  readonly files: number;
  readonly pages: number;
  readonly passages: number;
}

async function readStats({ query }: Database, owner: Owner): Promise<IndexStats> {
  const collections = await readCollections(query, owner);
  const counts = (await query(
    `SELECT collection_seq AS collection, state, count(*) AS files, coalesce(sum(pages), 0) AS pages,
       sum(passages) AS passages
     FROM deskside.documents WHERE owner_id = $1 GROUP BY collection_seq, state ORDER BY state`,
    [owner.ownerId],
  )) as FileCount[];
  const waiting = (await query(
    `SELECT collection_seq AS collection, model_seq AS model, count(*) AS passages FROM deskside.vectors
     WHERE owner_id = $1 AND vector IS NULL GROUP BY collection_seq, model_seq`,
    [owner.ownerId],
  )) as { collection: number; model: number; passages: number }[];
  const [size] = (await query(
    `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes FROM pg_class c
     WHERE c.relnamespace = 'deskside'::regnamespace AND c.relkind = 'r'`,
  )) as { bytes: number }[];
  const bytes = size?.bytes ?? 0;
  const counted = collections.map(({ seq, modelSeq, nextModelSeq, collection: { id } }) => {
    const files = counts
      .filter(({ collection }) => collection === seq)
      .map(({ collection: _seq, ...count }) => ({ ...count, state: documentStateSchema.parse(count.state) }));
    const awaited = waiting.find((row) => row.collection === seq && row.model === (nextModelSeq ?? modelSeq));
    const passages = files.reduce((sum, count) => sum + count.passages, 0);
    return { id, files, passages, waiting: awaited?.passages ?? 0 };
  });
  return { bytes, collections: shareBytes(bytes, counted) };
}
