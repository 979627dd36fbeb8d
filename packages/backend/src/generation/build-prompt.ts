import { detectLanguage } from "@deskside/base";
import type { Message, ModelDefaults, Sampling, Steering } from "@deskside/contract";
import type { Prompt } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";

/**
 * The conversation as a model gets it: the instructions of the chat, or those a person gave the model, or those of its
 * manifest in the language of the conversation, then the turns from the root. Reasoning of earlier answers is left out, as reasoning models are trained.
 */
export function buildPrompt(
  model: ResolvedModel,
  path: readonly Message[],
  continued: Message | null,
  fixed: { readonly defaults: Pick<ModelDefaults, "systemPrompt">; readonly steering: Steering | null },
): Prompt {
  const turns = path.filter((message) => message.role === "user" || message.text !== "");
  const language = detectLanguage(turns.findLast((turn) => turn.role === "user")?.text ?? "");
  const prompts = model.manifest?.systemPrompt ?? {};
  const own = fixed.steering?.instructions ?? fixed.defaults.systemPrompt;
  const system = own ?? prompts[language] ?? Object.values(prompts)[0];
  return {
    messages: [
      ...(system === undefined || system === "" ? [] : [{ role: "system" as const, text: system }]),
      ...turns.map(({ role, text }) => ({ role, text })),
    ],
    prefill: continued ? { text: continued.text, reasoning: continued.reasoning } : null,
  };
}

/** A second answer to the same question has to be able to differ from the first. */
const anotherAnswer: Sampling = { temperature: 0.7, topP: 0.95 };

/** What was asked for over what was fixed for the chat, over the model's defaults, over what its manifest says. */
export function resolveSampling(
  model: ResolvedModel,
  asked: Sampling,
  options: { again: boolean; inDocuments: boolean; defaults: ModelDefaults; steering: Steering | null },
): Sampling {
  const ofChat = options.steering?.sampling ?? {};
  // What the documents say does not vary: asked again, the same question gets the same answer.
  if (options.inDocuments) return { temperature: 0, ...model.manifest?.sampling.documents, ...ofChat, ...asked };
  const again = options.again && ofChat.temperature === undefined ? anotherAnswer : {};
  return { ...model.manifest?.sampling.chat, ...options.defaults.sampling, ...again, ...ofChat, ...asked };
}
