export type { BackendServices } from "./backend-services.ts";
export { type Backend, type BackendOptions, createBackend } from "./create-backend.ts";
export { createLogger, createSilentLogger, type Logger } from "./log/logger.ts";
export { installedVersion } from "./system/installed-version.ts";
export { openRecordedMachine, type RecordedMachine } from "./hardware/recorded-machine.ts";
export { signInstalledCatalogue } from "./library/index.ts";
