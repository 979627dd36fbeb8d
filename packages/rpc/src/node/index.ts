export * from "./child-port.ts";
