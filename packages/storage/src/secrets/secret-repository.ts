import { createId } from "@deskside/base";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** Passwords of services that a person named, in the encrypted store alone. Whoever reads one must not hand it on. */
export interface SecretRepository {
  /** Null when there is none of this name. */
  get(principal: Principal, name: string): string | null;
  /** Replaces the one that was there. */
  set(principal: Principal, name: string, value: string): void;
  /** False when there was none. The secret is gone from the files when this returns. */
  remove(principal: Principal, name: string): boolean;
}

const rowSchema = z.object({ value: z.string() });

export function createSecretRepository({ store, clock, emptyLog }: RepositoryContext): SecretRepository {
  return {
    get({ ownerId }, name) {
      const sql = "SELECT value FROM secrets WHERE owner_id = @ownerId AND name = @name";
      const [row] = store.all(sql, { ownerId, name });
      return row === undefined ? null : rowSchema.parse(row).value;
    },
    set({ ownerId }, name, value) {
      const now = clock.now();
      store.write((revision) =>
        store.run(
          `INSERT INTO secrets (id, owner_id, name, value, saved_at, revision)
           VALUES (@id, @ownerId, @name, @value, @now, @revision)
           ON CONFLICT (owner_id, name) DO UPDATE
           SET value = excluded.value, saved_at = excluded.saved_at, revision = excluded.revision`,
          { id: createId("secret", now), ownerId, name, value, now, revision },
        ),
      );
      emptyLog();
    },
    remove({ ownerId }, name) {
      const sql = "DELETE FROM secrets WHERE owner_id = @ownerId AND name = @name";
      const removed = store.write(() => store.run(sql, { ownerId, name }));
      if (removed > 0) emptyLog();
      return removed > 0;
    },
  };
}
