import { createSerialQueue, type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type EngineState } from "@deskside/contract";
import type { Loaded } from "@deskside/contract/engine";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ResolvedModel } from "@deskside/model-library";
import type { Logger } from "../log/logger.ts";
import { describeEngine } from "./describe-engine.ts";
import { type EngineLifecycle, type LifecycleEvent, nextLifecycle, offLifecycle } from "./engine-lifecycle.ts";
import {
  type EngineClient,
  type EngineEnd,
  type EngineProcess,
  heartbeat,
  startEngineProcess,
} from "./engine-process.ts";
import { planLoad } from "./load-plan.ts";
import { createOccupancy } from "./occupancy.ts";

export interface SlotDeps {
  spawner: ProcessSpawner;
  chooseThreads: (weightBytes: number) => number;
  log: Logger;
  onChange: () => void;
}

/** One model and the process it lives in. */
export interface EngineSlot extends AsyncDisposable {
  readonly model: ResolvedModel;
  readonly state: EngineState;
  readonly pid: number | undefined;
  readonly busy: boolean;
  /** Milliseconds, monotonic; for choosing what to unload. */
  readonly usedAt: number;
  /** Starts and loads if needed. Throws what loading throws, ENGINE_GAVE_UP, ENGINE_CRASHED. */
  ready(): Promise<EngineClient>;
  /** Marks an answer as running until the result is disposed. */
  occupy(): Disposable;
  /** Why the process that served the last answer ended; waits for the exit to be known. */
  explainEnd(keptTokens: number): Promise<DesksideError>;
  answered(figures: { tokensPerSecond: number | null; contextUsed: number }): void;
  reset(): void;
  /** Waits for a running answer. */
  stop(): Promise<void>;
}

export function createEngineSlot(model: ResolvedModel, deps: SlotDeps): EngineSlot {
  const queue = createSerialQueue();
  const occupancy = createOccupancy(deps.onChange);
  let lifecycle: EngineLifecycle = offLifecycle;
  let engine: EngineProcess | undefined;
  let loaded: Loaded | undefined;
  let lastEnd: Promise<EngineEnd> | undefined;
  let error: DesksideError | null = null;
  let progress: number | null = null;
  let stopping = false;
  const figures = { tokensPerSecond: null as number | null, contextUsed: null as number | null };
  const abort = new AbortController();

  const move = (event: LifecycleEvent) => {
    lifecycle = nextLifecycle(lifecycle, event);
    deps.onChange();
  };

  const endOf = (end: EngineEnd, keptTokens: number): DesksideError => {
    if (lifecycle.phase === "gave-up")
      return deskError("ENGINE_GAVE_UP", { failures: lifecycle.failures, model: model.id });
    if (end.stalled) return deskError("ENGINE_STALLED", { ms: heartbeat.everyMs * heartbeat.misses, keptTokens });
    return deskError("ENGINE_CRASHED", { exitCode: end.exitCode, signal: end.signal, keptTokens });
  };

  const onEnd = (ended: EngineProcess, end: EngineEnd) => {
    if (engine !== ended) return;
    engine = undefined;
    loaded = undefined;
    progress = null;
    if (stopping) return;
    deps.log.warn(
      {
        model: model.id,
        exitCode: end.exitCode,
        signal: end.signal,
        stalled: end.stalled,
        stderr: end.stderr.slice(-2000),
      },
      "engine ended",
    );
    move({ type: "failed", retry: true });
    error = endOf(end, 0);
    if (lifecycle.phase === "restarting") void queue.run(bringUp).catch(() => undefined);
  };

  const bringUp = async (): Promise<EngineClient> => {
    if (engine && loaded) return engine.client;
    if (lifecycle.phase === "gave-up")
      throw deskError("ENGINE_GAVE_UP", { failures: lifecycle.failures, model: model.id });
    abort.signal.throwIfAborted();
    move({ type: "start" });
    const started = await startEngineProcess(deps.spawner).catch((cause: unknown) => {
      move({ type: "failed", retry: false });
      throw cause;
    });
    if (stopping) {
      started.kill();
      await started.ended;
      throw deskError("MODEL_NOT_LOADED", {});
    }
    engine = started;
    lastEnd = started.ended;
    void started.ended.then((end) => onEnd(started, end));
    move({ type: "spawned" });
    try {
      loaded = await started.load(planLoad(model, deps.chooseThreads), {
        signal: abort.signal,
        onProgress(fraction) {
          progress = fraction;
          deps.onChange();
        },
      });
    } catch (cause) {
      throw await failedLoad(started, cause);
    }
    progress = null;
    error = null;
    deps.log.info({ model: model.id, loadMs: Math.round(loaded.loadMs), threads: loaded.threads }, "model loaded");
    move({ type: "loaded" });
    return started.client;
  };

  /** The process died while it loaded, or it lives and said why it cannot load: then it is ended here. */
  const failedLoad = async (started: EngineProcess, cause: unknown): Promise<unknown> => {
    if (isDesksideError(cause, "PEER_GONE")) {
      const end = await started.ended;
      error = endOf(end, 0);
      return error;
    }
    engine = undefined;
    started.kill();
    progress = null;
    if (isDesksideError(cause)) error = cause;
    move({ type: "failed", retry: false });
    return cause;
  };

  const slot: EngineSlot = {
    model,
    get state() {
      return describeEngine({ model, lifecycle, answering: occupancy.busy, loaded, progress, error, figures });
    },
    get pid() {
      return engine?.pid;
    },
    get busy() {
      return occupancy.busy;
    },
    get usedAt() {
      return occupancy.usedAt;
    },
    ready: () => queue.run(bringUp),
    occupy: occupancy.occupy,
    async explainEnd(keptTokens) {
      const end = await lastEnd;
      return end ? endOf(end, keptTokens) : deskError("ENGINE_START_FAILED", { detail: "no process" });
    },
    answered(measured) {
      figures.tokensPerSecond = measured.tokensPerSecond ?? figures.tokensPerSecond;
      figures.contextUsed = measured.contextUsed;
      move({ type: "answered" });
    },
    reset() {
      error = null;
      move({ type: "reset" });
    },
    async stop() {
      await occupancy.whenIdle();
      await slot[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      stopping = true;
      abort.abort(deskError("MODEL_NOT_LOADED", {}));
      const leaving = engine;
      engine = undefined;
      loaded = undefined;
      leaving?.kill();
      await leaving?.ended;
      // A start that was under way ends its own process.
      await queue.run(async () => undefined);
      move({ type: "stopped" });
    },
  };
  return slot;
}
