// An engine process without the detour for the library's test: what would happen if nothing were done.
import { runEngineProcess } from "@deskside/engine";
import { portFromMessagePortMain } from "../../processes/message-port.ts";

process.parentPort.on("message", ({ ports: [port] }) => {
  if (port) void runEngineProcess({ port: portFromMessagePortMain(port) });
});
