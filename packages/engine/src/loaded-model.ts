import { createDeferred } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { Loaded, LoadPlan, Prompt } from "@deskside/contract/engine";
import {
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
  LlamaText,
  SpecialTokensText,
  type Token,
} from "node-llama-cpp";
import { renderPrompt, type TemplateOfModel } from "./chat-template/prompt-renderer.ts";
import { createTemplateRenderer } from "./chat-template/template-renderer.ts";
import { mapLoadError, openLlama } from "./llama-runtime.ts";
import { ggmlTypeOf } from "./load/estimate.ts";
import { createLoadLog } from "./load/load-log.ts";
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
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly loaded: Loaded;
  readonly batchSize: number;
  readonly busy: boolean;
  /** Same path for counting and generating, so that the counts are equal. Throws TEMPLATE_FAILED. */
  promptTokens(prompt: Prompt): Promise<PromptTokens>;
  tokenize(text: string, special: boolean): Token[];
  /** Runs work that needs the model; unload waits for it. One at a time for the sequence, in the order asked for. */
  lease<T>(work: () => AsyncGenerator<T>): AsyncGenerator<T>;
}

const checkpointBytes = 256 * 2 ** 20;

const defaultMarks: ReasoningMarks = { open: "<think>", close: "</think>" };

/** Loads by plan. Aborting `signal` frees what was loaded so far. Throws OUT_OF_MEMORY, MODEL_LOAD_FAILED, ENGINE_START_FAILED. */
export async function loadModel(
  plan: LoadPlan,
  options: { onProgress: (fraction: number) => void; signal?: AbortSignal | undefined; log: (line: string) => void },
): Promise<LoadedModel> {
  const started = performance.now();
  const nativeLog = createLoadLog();
  const log = (line: string) => {
    nativeLog.add(line);
    if (!chatter.test(line)) options.log(line);
  };
  await using stack = new AsyncDisposableStack();
  try {
    if (plan.draftModelPath !== null) throw deskError("UNSUPPORTED", { feature: "draft model" });
    // The library cannot say which tensors go where; a plan that counts on it would not fit.
    if (plan.expertsInRam) throw deskError("UNSUPPORTED", { feature: "experts in RAM" });
    const renderer = stack.use(createTemplateRenderer());
    renderer.warmUp();
    const llama = await openLlama(plan.gpu, log);
    const devices = plan.gpu === "none" ? [] : await checkDevices(llama, plan);
    const model = stack.use(
      await llama.loadModel({
        modelPath: plan.modelPath,
        gpuLayers: plan.gpuLayers,
        // Sizes were decided by the plan; the library's guess would refuse what fits and stop what does not too late.
        ignoreMemorySafetyChecks: true,
        onLoadProgress: stepwise((fraction) => options.onProgress(fraction * 0.9)),
        ...(options.signal ? { loadSignal: options.signal } : {}),
      }),
    );
    const context = stack.use(await createContext(model, plan, options.signal));
    await nativeLog.complete();
    options.onProgress(1);
    const template = readTemplate(model, plan);
    const loadMs = performance.now() - started;
    const weights = await weightsOf(model, plan);
    const buffers = nativeLog.buffers(devices, weights);
    const loaded = describeLoaded({ model, context, plan, template, devices, buffers, loadMs });
    const owned = stack.move();
    return createLoadedModel({ model, context, template, loaded, renderer, dispose: () => owned.disposeAsync() });
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw await mapLoadError(error, plan, nativeLog.lines);
  }
}

/**
 * Names of the GPUs, when there are any and the plan fits into what is free at this moment. Without a device the
 * library starts all the same and everything runs on the CPU without a word; with too little memory some drivers move
 * weights to RAM without a word.
 */
async function checkDevices(llama: Llama, plan: LoadPlan): Promise<string[]> {
  const names = await llama.getGpuDeviceNames();
  if (names.length === 0) {
    const detail = `${plan.gpu} finds no device`;
    throw deskError("MODEL_LOAD_FAILED", { model: plan.modelName, cause: "gpu-no-device", detail });
  }
  const { total, free } = await llama.getVramState();
  if (plan.gpuBytes > free) {
    const cause = plan.gpuBytes > total ? "out-of-vram" : "vram-used-by-others";
    throw deskError("OUT_OF_MEMORY", { neededBytes: plan.gpuBytes, freeBytes: free, cause });
  }
  return names;
}

