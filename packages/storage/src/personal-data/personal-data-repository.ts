import { createId } from "@deskside/base";
import { type PersonalDataKind, personalDataKindSchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** A value that was replaced by a label: `sealed` cannot be opened without the key it was sealed with. */
export interface StoredPersonalValue {
  readonly kind: PersonalDataKind;
  /** In the label. */
  readonly number: number;
  /** Finds the same value again; says nothing by itself. */
  readonly lookup: string;
  readonly sealed: Uint8Array;
}

/** Which labels of a collection stand for which values. */
export interface PersonalDataRepository {
  /** Without what is sealed: nothing reads that. */
  list(principal: Principal, collectionId: string): Omit<StoredPersonalValue, "sealed">[];
  add(principal: Principal, collectionId: string, values: readonly StoredPersonalValue[]): void;
  /** Different values of each kind. */
  counts(principal: Principal, collectionId: string): Partial<Record<PersonalDataKind, number>>;
  remove(principal: Principal, collectionId: string): void;
}

const rowSchema = z.object({ kind: personalDataKindSchema, number: z.number(), lookup: z.string() });
const countSchema = z.object({ kind: personalDataKindSchema, count: z.number() });

export function createPersonalDataRepository({ store, clock }: RepositoryContext): PersonalDataRepository {
  return {
    list: ({ ownerId }, collectionId) =>
      store
        .all(
          `SELECT kind, number, lookup FROM personal_data
           WHERE owner_id = @ownerId AND collection_id = @collectionId ORDER BY seq`,
          { ownerId, collectionId },
        )
        .map((row) => rowSchema.parse(row)),
    add({ ownerId }, collectionId, values) {
      if (values.length === 0) return;
      store.write((revision) => {
        for (const { kind, number, lookup, sealed } of values)
          store.run(
            `INSERT INTO personal_data (id, owner_id, collection_id, kind, number, lookup, sealed, revision)
             VALUES (@id, @ownerId, @collectionId, @kind, @number, @lookup, @sealed, @revision)
             ON CONFLICT DO NOTHING`,
            { id: createId("pd", clock.now()), ownerId, collectionId, kind, number, lookup, sealed, revision },
          );
      });
    },
    counts: ({ ownerId }, collectionId) =>
      Object.fromEntries(
        store
          .all(
            `SELECT kind, count(*) AS count FROM personal_data
             WHERE owner_id = @ownerId AND collection_id = @collectionId GROUP BY kind`,
            { ownerId, collectionId },
          )
          .map((row) => countSchema.parse(row))
          .map(({ kind, count }) => [kind, count]),
      ),
    remove: ({ ownerId }, collectionId) =>
      void store.write(() =>
        store.run("DELETE FROM personal_data WHERE owner_id = @ownerId AND collection_id = @collectionId", {
          ownerId,
          collectionId,
        }),
      ),
  };
}
