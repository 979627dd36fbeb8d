import { type Clock, createId } from "@deskside/base";
import { collectionSchema, collectionSettingsSchema, deskError, watchedFolderSchema } from "@deskside/contract";
import { z } from "zod";
import type { IndexedCollection, Owner, PassageIndex } from "../../passage-index.ts";
import type { Database, Query } from "../server/database.ts";
import { jsonText, storable } from "./row-text.ts";
import { serverPrefixes } from "./server-ids.ts";
import { isUniqueViolation } from "../server/server-failures.ts";

/** Each computer follows folders of its own. */
const watchedSchema = watchedFolderSchema.extend({ computer: z.string() });

const rowSchema = z
  .object({
    seq: z.number(),
    id: z.string(),
    name: z.string(),
    kind: collectionSchema.shape.kind,
    settings: jsonText(collectionSettingsSchema),
    watched: jsonText(z.array(watchedSchema)),
    model_seq: z.number().nullable(),
    next_model_seq: z.number().nullable(),
    model: z.string().nullable(),
    next_model: z.string().nullable(),
    created_at: z.number(),
  })
  .transform(({ seq, model_seq, next_model_seq, next_model: nextModel, created_at: createdAt, ...row }) => ({
    ...{ seq, modelSeq: model_seq, nextModelSeq: next_model_seq },
    collection: { ...row, nextModel, createdAt },
  }));

export type CollectionRow = z.infer<typeof rowSchema>;

const select = `SELECT c.*, m.id AS model, n.id AS next_model FROM deskside.collections c
  LEFT JOIN deskside.models m ON m.seq = c.model_seq LEFT JOIN deskside.models n ON n.seq = c.next_model_seq
  WHERE c.owner_id = $1 AND c.kind <> 'removed'`;

/** Held: nobody else changes the collection until the transaction ends. Throws COLLECTION_NOT_FOUND. */
export async function readCollection(query: Query, owner: Owner, id: string, held = false): Promise<CollectionRow> {
  const [row] = await query(`${select} AND c.id = $2 ${held ? "FOR UPDATE OF c" : ""}`, [owner.ownerId, id]);
  if (row === undefined) throw deskError("COLLECTION_NOT_FOUND", { collection: id });
  return rowSchema.parse(row);
}

export async function readCollections(query: Query, owner: Owner): Promise<CollectionRow[]> {
  return (await query(`${select} ORDER BY c.seq`, [owner.ownerId])).map((row) => rowSchema.parse(row));
}

type CollectionCalls =
  | "createCollection"
  | "listCollections"
  | "getCollection"
  | "changeCollection"
  | "removeCollection";

/** `onRemoved` runs when a collection is out of sight and its rows can go. */
export function createCollectionCalls(
  { database, clock, computer }: { database: Database; clock: Clock; computer: string },
  onRemoved: () => void,
): Pick<PassageIndex, CollectionCalls> {
  const { query } = database;
  const shown = ({ collection }: CollectionRow): IndexedCollection => ({
    ...collection,
    watched: collection.watched.filter((one) => one.computer === computer).map(({ path, state }) => ({ path, state })),
  });
  return {
    createCollection: async (owner, { name, kind, settings }) => {
      const now = clock.now();
      const id = createId(serverPrefixes.collection, now);
      await naming(name, () =>
        query(
          `INSERT INTO deskside.collections (id, owner_id, name, kind, settings, watched, created_at)
           VALUES ($1, $2, $3, $4, $5, '[]', $6)`,
          [id, owner.ownerId, storable(name), kind, JSON.stringify(settings), now],
        ),
      );
      return shown(await readCollection(query, owner, id));
    },
    listCollections: async (owner) => (await readCollections(query, owner)).map(shown),
    getCollection: async (owner, id) => shown(await readCollection(query, owner, id)),
    changeCollection: (owner, id, change) =>
      database.transaction(async (held) => {
        const { seq, collection } = await readCollection(held, owner, id, true);
        const { name, settings } = { ...collection, ...change };
        const others = collection.watched.filter((one) => one.computer !== computer);
        const own = change.watched?.map((one) => ({ ...one, computer }));
        const watched = own ? [...others, ...own] : collection.watched;
        await naming(name, () =>
          held("UPDATE deskside.collections SET name = $2, settings = $3, watched = $4 WHERE seq = $1", [
            ...[seq, storable(name), JSON.stringify(settings), JSON.stringify(watched)],
          ]),
        );
        return shown(await readCollection(held, owner, id));
      }),
    removeCollection: async (owner, id) => {
      const removed = await query(
        `UPDATE deskside.collections SET kind = 'removed' WHERE owner_id = $1 AND id = $2 AND kind <> 'removed'
         RETURNING seq`,
        [owner.ownerId, id],
      );
      if (removed.length === 0) throw deskError("COLLECTION_NOT_FOUND", { collection: id });
      onRemoved();
    },
  };
}

async function naming(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw isUniqueViolation(error) ? deskError("COLLECTION_NAME_TAKEN", { name }, { cause: error }) : error;
  }
}
