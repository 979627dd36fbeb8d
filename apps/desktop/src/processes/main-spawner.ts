import { createDeferred, createId, type Deferred } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { ChildExit, ProcessSpawner, SpawnedChild } from "@deskside/contract/shell";
import type { MessagePortMain } from "electron";
import type { FromBackend, ToBackend } from "../messages/backend-messages.ts";
import { portFromMessagePortMain } from "./message-port.ts";

export interface MainSpawner extends ProcessSpawner {
  /** Takes main's word on a child. */
  handle(message: ToBackend, ports: readonly MessagePortMain[]): void;
}

interface Asked {
  readonly started: Deferred<SpawnedChild>;
  readonly exited: Deferred<ChildExit>;
  stderr: string;
}

const stderrKept = 4_000;

/** The backend's spawner on the desktop: only main may start processes, so it is asked for them. */
export function createMainSpawner(ask: (message: FromBackend) => void): MainSpawner {
  const children = new Map<string, Asked>();

  const onSpawned = (id: string, pid: number | undefined, port: MessagePortMain | undefined) => {
    const asked = children.get(id);
    if (!asked || !port) return port?.close();
    asked.started.resolve({
      pid,
      port: portFromMessagePortMain(port),
      exited: asked.exited.promise,
      stderrTail: () => asked.stderr,
      kill: () => ask({ type: "kill", id }),
    });
  };

  const onExit = (id: string, exit: ChildExit) => {
    const asked = children.get(id);
    children.delete(id);
    asked?.exited.resolve(exit);
    // Settled already if it had started.
    asked?.started.reject(startFailed(`ended with ${exit.exitCode ?? exit.signal} at its start\n${asked.stderr}`));
  };

  return {
    spawn(kind, { env, args }) {
      const id = createId(kind);
      const asked: Asked = { started: createDeferred(), exited: createDeferred(), stderr: "" };
      children.set(id, asked);
      ask({ type: "spawn", id, kind, env: { ...env }, args: [...args] } as FromBackend);
      return asked.started.promise;
    },
    handle(message, ports) {
      if (message.type === "spawned") onSpawned(message.id, message.pid, ports[0]);
      else if (message.type === "child-exit")
        onExit(message.id, { exitCode: message.exitCode, signal: message.signal });
      else if (message.type === "spawn-failed") {
        const asked = children.get(message.id);
        children.delete(message.id);
        asked?.started.reject(startFailed(message.detail));
      } else if (message.type === "child-stderr") {
        const asked = children.get(message.id);
        if (asked) asked.stderr = (asked.stderr + message.text).slice(-stderrKept);
      }
    },
  };
}

function startFailed(detail: string) {
  return deskError("ENGINE_START_FAILED", { detail: detail.slice(0, 1_000) });
}
