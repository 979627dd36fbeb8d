import { createDeferred } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { Loaded, LoadPlan, Prompt } from "@deskside/contract/engine";
import { type LlamaContext, type LlamaModel, LlamaText, SpecialTokensText, type Token } from "node-llama-cpp";
import { renderPrompt, type TemplateOfModel } from "./chat-template/prompt-renderer.ts";
import { createTemplateRenderer } from "./chat-template/template-renderer.ts";
import { type AnswerLane, type AnswerLanes, createAnswerLanes } from "./decode/answer-lanes.ts";
import { createContext } from "./load/create-context.ts";
import { type DraftModel, loadDraftModel } from "./decode/draft-model.ts";
import { openLane } from "./decode/open-lane.ts";
import { type OpenOptions, openModel } from "./load/open-model.ts";
import type { ReasoningMarks } from "./reasoning-splitter.ts";

/** A prompt as the model sees it. */
export interface PromptTokens {
  readonly tokens: Token[];
  /** The prompt ends inside the reasoning. */
  readonly insideReasoning: boolean;
  /** The answer itself has begun already (prefill). */
  readonly answerBegun: boolean;
}

export interface LoadedModel extends AsyncDisposable {
  readonly purpose: "chat";
  readonly model: LlamaModel;
  /** Where answers without named adapters are computed. */
  readonly plain: AnswerLane;
  readonly loaded: Loaded;
  readonly batchSize: number;
  readonly busy: boolean;
  /** RAM of what was made after the load, for answers that asked for it. Bytes. */
  readonly onRequestBytes: number;
  /** Inside a lease. Throws ADAPTER_MISMATCH, OUT_OF_MEMORY, MODEL_LOAD_FAILED. */
  lane(adapters: readonly string[], signal: AbortSignal | undefined): Promise<AnswerLane>;
  /** Same path for counting and generating, so that the counts are equal. Throws TEMPLATE_FAILED. */
  promptTokens(prompt: Prompt): Promise<PromptTokens>;
  tokenize(text: string, special: boolean): Token[];
  /** Runs work that needs the model; unload waits for it. One at a time for the sequence, in the order asked for. */
  lease<T>(work: () => AsyncGenerator<T>): AsyncGenerator<T>;
}

const defaultMarks: ReasoningMarks = { open: "<think>", close: "</think>" };

/** Loads by plan. Aborting `signal` frees what was loaded so far. Throws OUT_OF_MEMORY, MODEL_LOAD_FAILED, ENGINE_START_FAILED. */
export async function loadModel(plan: LoadPlan, options: OpenOptions): Promise<LoadedModel> {
  // The library cannot say which tensors go where; a plan that counts on it would not fit.
  if (plan.expertsInRam) throw deskError("UNSUPPORTED", { feature: "experts in RAM" });
  await using stack = new AsyncDisposableStack();
  const renderer = stack.use(createTemplateRenderer());
  renderer.warmUp();
  const opened = stack.use(await openModel(plan, options, openAnswering));
  const { model } = opened;
  const { context, draft } = opened.context;
  const template = readTemplate(model, plan);
  const reasons = plan.reasoning ?? (template?.source.includes(defaultMarks.close) ? defaultMarks : null);
  const loaded = { ...opened.loaded, contextSize: context.contextSize, reasoning: reasons };
  const lanes = createAnswerLanes({
    ...{ model, plan, context, draft },
    open: (adapters, signal) => openLane(model, plan, adapters, { signal, log: options.log }),
  });
  const owned = stack.move();
  return createLoadedModel({ model, context, lanes, template, loaded, renderer, dispose: () => owned.disposeAsync() });
}

