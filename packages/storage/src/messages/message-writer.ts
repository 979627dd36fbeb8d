import { createId, toWellFormed } from "@deskside/base";
import { deskError, type Message, type Sampling, type Scope } from "@deskside/contract";
import type { Principal } from "../principal.ts";
import { requireChat } from "../chats/chat-rows.ts";
import { toJson } from "../repositories/json-column.ts";
import { requireMessage } from "./message-rows.ts";
import type { MessageRepository, NewAnswer, NewTurn } from "./message-repository.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

type MessageWriter = Pick<
  MessageRepository,
  "insertUser" | "insertAssistant" | "resume" | "appendRunning" | "finish" | "markInterrupted"
>;

export function createMessageWriter(context: RepositoryContext): MessageWriter {
  const { store } = context;
  return {
    insertUser: (principal, turn) =>
      store.write((revision) =>
        insertMessage(context, principal, revision, {
          scope: null,
          ...turn,
          role: "user",
          model: null,
          generationId: null,
        }),
      ),
    insertAssistant: (principal, answer) =>
      store.write((revision) => {
        const generationId = createId("gen", context.clock.now());
        const row = { ...answer, role: "assistant" as const, text: "", generationId, scope: null };
        const message = insertMessage(context, principal, revision, row);
        insertGeneration(context, principal, revision, { message, generationId, ...answer });
        return message;
      }),
    resume: (principal, answer) => store.write((revision) => resume(context, principal, revision, answer)),
    appendRunning: ({ ownerId }, { messageId, text, reasoning, stats }) =>
      store.write((revision) => {
        const changed = store.run(
          `UPDATE messages SET text = @text, reasoning = @reasoning, stats = @stats, revision = @revision
           WHERE id = @messageId AND owner_id = @ownerId AND status = 'running'`,
          {
            ...{ messageId, ownerId, revision, stats: toJson(stats) },
            ...{ text: toWellFormed(text), reasoning: toWellFormed(reasoning) },
          },
        );
        if (changed === 0) throw deskError("MESSAGE_NOT_FOUND", { messageId });
      }),
    finish: (principal, answer) => store.write((revision) => finish(context, principal, revision, answer)),
    markInterrupted: () => markInterrupted(context),
  };
}

interface MessageRow extends NewTurn {
  readonly role: Message["role"];
  readonly text: string;
  readonly model: NewAnswer["model"] | null;
  readonly generationId: string | null;
  readonly scope: Scope | null;
}

function insertMessage(context: RepositoryContext, principal: Principal, revision: number, row: MessageRow): Message {
  const { store, clock } = context;
  const { ownerId } = principal;
  requireChat(context, principal, row.chatId);
  if (row.parentId !== null && requireMessage(context, principal, row.parentId).chatId !== row.chatId) {
    throw deskError("MESSAGE_NOT_FOUND", { messageId: row.parentId });
  }
  const now = clock.now();
  const id = createId("msg", now);
  store.run(
    `INSERT INTO messages (id, owner_id, chat_id, parent_id, role, text, reasoning, status, scope,
       model_id, model_name, model_quantization, generation_id, created_at, revision)
     VALUES (@id, @ownerId, @chatId, @parentId, @role, @text, '', @status, @scope,
       @modelId, @modelName, @quantization, @generationId, @now, @revision)`,
    {
      ...{ id, ownerId, chatId: row.chatId, parentId: row.parentId, role: row.role, text: toWellFormed(row.text) },
      ...{ status: row.generationId === null ? "complete" : "running", generationId: row.generationId, now, revision },
      scope: toJson(row.scope),
      ...modelValues(row.model),
    },
  );
  store.run(
    `UPDATE chats SET leaf_id = @id, updated_at = @now, touched = @revision, revision = @revision
     WHERE id = @chatId AND owner_id = @ownerId`,
    { id, now, revision, chatId: row.chatId, ownerId },
  );
  return requireMessage(context, principal, id);
}

interface GenerationRow {
  readonly message: Message;
  readonly generationId: string;
  readonly model: NewAnswer["model"];
  readonly params: Sampling;
}

