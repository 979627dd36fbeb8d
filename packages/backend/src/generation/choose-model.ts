import { detectLanguage } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { ModelLibrary } from "@deskside/model-library";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";

/**
 * Which model answers: the one asked for; else the one of the chat; else the default of the settings; else, among the
 * installed chat models that can run, the preferred one that speaks the language of the conversation.
 */
export async function chooseModel(
  wish: { asked: string | null; ofChat: string | null; byDefault: string | null; conversation: string },
  deps: { library: ModelLibrary; engines: EngineSupervisor },
): Promise<string> {
  const named = wish.asked ?? wish.ofChat ?? wish.byDefault;
  if (named !== null) {
    const model = await deps.library.resolve(named);
    if (model.description.role !== "chat")
      throw deskError("WRONG_ROLE", { model: named, role: model.description.role, needed: "chat" });
    return model.id;
  }
  const language = detectLanguage(wish.conversation);
  const installed = (await deps.library.list()).filter((model) => model.role === "chat");
  const usable = installed.filter((model) => model.problem === null && !hasFailed(deps.engines, model.id));
  const chosen = usable.find((model) => model.languages.includes(language)) ?? usable[0];
  if (chosen) return chosen.id;
  const broken = installed[0];
  if (broken) {
    await deps.library.resolve(broken.id);
    const state = deps.engines.existing(broken.id)?.state;
    if (state?.phase === "off") return broken.id;
    throw deskError("ENGINE_GAVE_UP", {
      failures: deps.engines.existing(broken.id)?.state.failures ?? 0,
      model: broken.id,
    });
  }
  throw deskError("MODEL_NOT_FOUND", { model: language, nearest: [] });
}

/** It crashed three times, or could not be loaded: another model answers until somebody asks for this one by name. */
function hasFailed(engines: EngineSupervisor, modelId: string): boolean {
  const state = engines.existing(modelId)?.state;
  return state?.phase === "gave-up" || (state?.phase === "off" && state.error !== null);
}
