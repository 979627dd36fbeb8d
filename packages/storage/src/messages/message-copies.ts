import { createId, toWellFormed } from "@deskside/base";
import { deskError, type Message } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import { toJson } from "../repositories/json-column.ts";
import { requireMessage } from "./message-rows.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

/** A message that was written elsewhere. It is finished, whatever it was there. */
export type MessageCopy = Pick<
  Message,
  "role" | "text" | "reasoning" | "finish" | "model" | "stats" | "scope" | "grounding" | "origin" | "createdAt"
> & {
  /** Names it among the copies; a parent comes before its children. */
  readonly key: string;
  readonly parentKey: string | null;
};

/** Inside a transaction: another version beside an answer, in words of the person, and it is shown. */
export function insertEdited(
  context: RepositoryContext,
  principal: Principal,
  revision: number,
  { messageId, text }: { messageId: string; text: string },
): Message {
  const { store, clock } = context;
  const { ownerId } = principal;
  const before = requireMessage(context, principal, messageId);
  if (before.role !== "assistant" || before.status === "running") throw deskError("NOT_EDITABLE", { messageId });
  const { chatId, parentId } = before;
  const now = clock.now();
  const id = createId("msg", now);
  store.run(
    `INSERT INTO messages (id, owner_id, chat_id, parent_id, role, text, reasoning, status, finish, origin, created_at, revision)
     VALUES (@id, @ownerId, @chatId, @parentId, 'assistant', @text, '', 'complete', 'end', 'edited', @now, @revision)`,
    { id, ownerId, chatId, parentId, text: toWellFormed(text), now, revision },
  );
  store.run(
    `UPDATE chats SET leaf_id = @id, updated_at = @now, touched = @revision, revision = @revision
     WHERE id = @chatId AND owner_id = @ownerId`,
    { id, now, revision, chatId, ownerId },
  );
  return requireMessage(context, principal, id);
}

/** Inside a transaction: writes the copies with ids of their own, and returns these by key. */
export function insertCopies(
  { store }: RepositoryContext,
  { ownerId }: Principal,
  revision: number,
  chatId: string,
  copies: readonly MessageCopy[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const copy of copies) {
    const id = createId("msg", copy.createdAt);
    ids.set(copy.key, id);
    store.run(
      `INSERT INTO messages (id, owner_id, chat_id, parent_id, role, text, reasoning, status, finish, scope, grounding,
         model_id, model_name, model_quantization, stats, origin, created_at, revision)
       VALUES (@id, @ownerId, @chatId, @parentId, @role, @text, @reasoning, 'complete', @finish, @scope, @grounding,
         @modelId, @modelName, @quantization, @stats, @origin, @createdAt, @revision)`,
      {
        ...{ id, ownerId, chatId, revision, role: copy.role, finish: copy.finish, createdAt: copy.createdAt },
        parentId: copy.parentKey === null ? null : (ids.get(copy.parentKey) ?? null),
        ...{ text: toWellFormed(copy.text), reasoning: toWellFormed(copy.reasoning), origin: copy.origin ?? null },
        ...{ scope: toJson(copy.scope ?? null), grounding: toJson(copy.grounding ?? null), stats: toJson(copy.stats) },
        ...{ modelId: copy.model?.id ?? null, modelName: copy.model?.name ?? null },
        quantization: copy.model?.quantization ?? null,
      },
    );
  }
  return ids;
}
