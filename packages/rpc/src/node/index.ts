export * from "./child-port.ts";
export * from "./loopback-socket.ts";
export * from "./forked-child.ts";