function insertGeneration(
  { store, clock }: RepositoryContext,
  { ownerId }: Principal,
  revision: number,
  { message, generationId, model, params }: GenerationRow,
): void {
  store.run(
    `INSERT INTO generations (id, owner_id, chat_id, message_id, model_id, model_name, model_quantization,
       params, state, started_at, revision)
     VALUES (@generationId, @ownerId, @chatId, @messageId, @modelId, @modelName, @quantization,
       @params, 'running', @now, @revision)`,
    {
      ...{ generationId, ownerId, chatId: message.chatId, messageId: message.id, ...modelValues(model) },
      ...{ params: JSON.stringify(params), now: clock.now(), revision },
    },
  );
}

function resume(
  context: RepositoryContext,
  principal: Principal,
  revision: number,
  { messageId, model, params }: { messageId: string; model: NewAnswer["model"]; params: Sampling },
): Message {
  const { store, clock } = context;
  const message = requireMessage(context, principal, messageId);
  if (message.role !== "assistant" || message.status === "running") throw deskError("NOT_CONTINUABLE", { messageId });
  const generationId = createId("gen", clock.now());
  store.run(
    `UPDATE messages SET status = 'running', finish = NULL, error = NULL, generation_id = @generationId,
       model_id = @modelId, model_name = @modelName, model_quantization = @quantization, revision = @revision
     WHERE id = @messageId AND owner_id = @ownerId`,
    { generationId, messageId, revision, ownerId: principal.ownerId, ...modelValues(model) },
  );
  insertGeneration(context, principal, revision, { message, generationId, model, params });
  return requireMessage(context, principal, messageId);
}

function finish(
  context: RepositoryContext,
  principal: Principal,
  revision: number,
  answer: Parameters<MessageRepository["finish"]>[1],
): Message {
  const { store, clock } = context;
  const { messageId, status } = answer;
  const { ownerId } = principal;
  const before = requireMessage(context, principal, messageId);
  const values = { messageId, ownerId, status, revision, error: toJson(answer.error), stats: toJson(answer.stats) };
  store.run(
    `UPDATE messages SET status = @status, finish = @finish, error = @error, stats = coalesce(@stats, stats),
       text = @text, reasoning = @reasoning, grounding = @grounding, generation_id = NULL, revision = @revision
     WHERE id = @messageId AND owner_id = @ownerId`,
    {
      ...{ ...values, finish: answer.finish, grounding: toJson(answer.grounding) },
      ...{
        text: toWellFormed(answer.text ?? before.text),
        reasoning: toWellFormed(answer.reasoning ?? before.reasoning),
      },
    },
  );
  store.run(
    `UPDATE generations SET state = @status, ended_at = @now, error = @error, stats = @stats, revision = @revision
     WHERE message_id = @messageId AND owner_id = @ownerId AND state = 'running'`,
    { ...values, now: clock.now() },
  );
  store.run(
    `UPDATE chats SET updated_at = @now, touched = @revision, revision = @revision
     WHERE id = @chatId AND owner_id = @ownerId`,
    { chatId: before.chatId, ownerId, now: clock.now(), revision },
  );
  return requireMessage(context, principal, messageId);
}

function markInterrupted({ store, clock }: RepositoryContext): number {
  const running = store.get("SELECT count(*) AS count FROM messages WHERE status = 'running'") as { count: number };
  const open = store.get("SELECT count(*) AS count FROM generations WHERE state = 'running'") as { count: number };
  if (running.count + open.count === 0) return 0;
  return store.write((revision) => {
    store.run(
      `UPDATE generations SET state = 'stopped', ended_at = @now, revision = @revision,
         stats = (SELECT stats FROM messages WHERE messages.id = message_id)
       WHERE state = 'running'`,
      { now: clock.now(), revision },
    );
    return store.run(
      `UPDATE messages SET status = 'stopped', finish = 'interrupted', generation_id = NULL, revision = @revision
       WHERE status = 'running'`,
      { revision },
    );
  });
}

function modelValues(model: NewAnswer["model"] | null) {
  return {
    modelId: model?.id ?? null,
    modelName: model?.name ?? null,
    quantization: model?.quantization ?? null,
  };
}
