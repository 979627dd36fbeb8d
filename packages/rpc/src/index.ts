export * from "./client.ts";
export * from "./coalesce.ts";
export * from "./port.ts";
export type { PortLike } from "./port-like.ts";
export * from "./server.ts";
export * from "./wire-errors.ts";
