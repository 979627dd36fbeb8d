import type { ErrorData } from "@deskside/base";
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import { type BackendStart, fromBackendSchema, type ToBackend } from "../../messages/backend-messages.ts";
import { childEnvironment, variablesForTheWayOut } from "./child-environment.ts";
import { type ChildSpawnerOptions, createChildSpawner } from "./child-spawner.ts";
import { killNow } from "./kill-now.ts";

export interface BackendProcessOptions {
  readonly entry: string;
  /** What the backend is told at its start; asked again at every restart. */
  readonly describeStart: () => Promise<BackendStart>;
  readonly children: ChildSpawnerOptions;
  readonly log: (line: string) => void;
  /** The backend could not open its data (`error`) or died too often (null). Nothing is tried until `start`. */
  readonly onGaveUp: (error: ErrorData | null) => void;
}

export interface BackendProcess {
  /** Starts it, also again after it gave up. */
  start(): void;
  /** A fresh port to the backend. It is served as soon as a backend runs and closes when that backend dies. */
  openPort(): MessagePortMain;
  /** The machine woke up. */
  resume(): void;
  /** Asks it to finish; after `deadlineMs` it is killed. Settles when the process is gone. */
  stop(deadlineMs: number): Promise<void>;
}

/** One run of the backend's process. */
interface BackendRun {
  readonly child: UtilityProcess;
  readonly exited: Promise<BackendEnd>;
  tell(message: ToBackend, ports?: MessagePortMain[]): void;
}

interface BackendEnd {
  readonly exitCode: number;
  /** It said itself why it cannot run. */
  readonly failed: ErrorData | null;
  readonly stderr: string;
}

/** Three ends within this many milliseconds are a loop, not bad luck. */
const failureWindowMs = 5 * 60_000;
const failureLimit = 3;
const stderrKept = 4_000;

/** The backend's life: started, watched, restarted when it dies, given up after three ends in a row. */
export function createBackendProcess(options: BackendProcessOptions): BackendProcess {
  const { log } = options;
  let state: "idle" | "starting" | "running" | "gave-up" | "stopping" = "idle";
  let run: BackendRun | undefined;
  let failures: number[] = [];
  /** Ports that were asked for before the backend was told how to start. */
  let waiting: MessagePortMain[] = [];

  const closeWaiting = () => {
    for (const port of waiting) port.close();
    waiting = [];
  };

  const giveUp = (error: ErrorData | null) => {
    state = "gave-up";
    closeWaiting();
    options.onGaveUp(error);
  };

  const onEnd = (end: BackendEnd) => {
    run = undefined;
    if (state === "stopping") return;
    log(`backend ended with ${end.exitCode}\n${end.stderr}`);
    if (end.failed) return giveUp(end.failed);
    const now = performance.now();
    failures = [...failures.filter((at) => now - at < failureWindowMs), now];
    if (failures.length >= failureLimit) return giveUp(null);
    void begin();
  };

  const begin = async () => {
    state = "starting";
    const mine = forkBackend(options);
    run = mine;
    void mine.exited.then(onEnd);
    // The process comes up while main still unwraps the key.
    const description = await options.describeStart();
    if (run !== mine || state !== "starting") return;
    state = "running";
    mine.tell({ type: "start", start: description });
    for (const port of waiting) mine.tell({ type: "window-port" }, [port]);
    waiting = [];
  };

  return {
    start() {
      if (state !== "idle" && state !== "gave-up") return;
      failures = [];
      void begin();
    },
    openPort() {
      const { port1, port2 } = new MessageChannelMain();
      if (state === "running") run?.tell({ type: "window-port" }, [port2]);
      else if (state === "gave-up" || state === "stopping") port2.close();
      else waiting.push(port2);
      return port1;
    },
    resume: () => run?.tell({ type: "resume" }),
    async stop(deadlineMs) {
      state = "stopping";
      closeWaiting();
      if (run) await stopRun(run, deadlineMs, log);
    },
  };
}

async function stopRun(run: BackendRun, deadlineMs: number, log: (line: string) => void): Promise<void> {
  run.tell({ type: "shutdown" });
  const deadline = setTimeout(() => {
    log("backend did not finish in time");
    killNow(run.child);
  }, deadlineMs);
  await run.exited;
  clearTimeout(deadline);
}

function forkBackend(options: BackendProcessOptions): BackendRun {
  const child = utilityProcess.fork(options.entry, [], {
    env: childEnvironment(process.env, variablesForTheWayOut(process.env)),
    serviceName: "Deskside backend",
    stdio: ["ignore", "ignore", "pipe"],
  });
  let alive = true;
  let failed: ErrorData | null = null;
  let stderr = "";
  const tell = (message: ToBackend, ports: MessagePortMain[] = []) => {
    if (alive) child.postMessage(message, ports);
    else for (const port of ports) port.close();
  };
  const spawner = createChildSpawner(options.children, tell);
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-stderrKept);
  });
  child.on("message", (message: unknown) => {
    const parsed = fromBackendSchema.safeParse(message);
    if (!parsed.success) return options.log("backend: message refused");
    if (parsed.data.type === "spawn") spawner.spawn(parsed.data);
    else if (parsed.data.type === "kill") spawner.kill(parsed.data.id);
    else if (parsed.data.type === "failed") failed = parsed.data.error;
  });
  const exited = new Promise<BackendEnd>((resolve) => {
    child.once("exit", (exitCode) => {
      alive = false;
      spawner[Symbol.dispose]();
      resolve({ exitCode, failed, stderr });
    });
  });
  return { child, exited, tell };
}
