import { createId } from "@deskside/base";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

export interface StoredHubToken {
  /** `host`, or `host:port` when the port is not the usual one. */
  readonly host: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** Tokens of hubs, in the encrypted store alone. Whoever reads them here must not hand them on. */
export interface HubTokenRepository {
  /** By host. */
  list(principal: Principal): StoredHubToken[];
  /** Replaces the one that was there. */
  set(principal: Principal, host: string, token: string): void;
  /** False when there was none. The token is gone from the files when this returns. */
  remove(principal: Principal, host: string): boolean;
}

const rowSchema = z
  .object({ host: z.string(), token: z.string(), saved_at: z.number() })
  .transform(({ host, token, saved_at }): StoredHubToken => ({ host, token, savedAt: saved_at }));

export function createHubTokenRepository({ store, clock, emptyLog }: RepositoryContext): HubTokenRepository {
  return {
    list: ({ ownerId }) =>
      store
        .all("SELECT host, token, saved_at FROM hub_tokens WHERE owner_id = @ownerId ORDER BY host", { ownerId })
        .map((row) => rowSchema.parse(row)),
    set({ ownerId }, host, token) {
      const now = clock.now();
      store.write((revision) =>
        store.run(
          `INSERT INTO hub_tokens (id, owner_id, host, token, saved_at, revision)
           VALUES (@id, @ownerId, @host, @token, @now, @revision)
           ON CONFLICT (owner_id, host) DO UPDATE
           SET token = excluded.token, saved_at = excluded.saved_at, revision = excluded.revision`,
          { id: createId("token", now), ownerId, host, token, now, revision },
        ),
      );
      emptyLog();
    },
    remove({ ownerId }, host) {
      const sql = "DELETE FROM hub_tokens WHERE owner_id = @ownerId AND host = @host";
      const removed = store.write(() => store.run(sql, { ownerId, host }));
      if (removed > 0) emptyLog();
      return removed > 0;
    },
  };
}
