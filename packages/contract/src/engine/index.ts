export * from "./engine-contract.ts";
export * from "./engine-schemas.ts";
