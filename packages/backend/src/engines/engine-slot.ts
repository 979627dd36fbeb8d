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
import { createOccupancy, type Occupancy } from "./occupancy.ts";

export interface SlotDeps {
  spawner: ProcessSpawner;
  chooseThreads: (weightBytes: number) => number;
  log: Logger;
  onChange: () => void;
}

/** A loaded model in its process. It stays valid, and knows how that process ended, also after a restart. */
export interface EngineLease {
  readonly client: EngineClient;
  /** Why the process ended; waits for the exit to be known. */
  explainEnd(keptTokens: number): Promise<DesksideError>;
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
  ready(): Promise<EngineLease>;
  /** Marks an answer as running until the result is disposed. */
  occupy(): Disposable;
  answered(figures: { tokensPerSecond: number | null; contextUsed: number }): void;
  reset(): void;
  /** Waits for a running answer. */
  stop(): Promise<void>;
}

export function createEngineSlot(model: ResolvedModel, deps: SlotDeps): EngineSlot {
  return new Slot(model, deps);
}

class Slot implements EngineSlot {
  readonly model: ResolvedModel;
  readonly #deps: SlotDeps;
  readonly #queue = createSerialQueue();
  readonly #occupancy: Occupancy;
  readonly #abort = new AbortController();
  #lifecycle: EngineLifecycle = offLifecycle;
  #engine: EngineProcess | undefined;
  #loaded: Loaded | undefined;
  #error: DesksideError | null = null;
  #progress: number | null = null;
  #figures = { tokensPerSecond: null as number | null, contextUsed: null as number | null };

  constructor(model: ResolvedModel, deps: SlotDeps) {
    this.model = model;
    this.#deps = deps;
    this.#occupancy = createOccupancy(deps.onChange);
  }

  get state(): EngineState {
    return describeEngine({
      model: this.model,
      lifecycle: this.#lifecycle,
      answering: this.busy,
      loaded: this.#loaded,
      progress: this.#progress,
      error: this.#error,
      figures: this.#figures,
    });
  }

  get pid() {
    return this.#engine?.pid;
  }

  get busy() {
    return this.#occupancy.busy;
  }

  get usedAt() {
    return this.#occupancy.usedAt;
  }

  ready = () => this.#queue.run(() => this.#bringUp());

  occupy = () => this.#occupancy.occupy();

  answered(measured: { tokensPerSecond: number | null; contextUsed: number }): void {
    const tokensPerSecond = measured.tokensPerSecond ?? this.#figures.tokensPerSecond;
    this.#figures = { tokensPerSecond, contextUsed: measured.contextUsed };
    this.#move({ type: "answered" });
  }

  reset(): void {
    this.#error = null;
    this.#move({ type: "reset" });
  }

  async stop(): Promise<void> {
    await this.#occupancy.whenIdle();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(deskError("MODEL_NOT_LOADED", {}));
    const leaving = this.#engine;
    this.#engine = undefined;
    this.#loaded = undefined;
    leaving?.kill();
    await leaving?.ended;
    // A start that was under way ends its own process.
    await this.#queue.run(async () => undefined);
    this.#move({ type: "stopped" });
  }

  #move(event: LifecycleEvent): void {
    this.#lifecycle = nextLifecycle(this.#lifecycle, event);
    this.#deps.onChange();
  }

  async #bringUp(): Promise<EngineLease> {
    if (this.#engine && this.#loaded) return this.#lease(this.#engine);
    if (this.#lifecycle.phase === "gave-up") throw this.#gaveUp();
    this.#abort.signal.throwIfAborted();
    this.#move({ type: "start" });
    const engine = await this.#spawn();
    this.#move({ type: "spawned" });
    try {
      this.#loaded = await engine.load(planLoad(this.model, this.#deps.chooseThreads), {
        signal: this.#abort.signal,
        onProgress: (fraction) => {
          this.#progress = fraction;
          this.#deps.onChange();
        },
      });
    } catch (cause) {
      throw await this.#failedLoad(engine, cause);
    }
    this.#progress = null;
    this.#error = null;
    const { loadMs, threads } = this.#loaded;
    this.#deps.log.info({ model: this.model.id, loadMs: Math.round(loadMs), threads }, "model loaded");
    this.#move({ type: "loaded" });
    return this.#lease(engine);
  }

  async #spawn(): Promise<EngineProcess> {
    const engine = await startEngineProcess(this.#deps.spawner).catch((cause: unknown) => {
      this.#move({ type: "failed", retry: false });
      throw cause;
    });
    if (this.#abort.signal.aborted) {
      engine.kill();
      await engine.ended;
      throw this.#abort.signal.reason;
    }
    this.#engine = engine;
    void engine.ended.then((end) => this.#onEnd(engine, end));
    return engine;
  }

  /** The process died while it loaded, or it lives and said why it cannot load: then it is ended here. */
  async #failedLoad(engine: EngineProcess, cause: unknown): Promise<unknown> {
    if (isDesksideError(cause, "PEER_GONE")) {
      this.#error = this.#wordEnd(await engine.ended, 0);
      return this.#error;
    }
    this.#engine = undefined;
    engine.kill();
    this.#progress = null;
    if (isDesksideError(cause)) this.#error = cause;
    this.#move({ type: "failed", retry: false });
    return cause;
  }

  #onEnd(engine: EngineProcess, end: EngineEnd): void {
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    this.#loaded = undefined;
    this.#progress = null;
    const { exitCode, signal, stalled } = end;
    const stderr = end.stderr.slice(-2000);
    this.#deps.log.warn({ model: this.model.id, exitCode, signal, stalled, stderr }, "engine ended");
    this.#move({ type: "failed", retry: true });
    this.#error = this.#wordEnd(end, 0);
    // What a restart fails with is in the state, and told to whoever asks next.
    if (this.#lifecycle.phase === "restarting") this.ready().catch(() => undefined);
  }

  #lease({ client, ended }: EngineProcess): EngineLease {
    return { client, explainEnd: async (keptTokens) => this.#wordEnd(await ended, keptTokens) };
  }

  #gaveUp(): DesksideError {
    return deskError("ENGINE_GAVE_UP", { failures: this.#lifecycle.failures, model: this.model.id });
  }

  #wordEnd(end: EngineEnd, keptTokens: number): DesksideError {
    if (this.#lifecycle.phase === "gave-up") return this.#gaveUp();
    if (end.stalled) return deskError("ENGINE_STALLED", { ms: heartbeat.everyMs * heartbeat.misses, keptTokens });
    return deskError("ENGINE_CRASHED", { exitCode: end.exitCode, signal: end.signal, keptTokens });
  }
}
