import { benchContract } from "./bench/bench-contract.ts";
import { chatContract } from "./chat/chat-contract.ts";
import { engineBinariesContract } from "./engine-binaries/engine-binaries-contract.ts";
import { generationContract } from "./generation/generation-contract.ts";
import { hardwareContract } from "./hardware/hardware-contract.ts";
import { knowledgeContract } from "./knowledge/knowledge-contract.ts";
import { libraryContract } from "./library/library-contract.ts";
import { modelContract } from "./model/model-contract.ts";
import { monitorContract } from "./monitor/monitor-contract.ts";
import { settingsContract } from "./settings/settings-contract.ts";
import { systemContract } from "./system/system-contract.ts";

export * from "./bench/bench-schemas.ts";
export * from "./chat/chat-schemas.ts";
export * from "./chat/query-terms.ts";
export * from "./engine-binaries/engine-binaries-schemas.ts";
export * from "./errors/error-schema.ts";
export * from "./errors/error-table.ts";
export * from "./generation/generation-events.ts";
export * from "./generation/generation-schemas.ts";
export * from "./hardware/doctor-schemas.ts";
export * from "./hardware/fit-schemas.ts";
export * from "./hardware/hardware-schemas.ts";
export * from "./knowledge/collection-schemas.ts";
export * from "./knowledge/document-schemas.ts";
export * from "./knowledge/grounding-schemas.ts";
export * from "./knowledge/place-schemas.ts";
export * from "./knowledge/self-test-schemas.ts";
export * from "./knowledge/team-server-schemas.ts";
export { type CanaryStep, canarySteps } from "./library/library-errors.ts";
export type { BundleDamage } from "./library/bundle-errors.ts";
export * from "./library/bundle-schemas.ts";
export * from "./library/hub-token-schemas.ts";
export * from "./library/library-schemas.ts";
export * from "./model/model-defaults-schemas.ts";
export { ggufProblems } from "./model/model-errors.ts";
export * from "./model/model-schemas.ts";
export * from "./monitor/monitor-columns.ts";
export * from "./monitor/monitor-schemas.ts";
export * from "./settings/settings-schemas.ts";
export * from "./system/system-schemas.ts";

/** What the interface, the command line and other processes may ask of the backend. */
export const contract = {
  bench: benchContract,
  chat: chatContract,
  engineBinaries: engineBinariesContract,
  generation: generationContract,
  hardware: hardwareContract,
  knowledge: knowledgeContract,
  library: libraryContract,
  model: modelContract,
  monitor: monitorContract,
  settings: settingsContract,
  system: systemContract,
};
export type Contract = typeof contract;
