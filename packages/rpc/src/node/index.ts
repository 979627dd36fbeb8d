export * from "./child-port.ts";
export * from "./loopback-socket.ts";
