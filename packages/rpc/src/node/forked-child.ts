import type { ChildProcess } from "node:child_process";
import type { PortLike } from "../port-like.ts";
import { portFromChild } from "./child-port.ts";

const tailCharacters = 8_192;

export interface ForkedChild {
  readonly pid: number | undefined;
  readonly port: PortLike;
  /** Settles once, never rejects; everything the child wrote has been read by then. */
  readonly exited: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** Last lines of the child's stderr. */
  stderrTail(): string;
  /** Ends it at once (SIGKILL). Idempotent. */
  kill(): void;
}

/** A child made by `fork` with an IPC channel (`serialization: "advanced"`) and a piped stderr. */
export function describeForkedChild(child: ChildProcess): ForkedChild {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-tailCharacters);
  });
  // "exit" comes before the last lines of stderr, which tell why.
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  return {
    pid: child.pid,
    port: portFromChild(child),
    exited,
    stderrTail: () => tail,
    kill: () => void child.kill("SIGKILL"),
  };
}
