import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext, BackendServices } from "./backend-services.ts";
import { createChatRouter } from "./chats/chat-router.ts";
import { createGenerationRouter } from "./generation/generation-router.ts";
import { createModelRouter } from "./models/model-router.ts";
import { createSettingsRouter } from "./settings/settings-router.ts";
import { createSystemRouter } from "./system/system-router.ts";

/** Everything the contract promises. */
export function createBackendRouter(services: BackendServices) {
  const os = implement(contract).$context<BackendContext>();
  return os.router({
    chat: createChatRouter(services),
    generation: createGenerationRouter(services),
    model: createModelRouter(services),
    settings: createSettingsRouter(services),
    system: createSystemRouter(services),
  });
}
