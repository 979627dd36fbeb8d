import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a child made of one file; `aborted` and `hung` are found out from outside. */
export interface ProbeAnswer {
  readonly outcome: "ready" | "accepted" | "refused" | "failed" | "aborted" | "hung";
  readonly detail: string;
  /** How long the child says it took. */
  readonly ms?: number;
  /** Largest resident size of the child so far. */
  readonly peakBytes?: number;
}

export interface ChildProbe<Request extends object> extends AsyncDisposable {
  /** One call at a time. The child is used again as long as it lives, and replaced when it does not. */
  ask(request: Request): Promise<ProbeAnswer>;
}

const startLimitMs = 60_000;

/** Runs `script` as a child that says `ready` and then answers every message with a `ProbeAnswer`. */
export function createChildProbe<Request extends object>(options: {
  readonly script: URL;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** For one file; then the child is killed. */
  readonly timeoutMs: number;
}): ChildProbe<Request> {
  let child: ProbeChild | undefined;

  async function start(): Promise<ProbeChild> {
    const started = forkChild(fileURLToPath(options.script), options.args ?? [], options.env ?? {});
    const first = await answerOf(started, startLimitMs);
    if (first.outcome !== "ready") throw new Error(`probe did not start: ${first.outcome} ${first.detail}`);
    return started;
  }

  return {
    async ask(request) {
      child ??= await start();
      child.stderr = "";
      const answer = answerOf(child, options.timeoutMs);
      child.process.send(request);
      const settled = await answer;
      if (settled.outcome === "aborted" || settled.outcome === "hung") child = undefined;
      return settled;
    },
    async [Symbol.asyncDispose]() {
      const last = child?.process;
      child = undefined;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => last.once("exit", () => resolve()));
      last.kill("SIGKILL");
      await gone;
    },
  };
}

interface ProbeChild {
  readonly process: ChildProcess;
  /** The end of what it wrote since it was last asked. */
  stderr: string;
}

function forkChild(script: string, args: readonly string[], env: Readonly<Record<string, string>>): ProbeChild {
  const forked = fork(script, args, {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, NODE_NO_WARNINGS: "1", ...env },
  });
  const child: ProbeChild = { process: forked, stderr: "" };
  forked.stderr?.on("data", (chunk: Buffer) => {
    child.stderr = (child.stderr + chunk.toString()).slice(-2000);
  });
  return child;
}

/** Its next message, its end, or its silence. */
function answerOf(child: ProbeChild, limitMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      child.process.off("message", onMessage);
      child.process.off("exit", onExit);
      resolve(answer);
    };
    const onMessage = (message: unknown): void => settle(message as ProbeAnswer);
    const onExit = (code: number | null, signal: string | null): void => {
      settle({ outcome: "aborted", detail: `${String(code ?? signal)} ${child.stderr.trim().slice(-600)}` });
    };
    const timer = setTimeout(() => {
      child.process.kill("SIGKILL");
      settle({ outcome: "hung", detail: `no answer in ${limitMs} ms` });
    }, limitMs);
    child.process.on("message", onMessage);
    child.process.on("exit", onExit);
  });
}