/** The context of plain answers and the draft model that follows it. */
async function openAnswering(
  model: LlamaModel,
  plan: LoadPlan,
  signal: AbortSignal | undefined,
): Promise<AsyncDisposable & { context: LlamaContext; draft: DraftModel | null }> {
  await using stack = new AsyncDisposableStack();
  const { draftModelPath } = plan;
  const draft =
    draftModelPath === null ? null : stack.use(await loadDraftModel(model, { ...plan, draftModelPath }, signal));
  const adapters = plan.adapters.filter(({ name }) => name === null);
  const context = stack.use(await createContext(model, plan, { adapters, signal }));
  const owned = stack.move();
  return { context, draft, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function readTemplate(model: LlamaModel, plan: LoadPlan): TemplateOfModel | null {
  const source = plan.chatTemplate ?? model.fileInfo.metadata.tokenizer?.chat_template ?? null;
  if (source === null) return null;
  return { source, bosToken: model.tokens.bosString ?? "", eosToken: model.tokens.eosString ?? "" };
}

function createLoadedModel(parts: {
  model: LlamaModel;
  context: LlamaContext;
  lanes: AnswerLanes;
  template: TemplateOfModel | null;
  loaded: Loaded;
  renderer: ReturnType<typeof createTemplateRenderer>;
  dispose: () => Promise<void>;
}): LoadedModel {
  const { model, context, lanes, loaded } = parts;
  let closing = false;
  let running: Promise<void> = Promise.resolve();
  let leases = 0;

  return {
    purpose: "chat",
    model,
    plain: lanes.plain,
    loaded,
    batchSize: context.batchSize,
    get busy() {
      return leases > 0;
    },
    get onRequestBytes() {
      return lanes.onRequestBytes;
    },
    lane: lanes.lane,
    promptTokens: (prompt) => renderTokens(prompt, parts),
    tokenize: (text, special) => model.tokenize(text, special),
    async *lease(work) {
      if (closing) throw deskError("MODEL_NOT_LOADED", {});
      leases++;
      const before = running;
      const mine = createDeferred<void>();
      running = mine.promise;
      try {
        await before;
        yield* work();
      } finally {
        leases--;
        mine.resolve();
      }
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      await running;
      await parts.dispose();
    },
  };
}

async function renderTokens(
  prompt: Prompt,
  {
    model,
    template,
    loaded,
    renderer,
  }: Pick<Parameters<typeof createLoadedModel>[0], "model" | "template" | "loaded" | "renderer">,
): Promise<PromptTokens> {
  if (!template) throw deskError("TEMPLATE_FAILED", { reason: "syntax", detail: "the file has no chat template" });
  const pieces = await renderPrompt(prompt, template, renderer);
  const texts = pieces.map((piece) => (piece.control ? new SpecialTokensText(piece.text) : piece.text));
  const opened = loaded.reasoning !== null && lastText(pieces).trimEnd().endsWith(loaded.reasoning.open);
  const prefill = prefillTexts(prompt, loaded.reasoning, opened);
  const tokens = LlamaText([...texts, ...prefill.texts]).tokenize(model.tokenizer);
  return {
    tokens: withBos(model, tokens),
    insideReasoning: prefill.insideReasoning,
    answerBegun: (prompt.prefill?.text ?? "") !== "",
  };
}

function lastText(pieces: readonly { text: string; control: boolean }[]): string {
  const last = pieces.at(-1);
  return last?.control ? last.text : "";
}

/** What follows the generation prompt when an answer is continued. */
function prefillTexts(prompt: Prompt, marks: ReasoningMarks | null, opened: boolean) {
  const { text = "", reasoning = "" } = prompt.prefill ?? {};
  const texts: (string | SpecialTokensText)[] = [];
  let insideReasoning = opened;
  if (marks && reasoning !== "") {
    if (!opened) texts.push(new SpecialTokensText(marks.open));
    texts.push(reasoning);
    insideReasoning = true;
  }
  if (text !== "") {
    if (marks && insideReasoning) texts.push(new SpecialTokensText(marks.close));
    texts.push(text);
    insideReasoning = false;
  }
  return { texts, insideReasoning };
}

/** Templates usually write the first token themselves; where one does not and the model wants it, it is added once. */
function withBos(model: LlamaModel, tokens: Token[]): Token[] {
  const bos = model.tokens.bos;
  if (bos === null || !model.tokens.shouldPrependBosToken || tokens[0] === bos) return tokens;
  return [bos, ...tokens];
}
