export * from "./key-provider.ts";
export * from "./process-spawner.ts";
export * from "./window-bridge.ts";
