import { type Clock, createId, isDesksideError } from "@deskside/base";
import {
  deskError,
  type GenerationEvent,
  type GenerationStart,
  type GenerationStarted,
  type Message,
  type ModelDefaults,
  type PromptCount,
  type Sampling,
  type Steering,
} from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { Logger } from "../log/logger.ts";
import type { AnswerActivity } from "../monitor/answer-activity.ts";
import type { EventHub } from "../system/event-hub.ts";
import { buildPrompt, resolveSampling } from "./build-prompt.ts";
import { chooseModel } from "./choose-model.ts";
import { type CountInput, countPrompt } from "./count-prompt.ts";
import type { DocumentSearch, DocumentTask } from "./documents/look-up.ts";
import { createLiveAnswer, type LiveAnswer } from "./live-answer.ts";
import { lastQuestion, planTurn, type Turn } from "./plan-turn.ts";
import { runAnswer } from "./run-answer.ts";
import { writeTurn } from "./write-turn.ts";

/** Kept for windows that look just after the end. */
const rememberMs = 60_000;

export interface GenerationDeps {
  workspace: Workspace;
  library: ModelLibrary;
  engines: EngineSupervisor;
  events: EventHub;
  activity: AnswerActivity;
  documents: DocumentSearch;
  clock: Clock;
  log: Logger;
  defaultModel: (principal: Principal) => string | null;
  /** What a person fixed for a model. */
  defaultsOf: (modelId: string) => ModelDefaults;
}

/** The registry of running answers: they belong to the backend, windows only watch. */
export interface GenerationService extends AsyncDisposable {
  start(principal: Principal, input: GenerationStart): Promise<GenerationStarted>;
  watch(principal: Principal, generationId: string, signal: AbortSignal | undefined): AsyncGenerator<GenerationEvent>;
  cancel(principal: Principal, generationId: string): Promise<void>;
  cancelChat(principal: Principal, chatId: string): Promise<void>;
  /** All that run of this person; what they wrote is kept. */
  cancelAll(principal: Principal): Promise<void>;
  count(principal: Principal, input: CountInput): Promise<PromptCount | null>;
}

interface Running {
  readonly id: string;
  readonly principal: Principal;
  readonly chatId: string;
  readonly live: LiveAnswer;
  readonly abort: AbortController;
}

interface Job {
  readonly turn: Turn;
  readonly model: ResolvedModel;
  readonly params: Sampling;
  readonly steering: Steering | null;
}

export function createGenerationService(deps: GenerationDeps): GenerationService {
  return new Generations(deps);
}

class Generations implements GenerationService {
  readonly #deps: GenerationDeps;
  readonly #running = new Map<string, Running>();
  #closing = false;

  constructor(deps: GenerationDeps) {
    this.#deps = deps;
  }

