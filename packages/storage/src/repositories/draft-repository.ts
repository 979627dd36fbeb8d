import { toWellFormed } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "./repository-context.ts";

/** What is typed and not sent, by chat id or `newChatDraft`. */
export interface DraftRepository {
  /** Empty when there is none. */
  get(principal: Principal, key: string): string;
  /** An empty text removes the draft. Throws INVALID_INPUT for a key that is neither. */
  save(principal: Principal, key: string, text: string): void;
}

const keyShape = /^[\w-]{1,100}$/;

export function createDraftRepository({ store, clock }: RepositoryContext): DraftRepository {
  return {
    get: ({ ownerId }, key) => {
      const sql = "SELECT text FROM drafts WHERE owner_id = @ownerId AND key = @key";
      const row = store.get(sql, { ownerId, key }) as { text: string } | undefined;
      return row?.text ?? "";
    },
    save: ({ ownerId }, key, text) => {
      if (!keyShape.test(key)) {
        throw deskError("INVALID_INPUT", { issues: [{ path: "key", message: "not a chat id" }] });
      }
      store.write((revision) => {
        if (text === "") {
          store.run("DELETE FROM drafts WHERE owner_id = @ownerId AND key = @key", { ownerId, key });
          return;
        }
        store.run(
          `INSERT INTO drafts (owner_id, key, text, updated_at, revision)
           VALUES (@ownerId, @key, @text, @now, @revision)
           ON CONFLICT (owner_id, key) DO UPDATE
           SET text = excluded.text, updated_at = excluded.updated_at, revision = excluded.revision`,
          { ownerId, key, text: toWellFormed(text), now: clock.now(), revision },
        );
      });
    },
  };
}
