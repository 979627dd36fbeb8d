import type { ChildKind } from "@deskside/contract/shell";
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from "electron";
import { type FromBackend, fromChildSchema, type ToBackend, type ToChild } from "../../messages/backend-messages.ts";
import { type BinaryTestOptions, createBinaryTests } from "./binary-test.ts";
import { childEnvironment } from "./child-environment.ts";
import { killNow } from "./kill-now.ts";

type SpawnRequest = Extract<FromBackend, { type: "spawn" }>;

export interface ChildSpawnerOptions {
  /** The file each kind runs. A kind without a file cannot be started. */
  readonly entries: Readonly<Partial<Record<ChildKind, string>>>;
  readonly binaryTest: BinaryTestOptions;
  readonly log: (line: string) => void;
}

/** Starts the children that one backend asks for and reports on them. Ending it ends them all. */
export interface ChildSpawner extends Disposable {
  spawn(request: SpawnRequest): void;
  kill(id: string): void;
}

const serviceNames: Readonly<Record<ChildKind, string>> = {
  backend: "Deskside backend",
  engine: "Deskside engine",
  embedding: "Deskside embedding engine",
  parser: "Deskside document parser",
};

/** No backend of ours ever runs more; a loop in one must not take the machine down. */
const childLimit = 64;

export function createChildSpawner(
  options: ChildSpawnerOptions,
  tell: (message: ToBackend, ports?: MessagePortMain[]) => void,
): ChildSpawner {
  const children = new Map<string, UtilityProcess>();
  let ended = false;

  const start = (request: SpawnRequest, entry: string) => {
    const { id, kind } = request;
    const child = utilityProcess.fork(entry, request.args, {
      env: childEnvironment(process.env, request.env),
      serviceName: serviceNames[kind],
      stdio: ["ignore", "ignore", "pipe"],
    });
    children.set(id, child);
    const tests = createBinaryTests(options.binaryTest);
    child.stderr?.on("data", (chunk: Buffer) => tell({ type: "child-stderr", id, text: chunk.toString("utf8") }));
    child.on("message", (message: unknown) => {
      const parsed = fromChildSchema.safeParse(message);
      if (!parsed.success) return options.log(`${kind} ${id}: message refused`);
      tests.handle(parsed.data, (answer: ToChild) => child.pid !== undefined && child.postMessage(answer));
    });
    child.once("spawn", () => {
      const { port1, port2 } = new MessageChannelMain();
      child.postMessage({ type: "connect" } satisfies ToChild, [port1]);
      tell({ type: "spawned", id, pid: child.pid }, [port2]);
    });
    child.once("exit", (exitCode) => {
      tests[Symbol.dispose]();
      children.delete(id);
      if (!ended) tell({ type: "child-exit", id, exitCode, signal: null });
    });
  };

  return {
    spawn(request) {
      const entry = options.entries[request.kind];
      const refusal = (detail: string) => tell({ type: "spawn-failed", id: request.id, detail });
      if (ended || entry === undefined) return refusal(`no ${request.kind} process in this app`);
      if (children.has(request.id)) return refusal("the id is taken");
      if (children.size >= childLimit) return refusal("too many processes");
      try {
        start(request, entry);
      } catch (error) {
        children.delete(request.id);
        refusal(error instanceof Error ? error.message : String(error));
      }
    },
    kill(id) {
      const child = children.get(id);
      if (child) killNow(child);
    },
    [Symbol.dispose]() {
      ended = true;
      for (const child of children.values()) killNow(child);
      children.clear();
    },
  };
}
