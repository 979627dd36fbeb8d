import { localUser } from "@deskside/storage";
import type { BackendServices } from "../../backend-services.ts";
import { chooseModel } from "../../generation/choose-model.ts";

type PreloadServices = Pick<BackendServices, "library" | "engines" | "settings" | "events" | "log">;

/**
 * Loads the model that would answer first, before anybody asks; then checks the built-in files against their hashes,
 * which takes seconds and would be in the way before. What goes wrong shows in the engine's and the models' states, and
 * again, with words, when somebody asks.
 */
export async function preload({ library, engines, settings, events, log }: PreloadServices): Promise<void> {
  try {
    const byDefault = settings.get(localUser, "general.defaultModel");
    const wish = { asked: null, ofChat: null, byDefault, conversation: "" };
    await (await engines.slot(await chooseModel(wish, { library, engines }))).ready();
  } catch (error) {
    log.warn({ err: error }, "no model could be loaded ahead");
  }
  try {
    await library.verifyFiles();
    events.publish({ type: "models" });
  } catch (error) {
    log.warn({ err: error }, "the model files could not be checked");
  }
}
