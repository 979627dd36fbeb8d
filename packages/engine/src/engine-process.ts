import { createServer, type PortLike } from "@deskside/rpc";
import { getModuleVersion } from "node-llama-cpp";
import { useBinaryFolder } from "./binaries/binary-folder.ts";
import { leaveOutAmx } from "./binaries/leave-out-amx.ts";
import { createEngineRouter } from "./engine-server.ts";

/**
 * The whole of an engine process: serves `contract/engine` over the port and ends when the peer is gone.
 * Log lines go to stderr, which the parent keeps the tail of; they hold no prompt and no answer.
 */
export async function runEngineProcess(options: { port: PortLike }): Promise<void> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  // The library imports its native packages when it is first asked for one.
  useBinaryFolder();
  leaveOutAmx();
  const libraryVersion = await getModuleVersion();
  const server = createServer(createEngineRouter({ libraryVersion, log }), {
    report: (error, incident) =>
      log(`error: ${incident} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  options.port.onClose(() => process.exit(0));
  server.serve(options.port, {});
}