  async start(principal: Principal, input: GenerationStart): Promise<GenerationStarted> {
    this.#assertFree(input.chatId);
    const job = await this.#prepare(principal, input);
    // Asked again: another start may have come in while the model was looked up. From here on nothing waits.
    this.#assertFree(input.chatId);
    const { chatId, userMessageId, message } = writeTurn(this.#deps.workspace, principal, job);
    const id = message.generationId ?? createId("gen", this.#deps.clock.now());
    const one = { id, principal, chatId, live: createLiveAnswer(message), abort: new AbortController() };
    this.#running.set(id, one);
    this.#changed(chatId);
    void this.#run(one, job).catch((error: unknown) => this.#settleUnstored(one, error));
    return { generationId: id, chatId, userMessageId, messageId: message.id };
  }

  watch(principal: Principal, generationId: string, signal: AbortSignal | undefined): AsyncGenerator<GenerationEvent> {
    const one = this.#running.get(generationId);
    if (one?.principal.ownerId !== principal.ownerId) throw deskError("GENERATION_NOT_FOUND", { generationId });
    return one.live.watch(signal);
  }

  async cancel(principal: Principal, generationId: string): Promise<void> {
    const one = this.#running.get(generationId);
    if (one?.principal.ownerId === principal.ownerId) await cancelled(one);
  }

  async cancelChat(principal: Principal, chatId: string): Promise<void> {
    const one = this.#ofChat(chatId);
    if (one?.principal.ownerId === principal.ownerId) await cancelled(one);
  }

  async cancelAll(principal: Principal): Promise<void> {
    const own = [...this.#running.values()].filter((one) => one.principal.ownerId === principal.ownerId);
    await Promise.all(own.filter((one) => !one.live.settled).map(cancelled));
  }

  count(principal: Principal, input: CountInput): Promise<PromptCount | null> {
    return countPrompt(principal, input, { ...this.#deps, byDefault: this.#deps.defaultModel(principal) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#running.values()].map(cancelled));
  }

  #ofChat(chatId: string): Running | undefined {
    return [...this.#running.values()].find((one) => one.chatId === chatId && !one.live.settled);
  }

  #assertFree(chatId: string | null): void {
    if (this.#closing) throw deskError("UNSUPPORTED", { feature: "start while closing" });
    const busy = chatId === null ? undefined : this.#ofChat(chatId);
    if (busy) throw deskError("GENERATION_RUNNING", { chatId: busy.chatId, generationId: busy.id });
  }

  /** The model first: a turn that nobody can answer is not written down. */
  async #prepare(principal: Principal, input: GenerationStart): Promise<Job> {
    const { workspace, library } = this.#deps;
    const chat = input.chatId === null ? null : workspace.chats.getWithMessages(principal, input.chatId);
    const turn = planTurn(input, chat?.messages ?? [], chat?.leafId ?? null);
    const wrote = turn.kind === "continue" ? (turn.message.model?.id ?? null) : null;
    const wish = {
      asked: ("modelId" in input ? input.modelId : null) ?? wrote,
      ofChat: chat?.modelId ?? null,
      byDefault: this.#deps.defaultModel(principal),
      conversation: turn.kind === "send" ? turn.text : lastQuestion(this.#path(principal, turn.parentId)),
    };
    const model = await library.resolve(await chooseModel(wish, this.#deps));
    const steering = chat === null ? ((input.kind === "send" ? input.steering : null) ?? null) : chat.steering;
    const parent = turn.kind === "regenerate" ? this.#path(principal, turn.parentId).at(-1) : undefined;
    const inDocuments = turn.kind === "send" ? turn.scope !== null : Boolean(parent?.scope);
    const params = resolveSampling(model, input.sampling, {
      ...{ again: turn.kind === "regenerate", inDocuments, steering },
      defaults: this.#deps.defaultsOf(model.id),
    });
    return { turn, model, params, steering };
  }

  async #run(one: Running, { turn, model, params, steering }: Job): Promise<void> {
    const { principal, live, abort } = one;
    const continued = turn.kind === "continue" ? turn.message : null;
    const path = this.#path(principal, live.message.parentId);
    const prompt = buildPrompt(model, path, continued, {
      defaults: this.#deps.defaultsOf(model.id),
      steering,
    });
    const documents = continued === null ? documentTask(one.chatId, path) : null;
    const event = await runAnswer(
      { principal, live, model, prompt, documents, sampling: params, signal: abort.signal },
      this.#deps,
    );
    this.#settle(one, event);
  }

  /** Storing the end failed (full disk, read-only store): the watchers still learn how it ended. */
  #settleUnstored(one: Running, error: unknown): void {
    this.#deps.log.error({ err: error, generationId: one.id }, "answer could not be stored");
    const { code, kind, data } = isDesksideError(error) ? error : deskError("INTERNAL", { incident: one.id });
    const ended = { status: "failed", finish: "error", generationId: null } as const;
    const message: Message = { ...one.live.message, ...ended, error: { code, kind, data: { ...data } } };
    this.#settle(one, { type: "failed", message });
  }

  #settle(one: Running, event: Parameters<LiveAnswer["settle"]>[0]): void {
    one.live.settle(event);
    this.#changed(one.chatId);
    setTimeout(() => this.#running.delete(one.id), rememberMs).unref();
  }

  #path(principal: Principal, leafId: string | null): Message[] {
    return leafId === null ? [] : this.#deps.workspace.messages.path(principal, leafId);
  }

  #changed(chatId: string): void {
    this.#deps.events.publish({ type: "chats" });
    this.#deps.events.publish({ type: "chat", chatId });
  }
}

/** The last question of a branch, when it is to be looked up. */
function documentTask(chatId: string, path: readonly Message[]): DocumentTask | null {
  const asked = path.at(-1);
  if (asked?.role !== "user" || !asked.scope) return null;
  const turns = path.slice(0, -1);
  const earlier = turns.filter(({ role }) => role === "user").map(({ text }) => text);
  return { scope: asked.scope, chatId, question: asked.text, earlier, turns };
}

async function cancelled(one: Running): Promise<void> {
  one.abort.abort(new Error("stopped"));
  await one.live.end;
}
