import { contract } from "@deskside/contract";
import { implement, type Router } from "@orpc/server";
import type { BackendContext, BackendServices } from "./backend-services.ts";
import { createBenchRouter } from "./bench/bench-router.ts";
import { createChatRouter } from "./chats/chat-router.ts";
import { createEngineBinariesRouter } from "./engine-binaries/engine-binaries-router.ts";
import { createGenerationRouter } from "./generation/generation-router.ts";
import { createHardwareRouter } from "./hardware/hardware-router.ts";
import { createKnowledgeRouter } from "./knowledge/knowledge-router.ts";
import { createLibraryRouter } from "./library/index.ts";
import { createModelRouter } from "./models/model-router.ts";
import { createMonitorRouter } from "./monitor/monitor-router.ts";
import { createSettingsRouter } from "./settings/settings-router.ts";
import { createSystemRouter } from "./system/system-router.ts";

/** Everything the contract promises. */
export function createBackendRouter(services: BackendServices): Router<typeof contract, BackendContext> {
  const os = implement(contract).$context<BackendContext>();
  return os.router({
    bench: createBenchRouter(services),
    chat: createChatRouter(services),
    engineBinaries: createEngineBinariesRouter(services),
    generation: createGenerationRouter(services),
    hardware: createHardwareRouter(services),
    knowledge: createKnowledgeRouter(services),
    library: createLibraryRouter(services),
    model: createModelRouter(services),
    monitor: createMonitorRouter(services),
    settings: createSettingsRouter(services),
    system: createSystemRouter(services),
  });
}
