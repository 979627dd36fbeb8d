import type { Message, Scope } from "@deskside/contract";
import type { Prompt } from "@deskside/contract/engine";
import { type ConcludedAnswer, createDocumentAnswer, type Retrieved } from "@deskside/knowledge";
import type { ResolvedModel } from "@deskside/model-library";
import type { Principal } from "@deskside/storage";
import type { EngineLease } from "../../engines/engine-slot.ts";
import { documentPrompt, isSmall } from "./document-prompt.ts";

export interface LookUpQuestion {
  readonly scope: Scope;
  readonly chatId: string;
  readonly question: string;
  /** Questions before it, newest last: they say what "it" is. */
  readonly earlier: readonly string[];
}

/** The search that stands behind answers from documents. Throws NOTHING_TO_SEARCH, COLLECTION_NOT_FOUND. */
export interface DocumentSearch {
  retrieve(principal: Principal, question: LookUpQuestion, signal: AbortSignal): Promise<Retrieved>;
}

/** A question that is to be answered from documents. */
export interface DocumentTask extends LookUpQuestion {
  readonly turns: readonly Message[];
}

export interface LookedUp {
  /** Null: the documents cannot hold the answer, the model is not asked. */
  readonly prompt: Prompt | null;
  conclude(answer: string | null, signal: AbortSignal): Promise<ConcludedAnswer>;
}

/** Tokens of the context that are kept for the answer and for what stands around the sources. */
const answerRoom = 512;
/** Most that sources take in a small model's prompt: it was taught on short ones. */
const smallModelTokens = 800;

/** Turns what was found into a prompt that fits the loaded model's context. */
export async function lookUp(
  task: DocumentTask,
  retrieved: Retrieved,
  {
    model,
    lease,
    contextSize,
    signal,
  }: { model: ResolvedModel; lease: EngineLease; contextSize: number; signal: AbortSignal },
): Promise<LookedUp> {
  const countTokens = async (text: string): Promise<number> =>
    (await lease.client.tokenize({ text, special: false }, { signal })).tokens.length;
  const room = Math.max(128, Math.floor((contextSize - answerRoom) * 0.75));
  const answer = await createDocumentAnswer(retrieved, {
    scope: task.scope,
    trust: isSmall(model) ? "low" : "normal",
    sourceTokens: isSmall(model) ? Math.min(room, smallModelTokens) : room,
    ...{ countTokens, signal },
  });
  const question = retrieved.rewritten ?? retrieved.question;
  const prompt =
    answer.sources.length === 0
      ? null
      : await fitted(
          answer.sources.length,
          (sources, turns) =>
            documentPrompt(model, {
              question,
              sources: answer.sources.slice(0, sources),
              earlier: task.turns.slice(-turns),
            }),
          async (made) => (await lease.client.countPrompt(made, { signal })).tokens <= contextSize - answerRoom,
        );
  return { prompt, conclude: (text, at) => answer.conclude(text, at) };
}

/** Fewer turns first, then fewer sources, until the whole prompt leaves room for the answer. One source always stays. */
async function fitted(
  sources: number,
  make: (sources: number, turns: number) => Prompt,
  fits: (prompt: Prompt) => Promise<boolean>,
): Promise<Prompt> {
  for (const turns of [8, 4, 2]) {
    const prompt = make(sources, turns);
    if (await fits(prompt)) return prompt;
  }
  for (let left = sources; left > 1; left--) {
    const prompt = make(left, 0);
    if (await fits(prompt)) return prompt;
  }
  return make(1, 0);
}
