import { type ErrorData, isDesksideError } from "@deskside/base";
import type { PortLike, ProcessSpawner } from "@deskside/contract/shell";
import type { MessagePortMain, ParentPort } from "electron";
import { type BackendStart, type FromBackend, toBackendSchema } from "../messages/backend-messages.ts";
import { createMainSpawner } from "./main-spawner.ts";
import { portFromMessagePortMain } from "./message-port.ts";

/** What the process hosts. */
export interface HostedBackend extends AsyncDisposable {
  serve(port: PortLike): void;
  /** The machine woke up. */
  resume(): void;
}

/**
 * The backend's process on the desktop: waits for main's start message, opens the backend, serves the windows' ports
 * and ends when main says so or is gone. Ports that arrive while the backend still opens wait.
 */
export function runBackendProcess(
  parent: ParentPort,
  open: (start: BackendStart, spawner: ProcessSpawner) => Promise<HostedBackend>,
): void {
  const tell = (message: FromBackend) => parent.postMessage(message);
  const spawner = createMainSpawner(tell);
  const waiting: PortLike[] = [];
  let backend: HostedBackend | undefined;
  let starting: Promise<void> | undefined;

  const start = async (description: BackendStart) => {
    try {
      backend = await open(description, spawner);
    } catch (error) {
      process.stderr.write(
        `backend cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      // A bug is restarted; a cause that the user can do something about is told.
      if (isDesksideError(error)) tell({ type: "failed", error: plain(error.toData()) });
      return endProcess(1);
    }
    for (const port of waiting.splice(0)) backend.serve(port);
    tell({ type: "ready" });
  };

  const shutdown = async () => {
    await starting;
    await backend?.[Symbol.asyncDispose]();
    endProcess(0);
  };

  const accept = (port: MessagePortMain | undefined) => {
    if (!port) return;
    if (backend) backend.serve(portFromMessagePortMain(port));
    else waiting.push(portFromMessagePortMain(port));
  };

  parent.on("message", ({ data, ports }) => {
    const message = toBackendSchema.parse(data);
    if (message.type === "start") starting = start(message.start);
    else if (message.type === "window-port") accept(ports[0]);
    else if (message.type === "resume") backend?.resume();
    else if (message.type === "shutdown") void shutdown();
    else spawner.handle(message, ports);
  });
}

/** Messages to main are queued natively: the last one needs a moment to get out. */
const lastMessageMs = 100;

function endProcess(code: number): void {
  setTimeout(() => process.exit(code), lastMessageMs);
}

function plain(error: ErrorData): { code: string; kind: ErrorData["kind"]; data: Record<string, unknown> } {
  return { code: error.code, kind: error.kind, data: { ...error.data } };
}
