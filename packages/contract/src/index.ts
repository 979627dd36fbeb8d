import { chatContract } from "./chat/chat-contract.ts";
import { generationContract } from "./generation/generation-contract.ts";
import { modelContract } from "./model/model-contract.ts";
import { settingsContract } from "./settings/settings-contract.ts";
import { systemContract } from "./system/system-contract.ts";

export * from "./chat/chat-schemas.ts";
export * from "./errors/error-schema.ts";
export * from "./errors/error-table.ts";
export * from "./generation/generation-events.ts";
export * from "./generation/generation-schemas.ts";
export { ggufProblems } from "./model/model-errors.ts";
export * from "./model/model-schemas.ts";
export * from "./settings/settings-schemas.ts";
export * from "./system/system-schemas.ts";

/** What the interface, the command line and other processes may ask of the backend. */
export const contract = {
  chat: chatContract,
  generation: generationContract,
  model: modelContract,
  settings: settingsContract,
  system: systemContract,
};
export type Contract = typeof contract;
