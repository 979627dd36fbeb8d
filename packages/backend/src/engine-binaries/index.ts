export { createBackendBinaries } from "./backend-binaries.ts";
export { createRegistryDoor } from "./egress-fetch.ts";
export type { EngineBinaries } from "./engine-binaries.ts";
