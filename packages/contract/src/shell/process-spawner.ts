/** The kinds of child processes Deskside starts. Each has one entry file per app. */
export const childKinds = ["backend", "engine", "embedding", "parser"] as const;
export type ChildKind = (typeof childKinds)[number];

/** A two-way channel of structured-clone messages: MessagePort, child IPC or an in-memory pair. */
export interface PortLike {
  postMessage(data: unknown): void;
  /** `message` once per message; `close` once when the peer is gone. */
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface SpawnedChild {
  readonly pid: number | undefined;
  readonly port: PortLike;
  /** Settles once, never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Last lines of the child's stderr, for the log. */
  stderrTail(): string;
  /** Ends it at once (SIGKILL). Idempotent. */
  kill(): void;
}

export interface SpawnOptions {
  /** The whole environment: nothing is inherited but what the system needs to start a process. */
  readonly env: Readonly<Record<string, string>>;
  /** Command line of the child, visible in the process list: no secrets. */
  readonly args: readonly string[];
}

/** The one difference between desktop (utility processes) and headless (child_process.fork). */
export interface ProcessSpawner {
  /** Rejects with ENGINE_START_FAILED when the process cannot be started at all. */
  spawn(kind: ChildKind, options: SpawnOptions): Promise<SpawnedChild>;
}
