import { type Clock, createId, isDesksideError, toWellFormed, utf8Length } from "@deskside/base";
import {
  deskError,
  type GenerationEvent,
  type GenerationStart,
  type GenerationStarted,
  maxMessageBytes,
  type Message,
  type PromptCount,
  type Sampling,
} from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";
import { buildPrompt, resolveSampling } from "./build-prompt.ts";
import { chooseModel } from "./choose-model.ts";
import { createLiveAnswer, type LiveAnswer } from "./live-answer.ts";
import { runAnswer } from "./run-answer.ts";
import { titleOf } from "./title-of.ts";

/** Kept for windows that look just after the end. */
const rememberMs = 60_000;
/** Tokens kept free for an answer when a prompt is counted. */
const answerRoom = 256;

export interface GenerationDeps {
  workspace: Workspace;
  library: ModelLibrary;
  engines: EngineSupervisor;
  events: EventHub;
  clock: Clock;
  log: Logger;
  defaultModel: (principal: Principal) => string | null;
}

export interface GenerationService extends AsyncDisposable {
  start(principal: Principal, input: GenerationStart): Promise<GenerationStarted>;
  watch(principal: Principal, generationId: string, signal: AbortSignal | undefined): AsyncGenerator<GenerationEvent>;
  cancel(principal: Principal, generationId: string): Promise<void>;
  cancelChat(principal: Principal, chatId: string): Promise<void>;
  count(
    principal: Principal,
    input: { chatId: string | null; parentId: string | null; text: string; modelId: string | null },
  ): Promise<PromptCount | null>;
}

interface Running {
  readonly id: string;
  readonly ownerId: string;
  readonly chatId: string;
  readonly live: LiveAnswer;
  readonly abort: AbortController;
}

export function createGenerationService(deps: GenerationDeps): GenerationService {
  const { workspace, events } = deps;
  const running = new Map<string, Running>();
  let closing = false;

  const find = (principal: Principal, generationId: string): Running => {
    const found = running.get(generationId);
    if (found?.ownerId !== principal.ownerId) throw deskError("GENERATION_NOT_FOUND", { generationId });
    return found;
  };

  const ofChat = (chatId: string) => [...running.values()].find((one) => one.chatId === chatId && !one.live.settled);

  const changed = (chatId: string) => {
    events.publish({ type: "chats" });
    events.publish({ type: "chat", chatId });
  };

  const pathTo = (principal: Principal, leafId: string | null): Message[] =>
    leafId === null ? [] : workspace.messages.path(principal, leafId);

  /** The model first: a turn that nobody can answer is not written down. */
  const prepare = async (principal: Principal, input: GenerationStart) => {
    if (closing) throw deskError("UNSUPPORTED", { feature: "start while closing" });
    const chat = input.chatId === null ? null : workspace.chats.getWithMessages(principal, input.chatId);
    if (chat) {
      const busy = ofChat(chat.id);
      if (busy) throw deskError("GENERATION_RUNNING", { chatId: chat.id, generationId: busy.id });
    }
    const turn = planTurn(input, chat?.messages ?? [], chat?.leafId ?? null);
    const conversation = turn.kind === "send" ? turn.text : lastQuestion(pathTo(principal, turn.parentId));
    const modelId = await chooseModel(
      {
        asked:
          ("modelId" in input ? input.modelId : null) ??
          (turn.kind === "continue" ? (turn.message.model?.id ?? null) : null),
        ofChat: chat?.modelId ?? null,
        byDefault: deps.defaultModel(principal),
        conversation,
      },
      deps,
    );
    return { turn, model: await deps.library.resolve(modelId) };
  };

  /** The user's turn and the empty answer are on disk together, or neither is. */
  const write = (principal: Principal, turn: Turn, model: ResolvedModel, params: Sampling) => {
    const row = { id: model.id, name: model.description.name, quantization: model.description.quantization };
    return workspace.transaction(() => {
      if (turn.kind === "continue") {
        const message = workspace.messages.resume(principal, { messageId: turn.message.id, model: row, params });
        return { chatId: turn.chatId, userMessageId: null, message };
      }
      const chatId = turn.chatId ?? workspace.chats.create(principal, { modelId: null }).id;
      let { parentId } = turn;
      let userMessageId: string | null = null;
      if (turn.kind === "send") {
        userMessageId = workspace.messages.insertUser(principal, { chatId, parentId, text: turn.text }).id;
        parentId = userMessageId;
        workspace.chats.setTitleIfUntitled(principal, chatId, titleOf(turn.text));
      }
      const message = workspace.messages.insertAssistant(principal, { chatId, parentId, model: row, params });
      workspace.chats.setLeaf(principal, chatId, message.id);
      return { chatId, userMessageId, message };
    });
  };

  const run = async (
    principal: Principal,
    one: Running,
    model: ResolvedModel,
    sampling: Sampling,
    continued: Message | null,
  ) => {
    const path = one.live.message.parentId === null ? [] : pathTo(principal, one.live.message.parentId);
    const prompt = buildPrompt(model, path, continued);
    const event = await runAnswer(
      { principal, live: one.live, model, prompt, sampling, signal: one.abort.signal },
      deps,
    );
    one.live.settle(event);
    changed(one.chatId);
    setTimeout(() => running.delete(one.id), rememberMs).unref();
  };

  return {
    async start(principal, input) {
      const { turn, model } = await prepare(principal, input);
      const continued = turn.kind === "continue" ? turn.message : null;
      const sampling = resolveSampling(model, input.sampling, { again: turn.kind === "regenerate" });
      const { chatId, userMessageId, message } = write(principal, turn, model, sampling);
      const generationId = message.generationId ?? createId("gen", deps.clock.now());
      const one: Running = {
        ...{ id: generationId, ownerId: principal.ownerId, chatId },
        ...{ live: createLiveAnswer(message), abort: new AbortController() },
      };
      running.set(generationId, one);
      changed(chatId);
      void run(principal, one, model, sampling, continued).catch((error: unknown) => {
        // Storing the end failed (full disk, read-only store): the watcher still learns how it ended.
        deps.log.error({ err: error, generationId }, "answer could not be stored");
        const data = isDesksideError(error)
          ? error.toData()
          : deskError("INTERNAL", { incident: generationId }).toData();
        one.live.settle({
          type: "failed",
          message: {
            ...one.live.message,
            status: "failed",
            finish: "error",
            generationId: null,
            error: { ...data, data: { ...data.data } },
          },
        });
      });
      return { generationId, chatId, userMessageId, messageId: message.id };
    },
    watch: (principal, generationId, signal) => find(principal, generationId).live.watch(signal),
    async cancel(principal, generationId) {
      const one = running.get(generationId);
      if (one?.ownerId !== principal.ownerId) return;
      one.abort.abort(new Error("stopped by the user"));
      await one.live.end;
    },
    async cancelChat(principal, chatId) {
      const one = ofChat(chatId);
      if (one?.ownerId !== principal.ownerId) return;
      one.abort.abort(new Error("stopped by the user"));
      await one.live.end;
    },
    async count(principal, input) {
      const chat = input.chatId === null ? null : workspace.chats.get(principal, input.chatId);
      const parentId = input.parentId ?? chat?.leafId ?? null;
      const path = chat ? pathTo(principal, parentId) : [];
      const conversation = input.text.trim() === "" ? lastQuestion(path) : input.text;
      const modelId = await chooseModel(
        { asked: input.modelId, ofChat: chat?.modelId ?? null, byDefault: deps.defaultModel(principal), conversation },
        deps,
      );
      const slot = deps.engines.existing(modelId);
      const contextSize = slot?.state.contextSize;
      if (!slot || !contextSize || !["ready", "answering"].includes(slot.state.phase)) return null;
      const next: Message[] = [...path];
      const text = toWellFormed(input.text);
      const prompt = buildPrompt(slot.model, next, null);
      const messages = text === "" ? prompt.messages : [...prompt.messages, { role: "user" as const, text }];
      if (messages.length === 0) return { modelId, used: 0, contextSize, room: answerRoom };
      const client = await slot.ready();
      const { tokens } = await client.countPrompt({ messages });
      return { modelId, used: tokens, contextSize, room: answerRoom };
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      for (const one of running.values()) one.abort.abort(new Error("closing"));
      await Promise.all([...running.values()].map((one) => one.live.end));
    },
  };
}

