import { toWellFormed } from "@deskside/base";
import type { ModelDefaults, PromptCount, Steering } from "@deskside/contract";
import type { ModelLibrary } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import { buildPrompt } from "./build-prompt.ts";
import { chooseModel } from "./choose-model.ts";
import { lastQuestion } from "./plan-turn.ts";

/** Tokens kept free for an answer when a prompt is counted. */
const answerRoom = 256;

export interface CountInput {
  readonly chatId: string | null;
  readonly parentId: string | null;
  readonly text: string;
  readonly modelId: string | null;
  /** Of a chat that does not exist yet. */
  readonly steering?: Steering | null | undefined;
}

/** The prompt that sending this text would make, counted by the engine. Null while its model is not loaded. */
export async function countPrompt(
  principal: Principal,
  input: CountInput,
  deps: {
    workspace: Workspace;
    library: ModelLibrary;
    engines: EngineSupervisor;
    byDefault: string | null;
    defaultsOf: (modelId: string) => ModelDefaults;
  },
): Promise<PromptCount | null> {
  const { workspace, engines } = deps;
  const chat = input.chatId === null ? null : workspace.chats.get(principal, input.chatId);
  const parentId = input.parentId ?? chat?.leafId ?? null;
  const path = parentId === null ? [] : workspace.messages.path(principal, parentId);
  const text = toWellFormed(input.text);
  const conversation = text.trim() === "" ? lastQuestion(path) : text;
  const wish = { asked: input.modelId, ofChat: chat?.modelId ?? null, byDefault: deps.byDefault, conversation };
  const modelId = await chooseModel(wish, deps);
  const slot = engines.existing(modelId);
  const contextSize = slot?.state.contextSize;
  if (!slot || !contextSize || !["ready", "answering"].includes(slot.state.phase)) return null;
  const prompt = buildPrompt(slot.model, path, null, {
    defaults: deps.defaultsOf(modelId),
    steering: chat === null ? (input.steering ?? null) : chat.steering,
  });
  const messages = text === "" ? prompt.messages : [...prompt.messages, { role: "user" as const, text }];
  if (messages.length === 0) return { modelId, used: 0, contextSize, room: answerRoom };
  const { client } = await slot.ready();
  const { tokens } = await client.countPrompt({ messages });
  return { modelId, used: tokens, contextSize, room: answerRoom };
}
