export * from "./engine-contract.ts";
export * from "./engine-schemas.ts";
export * from "./load-cause.ts";
