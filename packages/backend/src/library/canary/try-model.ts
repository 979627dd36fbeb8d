import { isDesksideError } from "@deskside/base";
import type { CanaryReport, CanaryStep } from "@deskside/contract";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ResolvedModel } from "@deskside/model-library";
import type { EngineClient, EngineProcess } from "../../engines/engine-process.ts";
import type { LoadPlanner } from "../../engines/load-planner.ts";
import { loadWithFallback } from "../../engines/load-with-fallback.ts";
import type { Logger } from "../../log/logger.ts";

export interface CanaryDeps {
  readonly spawner: ProcessSpawner;
  readonly planLoads: LoadPlanner;
  readonly log: Logger;
}

export interface CanaryOutcome extends CanaryReport {
  /** It did not fail: this machine, at this moment, has no room for it. */
  readonly noRoom: boolean;
}

/** Enough for the questions; a large context would only cost memory. */
const contextTokens = 512;
const answerTokens = 16;
/** Models with fewer parameters may write nonsense by nature. */
const ableParameters = 100_000_000;
/** In the two languages of the product: a tokenizer that is wrong for one of them shows. */
const questions = ["What is the capital of France? Answer with one word.", "法国的首都是哪里？只回答一个词。"] as const;

/**
 * Loads a model in a process of its own, lets it answer known questions and measures its speed. What it says is not
 * graded: only that it says something readable. A process that ends or hangs is an outcome. Throws the signal's reason.
 */
export async function tryModel(
  model: ResolvedModel,
  { spawner, planLoads, log }: CanaryDeps,
  options: { signal?: AbortSignal; limitMs?: number } = {},
): Promise<CanaryOutcome> {
  const limit = AbortSignal.timeout(options.limitMs ?? 600_000);
  const signal = AbortSignal.any([limit, ...(options.signal ? [options.signal] : [])]);
  let step: CanaryStep = "load";
  let loadMs: number | null = null;
  let engine: EngineProcess | undefined;
  const report = (passed: boolean, rest: { detail?: string; tokensPerSecond?: number | null; noRoom?: boolean }) => ({
    ...{ model: model.id, at: Date.now(), passed, step: passed ? null : step, loadMs },
    ...{ detail: (rest.detail ?? "").slice(0, 1_000), noRoom: rest.noRoom ?? false },
    tokensPerSecond: rest.tokensPerSecond ?? null,
  });
  const onAbort = () => engine?.kill();
  signal.addEventListener("abort", onAbort);
  try {
    const watcher = {
      ...{ signal, onPlan: () => undefined, onProgress: () => undefined },
      onProcess: (started: EngineProcess) => {
        engine = started;
        if (signal.aborted) started.kill();
      },
    };
    const deps = { spawner, log, planLoads: shrink(planLoads) };
    const { loaded } = await loadWithFallback(model, deps, watcher, new Set());
    loadMs = loaded.loadMs;
    const client = engine?.client;
    if (!client || model.description.role !== "chat") return report(true, {});
    step = "prompt";
    // A base model has no way to be asked; its facts say so.
    const canBeAsked = model.header.chatTemplate !== null || model.description.template !== null;
    const answers: Answer[] = [];
    for (const question of canBeAsked ? questions : []) answers.push(await answer(client, question, signal));
    const problem = problemOf(answers, model.header.parameters);
    if (problem !== null) return report(false, { detail: problem });
    step = "speed";
    const { tokensPerSecond } = await client.measure({ promptTokens: 16, outputTokens: answerTokens }, { signal });
    if (tokensPerSecond !== null && tokensPerSecond > 0) return report(true, { tokensPerSecond });
    return report(false, { detail: "no token came while its speed was measured" });
  } catch (error) {
    options.signal?.throwIfAborted();
    return report(false, limit.aborted ? { detail: "no end within the time limit" } : failureOf(error));
  } finally {
    signal.removeEventListener("abort", onAbort);
    engine?.kill();
    await engine?.ended;
  }
}

/** The same plans with a small context. */
function shrink(planLoads: LoadPlanner): LoadPlanner {
  return async (model) => {
    const planned = await planLoads(model);
    const loads = planned.loads.map((load) => ({
      ...load,
      plan: { ...load.plan, contextSize: Math.min(load.plan.contextSize, contextTokens), slots: 1 },
    }));
    return { ...planned, loads };
  };
}

interface Answer {
  readonly text: string;
  readonly tokens: number;
}

async function answer(client: EngineClient, question: string, signal: AbortSignal): Promise<Answer> {
  const prompt = { messages: [{ role: "user" as const, text: question }] };
  let text = "";
  let tokens = 0;
  const sampling = { maxTokens: answerTokens, temperature: 0 };
  for await (const event of await client.generate({ prompt, sampling }, { signal })) {
    if (event.type === "text") text += event.text + event.reasoning;
    if (event.type === "finish") tokens = event.outputTokens;
  }
  return { text, tokens };
}

/** Null = the answers can be read. */
function problemOf(answers: readonly Answer[], parameters: number): string | null {
  if (answers.length > 0 && answers.every(({ tokens }) => tokens === 0)) return "it answered nothing";
  if (parameters < ableParameters) return null;
  return answers.some(({ text }) => isBroken(text)) ? "its answer is not text" : null;
}

/** A text that was cut in the middle of a character has one of these; a wrong tokenizer leaves them everywhere. */
function isBroken(text: string): boolean {
  const characters = [...text];
  const broken = characters.filter((character) => character === "\u{fffd}").length;
  return broken > 2 && broken * 2 > characters.length;
}

const memoryCauses: readonly unknown[] = ["out-of-ram", "out-of-vram", "vram-used-by-others", "context-too-large"];

function failureOf(error: unknown): { detail: string; noRoom: boolean } {
  if (!isDesksideError(error)) return { detail: error instanceof Error ? error.message : String(error), noRoom: false };
  const { cause, detail } = error.data;
  const said = [error.code, cause, detail].filter((part) => typeof part === "string" && part !== "").join(": ");
  return { detail: said, noRoom: error.code === "OUT_OF_MEMORY" || memoryCauses.includes(cause) };
}