type Turn =
  | { kind: "send"; chatId: string | null; parentId: string | null; text: string }
  | { kind: "regenerate"; chatId: string; parentId: string | null }
  | { kind: "continue"; chatId: string; parentId: string | null; message: Message };

/** Checks what was asked against the tree. */
function planTurn(input: GenerationStart, messages: readonly Message[], leafId: string | null): Turn {
  const find = (messageId: string): Message => {
    const message = messages.find((one) => one.id === messageId);
    if (!message) throw deskError("MESSAGE_NOT_FOUND", { messageId });
    return message;
  };
  if (input.kind === "send") {
    const bytes = utf8Length(input.text);
    if (bytes > maxMessageBytes) throw deskError("MESSAGE_TOO_LARGE", { bytes, limit: maxMessageBytes });
    const text = toWellFormed(input.text);
    if (text.trim() === "") throw deskError("MESSAGE_EMPTY", {});
    if (input.parentId !== null) find(input.parentId);
    return { kind: "send", chatId: input.chatId, parentId: input.parentId ?? leafId, text };
  }
  const message = find(input.messageId);
  if (input.kind === "regenerate") {
    const parentId = message.role === "assistant" ? message.parentId : message.id;
    return { kind: "regenerate", chatId: input.chatId, parentId };
  }
  const isLast = !messages.some((one) => one.parentId === message.id);
  const unfinished = message.status === "stopped" || message.status === "failed" || message.finish === "length";
  if (message.role !== "assistant" || !unfinished || !isLast)
    throw deskError("NOT_CONTINUABLE", { messageId: message.id });
  return { kind: "continue", chatId: input.chatId, parentId: message.parentId, message };
}

function lastQuestion(path: readonly Message[]): string {
  return path.findLast((message) => message.role === "user")?.text ?? "";
}
