import { createId } from "@deskside/base";
import { collectionSchema, type CollectionSettings, collectionSettingsSchema, deskError } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import { jsonColumn } from "../repositories/json-column.ts";
import type { KnowledgeContext } from "./knowledge-context.ts";
import { passagesPerCollection } from "./knowledge-migrations.ts";

const rowSchema = z
  .object({
    seq: z.number(),
    id: z.string(),
    name: z.string(),
    kind: collectionSchema.shape.kind,
    settings: jsonColumn(collectionSettingsSchema).transform(
      (settings) => settings ?? collectionSettingsSchema.parse({}),
    ),
    watched: jsonColumn(collectionSchema.shape.watched).transform((watched) => watched ?? []),
    model: z.string().nullable(),
    next_model: z.string().nullable(),
    created_at: z.number(),
  })
  .transform(({ next_model: nextModel, created_at: createdAt, ...row }) => ({ ...row, nextModel, createdAt }));

/** `model` answers; `nextModel` is being filled and takes over when no passage waits for it any more. */
export type StoredCollection = z.infer<typeof rowSchema>;

export interface NewCollection {
  readonly name: string;
  readonly kind: StoredCollection["kind"];
  readonly settings: CollectionSettings;
}

export type CollectionChange = Partial<Pick<StoredCollection, "name" | "settings" | "watched">>;

export interface CollectionRepository {
  /** Throws COLLECTION_NAME_TAKEN; files of chats may share names. */
  create(principal: Principal, collection: NewCollection): StoredCollection;
  list(principal: Principal): StoredCollection[];
  /** Throws COLLECTION_NOT_FOUND. */
  get(principal: Principal, id: string): StoredCollection;
  /** Throws COLLECTION_NOT_FOUND, COLLECTION_NAME_TAKEN. */
  change(principal: Principal, id: string, change: CollectionChange): StoredCollection;
  /** From now on nobody sees it; its rows go with `removal.step`. Throws COLLECTION_NOT_FOUND. */
  markRemoved(principal: Principal, id: string): void;
}

const select = `SELECT c.*, m.id AS model, n.id AS next_model FROM collections c
  LEFT JOIN models m ON m.seq = c.model_seq LEFT JOIN models n ON n.seq = c.next_model_seq`;

export function createCollectionRepository({ store, clock }: KnowledgeContext): CollectionRepository {
  const find = (column: "id" | "name", { ownerId }: Principal, value: string) => {
    const only = column === "name" ? "AND c.kind = 'collection'" : "AND c.kind <> 'removed'";
    const row = store.get(`${select} WHERE c.owner_id = @ownerId AND c.${column} = @value ${only}`, { ownerId, value });
    return row === undefined ? null : rowSchema.parse(row);
  };
  const get = (principal: Principal, id: string) => {
    const found = find("id", principal, id);
    if (!found) throw deskError("COLLECTION_NOT_FOUND", { collection: id });
    return found;
  };
  const refuseTaken = (principal: Principal, name: string, except?: string) => {
    const other = find("name", principal, name);
    if (other && other.id !== except) throw deskError("COLLECTION_NAME_TAKEN", { name });
  };
  return {
    get,
    list: ({ ownerId }) =>
      store
        .all(`${select} WHERE c.owner_id = @ownerId AND c.kind <> 'removed' ORDER BY c.seq`, { ownerId })
        .map((row) => rowSchema.parse(row)),
    create: (principal, { name, kind, settings }) =>
      store.write((revision) => {
        if (kind === "collection") refuseTaken(principal, name);
        const now = clock.now();
        const id = createId("coll", now);
        store.run(
          `INSERT INTO collections (id, owner_id, name, kind, settings, watched, last_passage, created_at, revision)
           VALUES (@id, @ownerId, @name, @kind, @settings, '[]', 0, @now, @revision)`,
          { id, ownerId: principal.ownerId, name, kind, settings: JSON.stringify(settings), now, revision },
        );
        return get(principal, id);
      }),
    change: (principal, id, change) =>
      store.write((revision) => {
        const { seq, kind, ...old } = get(principal, id);
        const { name, settings, watched } = { ...old, ...change };
        if (kind === "collection") refuseTaken(principal, name, id);
        store.run(
          `UPDATE collections SET name = @name, settings = @settings, watched = @watched, revision = @revision
           WHERE seq = @seq`,
          { seq, name, settings: JSON.stringify(settings), watched: JSON.stringify(watched), revision },
        );
        return get(principal, id);
      }),
    markRemoved: (principal, id) =>
      store.write((revision) => {
        const { seq } = get(principal, id);
        store.run("UPDATE collections SET kind = 'removed', revision = @revision WHERE seq = @seq", { seq, revision });
      }),
  };
}

/** First and last `seq` that passages of a collection can have. */
export function passageRange(collectionSeq: number): { from: number; to: number } {
  const from = collectionSeq * passagesPerCollection;
  return { from, to: from + passagesPerCollection - 1 };
}

/** The collection that a passage's number belongs to. */
export function collectionOf(passageSeq: number): number {
  return Math.floor(passageSeq / passagesPerCollection);
}