/** By llama.cpp's own layout of this load, which the library keeps. */
async function weightsOf(model: LlamaModel, plan: LoadPlan): Promise<{ ramBytes: number; gpuBytes: number }> {
  if (plan.gpu === "none") return { ramBytes: model.size, gpuBytes: 0 };
  const laidOut = await model.fileInsights.estimateModelResourceRequirementsV2({ gpuLayers: model.gpuLayers });
  return { ramBytes: laidOut.cpuRam, gpuBytes: laidOut.gpuVram };
}

/** Dumps of the file's header, in every load the same. */
const chatter = /^info: (?:llama_model_loader: - |print_info:|load: |\.)/;

/** The library reports every tensor; a bar needs fifty steps. */
function stepwise(report: (fraction: number) => void): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    if (fraction < 1 && fraction - last < 0.02) return;
    last = fraction;
    report(fraction);
  };
}

function createContext(model: LlamaModel, plan: LoadPlan, signal: AbortSignal | undefined): Promise<LlamaContext> {
  return model.createContext({
    contextSize: plan.contextSize,
    batchSize: Math.min(plan.batchSize, plan.contextSize),
    sequences: plan.slots,
    threads: plan.threads,
    ignoreMemorySafetyChecks: true,
    failedCreationRemedy: false,
    flashAttention: plan.flashAttention ? "auto" : false,
    ...(plan.kvType === "f16"
      ? {}
      : { experimentalKvCacheKeyType: ggmlTypeOf(plan.kvType), experimentalKvCacheValueType: ggmlTypeOf(plan.kvType) }),
    // With one sequence nothing is gained by waiting for others; the default waits a cycle of the event loop a token.
    batching: { dispatchSchedule: (dispatch) => dispatch() },
    ...(plan.adapters.length > 0
      ? { lora: { adapters: plan.adapters.map(({ path, scale }) => ({ filePath: path, scale })) } }
      : {}),
    ...(signal ? { createSignal: signal } : {}),
  });
}

function readTemplate(model: LlamaModel, plan: LoadPlan): TemplateOfModel | null {
  const source = plan.chatTemplate ?? model.fileInfo.metadata.tokenizer?.chat_template ?? null;
  if (source === null) return null;
  return { source, bosToken: model.tokens.bosString ?? "", eosToken: model.tokens.eosString ?? "" };
}

function describeLoaded(input: {
  model: LlamaModel;
  context: LlamaContext;
  plan: LoadPlan;
  template: TemplateOfModel | null;
  devices: string[];
  buffers: Loaded["buffers"];
  loadMs: number;
}): Loaded {
  const { model, plan, template } = input;
  const reasons = plan.reasoning ?? (template?.source.includes(defaultMarks.close) ? defaultMarks : null);
  return {
    contextSize: input.context.contextSize,
    trainedContextSize: model.trainContextSize,
    threads: plan.threads,
    gpu: plan.gpu,
    gpuLayers: model.gpuLayers,
    devices: input.devices,
    architecture: model.fileInfo.metadata.general.architecture,
    loadMs: input.loadMs,
    reasoning: reasons,
    buffers: input.buffers,
  };
}

function createLoadedModel(parts: {
  model: LlamaModel;
  context: LlamaContext;
  template: TemplateOfModel | null;
  loaded: Loaded;
  renderer: ReturnType<typeof createTemplateRenderer>;
  dispose: () => Promise<void>;
}): LoadedModel {
  const { model, context, loaded, template } = parts;
  // Models that cannot go back in their state keep copies of it: by default up to 32, without a limit of memory.
  const sequence = context.getSequence({ checkpoints: { max: 4, maxMemory: checkpointBytes } });
  let closing = false;
  let running: Promise<void> = Promise.resolve();
  let leases = 0;

  return {
    model,
    sequence,
    loaded,
    batchSize: context.batchSize,
    get busy() {
      return leases > 0;
    },
    async promptTokens(prompt) {
      if (!template) throw deskError("TEMPLATE_FAILED", { reason: "syntax", detail: "the file has no chat template" });
      const pieces = await renderPrompt(prompt, template, parts.renderer);
      const texts = pieces.map((piece) => (piece.control ? new SpecialTokensText(piece.text) : piece.text));
      const opened = loaded.reasoning !== null && lastText(pieces).trimEnd().endsWith(loaded.reasoning.open);
      const prefill = prefillTexts(prompt, loaded.reasoning, opened);
      const tokens = LlamaText([...texts, ...prefill.texts]).tokenize(model.tokenizer);
      return {
        tokens: withBos(model, tokens),
        insideReasoning: prefill.insideReasoning,
        answerBegun: (prompt.prefill?.text ?? "") !== "",
      };
    },
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
