import { createId, toWellFormed } from "@deskside/base";
import { type EgressEntry, egressEntrySchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

export type NewEgress = Pick<EgressEntry, "host" | "port" | "purpose" | "caller"> & {
  readonly proxy?: string | null;
};
export type EgressOutcome = Pick<EgressEntry, "reason" | "sentBytes" | "receivedBytes"> & {
  readonly result: Exclude<EgressEntry["result"], "open">;
};

/** The outbound record: a row before the connection is made, its outcome once. Rows are never removed. */
export interface EgressRepository {
  /** To be called before the first byte leaves. */
  append(principal: Principal, entry: NewEgress): EgressEntry;
  /** Only the first outcome counts. Returns false when the entry is unknown or already has one. */
  finish(principal: Principal, id: string, outcome: EgressOutcome): boolean;
  /** Newest first. */
  list(principal: Principal, limit: number): EgressEntry[];
}

const egressRowSchema = z
  .object({
    ...egressEntrySchema.pick({ id: true, at: true, host: true, port: true, purpose: true, caller: true }).shape,
    ...egressEntrySchema.pick({ result: true, reason: true, proxy: true }).shape,
    sent_bytes: z.number(),
    received_bytes: z.number(),
  })
  .transform(({ sent_bytes, received_bytes, ...row }): EgressEntry => {
    return { ...row, sentBytes: sent_bytes, receivedBytes: received_bytes };
  });

export function createEgressRepository({ store, clock }: RepositoryContext): EgressRepository {
  return {
    append: ({ ownerId }, entry) => {
      const at = clock.now();
      const id = createId("egr", at);
      const [host, proxy] = [toWellFormed(entry.host), entry.proxy ?? null];
      return store.write((revision) => {
        store.run(
          `INSERT INTO egress (id, owner_id, at, host, port, proxy, purpose, caller, result, sent_bytes, received_bytes, revision)
           VALUES (@id, @ownerId, @at, @host, @port, @proxy, @purpose, @caller, 'open', 0, 0, @revision)`,
          { id, ownerId, at, host, port: entry.port, proxy, purpose: entry.purpose, caller: entry.caller, revision },
        );
        return egressRowSchema.parse(store.get("SELECT * FROM egress WHERE id = @id", { id }));
      });
    },
    finish: ({ ownerId }, id, { result, reason, sentBytes, receivedBytes }) =>
      store.write((revision) => {
        const changed = store.run(
          `UPDATE egress SET result = @result, reason = @reason, sent_bytes = @sentBytes,
             received_bytes = @receivedBytes, revision = @revision
           WHERE id = @id AND owner_id = @ownerId AND result = 'open'`,
          { id, ownerId, result, reason, sentBytes, receivedBytes, revision },
        );
        return changed === 1;
      }),
    list: ({ ownerId }, limit) =>
      store
        .all("SELECT * FROM egress WHERE owner_id = @ownerId ORDER BY seq DESC LIMIT @limit", { ownerId, limit })
        .map((row) => egressRowSchema.parse(row)),
  };
}
