import { createSerialQueue, type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type EngineState, type LoadNotice, type MemoryUse, type WhyCpu } from "@deskside/contract";
import type { Loaded } from "@deskside/contract/engine";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ResolvedModel } from "@deskside/model-library";
import type { Logger } from "../log/logger.ts";
import { describeEngine } from "./describe-engine.ts";
import { type EngineLifecycle, type LifecycleEvent, nextLifecycle, offLifecycle } from "./engine-lifecycle.ts";
import { type EngineClient, type EngineEnd, type EngineProcess, heartbeat } from "./engine-process.ts";
import type { LoadPlanner, PlannedLoad } from "./load-planner.ts";
import { loadWithFallback } from "./load-with-fallback.ts";
import { measureEngine } from "./measure-engine.ts";
import { createOccupancy, type Occupancy } from "./occupancy.ts";

export interface SlotDeps {
  spawner: ProcessSpawner;
  planLoads: LoadPlanner;
  log: Logger;
  onChange: () => void;
  /** An engine process ended by itself. */
  onCrash?: () => void;
  /** A plan was measured: after the load, and with its speed after an answer. */
  onMeasured?: (model: ResolvedModel, measurement: LoadMeasurement) => void;
}

/** A plan, what was predicted and what came of it. */
export interface LoadMeasurement {
  readonly planned: PlannedLoad;
  readonly measured: MemoryUse;
  /** Decode speed of the last answer; null before the first one and after very short ones. */
  readonly tokensPerSecond: number | null;
  /** Known from a bench only: an answer's prompt is mostly cached. */
  readonly promptTokensPerSecond: number | null;
}

/** After this many crashes in a row a GPU API is passed over until somebody asks for another try. */
const crashesToAvoidApi = 2;

/** A loaded model in its process. It stays valid, and knows how that process ended, also after a restart. */
export interface EngineLease {
  readonly client: EngineClient;
  /** Adapters an answer can ask for by name. */
  readonly adapters: readonly string[];
  /** Why the process ended; waits for the exit to be known. */
  explainEnd(keptTokens: number): Promise<DesksideError>;
}

export interface AnswerFigures {
  readonly tokensPerSecond: number | null;
  readonly outputTokens: number;
  readonly contextUsed: number;
}
/** The speed of a shorter answer is mostly noise: nothing is learned from it. */
const tellingTokens = 32;

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
  /** Resolves at once when nothing answers. */
  whenIdle(): Promise<void>;
  /** Marks an answer as running until the result is disposed. */
  occupy(): Disposable;
  answered(figures: AnswerFigures): void;
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
  /** The process that is being loaded. */
  #starting: EngineProcess | undefined;
  #planned: PlannedLoad | undefined;
  #notices: readonly LoadNotice[] = [];
  #whyCpu: WhyCpu | null = null;
  #measured: MemoryUse | null = null;
  /** Crashes in a row by API. */
  readonly #crashes = new Map<string, number>();
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
      planned: this.#planned,
      measured: this.#measured,
      notices: this.#notices,
      whyCpu: this.#whyCpu,
    });
  }

  get pid() {
    return (this.#engine ?? this.#starting)?.pid;
  }

  get busy() {
    return this.#occupancy.busy;
  }

  get usedAt() {
    return this.#occupancy.usedAt;
  }

  ready = () => this.#queue.run(() => this.#bringUp());

  occupy = () => this.#occupancy.occupy();

  whenIdle = () => this.#occupancy.whenIdle();

  answered(measured: AnswerFigures): void {
    const tokensPerSecond = measured.tokensPerSecond ?? this.#figures.tokensPerSecond;
    this.#figures = { tokensPerSecond, contextUsed: measured.contextUsed };
    this.#crashes.clear();
    this.#move({ type: "answered" });
    void this.#measure(measured.outputTokens < tellingTokens ? null : measured.tokensPerSecond);
  }

  reset(): void {
    this.#error = null;
    this.#crashes.clear();
    this.#move({ type: "reset" });
  }

  async stop(): Promise<void> {
    await this.#occupancy.whenIdle();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(deskError("MODEL_NOT_LOADED", {}));
    const leaving = [this.#engine, this.#starting].filter((engine) => engine !== undefined);
    this.#engine = undefined;
    this.#loaded = undefined;
    for (const engine of leaving) engine.kill();
    await Promise.all(leaving.map((engine) => engine.ended));
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
    try {
      const { engine, loaded } = await this.#load();
      // Closed in the moment the load ended: nobody else will end this process.
      if (this.#abort.signal.aborted) {
        engine.kill();
        await engine.ended;
        throw this.#abort.signal.reason;
      }
      this.#engine = engine;
      this.#loaded = loaded;
      void engine.ended.then((end) => this.#onEnd(engine, end));
      this.#error = null;
      const { loadMs, threads, gpu, gpuLayers } = loaded;
      this.#deps.log.info(
        { model: this.model.id, loadMs: Math.round(loadMs), threads, gpu, gpuLayers },
        "model loaded",
      );
      this.#move({ type: "loaded" });
      await this.#measure(null);
      return this.#lease(engine);
    } catch (cause) {
      throw this.#failedLoad(cause);
    } finally {
      this.#starting = undefined;
      this.#progress = null;
    }
  }

  #load() {
    const broken = [...this.#crashes].filter(([, crashes]) => crashes >= crashesToAvoidApi).map(([api]) => api);
    const watcher = {
      signal: this.#abort.signal,
      onPlan: (planned: PlannedLoad, notices: readonly LoadNotice[], whyCpu: WhyCpu | null) => {
        this.#planned = planned;
        this.#notices = notices;
        this.#whyCpu = whyCpu;
        this.#measured = null;
      },
      onProcess: (engine: EngineProcess) => {
        this.#starting = engine;
        if (this.#abort.signal.aborted) engine.kill();
        this.#move({ type: "spawned" });
      },
      onProgress: (fraction: number) => {
        this.#progress = fraction;
        this.#deps.onChange();
      },
    };
    return loadWithFallback(this.model, this.#deps, watcher, new Set(broken));
  }

  /** Every plan failed. What ended a process may not happen again; what an engine said would. */
  #failedLoad(cause: unknown): unknown {
    if (this.#abort.signal.aborted) return cause;
    if (!isDesksideError(cause)) {
      this.#move({ type: "failed", retry: false });
      return cause;
    }
    const died =
      cause.code === "ENGINE_CRASHED" ||
      cause.code === "ENGINE_STALLED" ||
      (cause.code === "MODEL_LOAD_FAILED" && cause.data["cause"] === "killed-by-system");
    this.#move({ type: "failed", retry: died });
    this.#error = this.#lifecycle.phase === "gave-up" ? this.#gaveUp() : cause;
    if (this.#lifecycle.phase === "restarting") queueMicrotask(() => void this.ready().catch(() => undefined));
    return this.#error;
  }

  /** Compares the plan with what the process really took. A missed measurement is no failure of anything else. */
  async #measure(tokensPerSecond: number | null): Promise<void> {
    const [engine, loaded, planned] = [this.#engine, this.#loaded, this.#planned];
    if (!engine || !loaded || !planned) return;
    try {
      this.#measured = await measureEngine(engine.client, loaded);
      this.#deps.onMeasured?.(this.model, {
        ...{ planned, measured: this.#measured, tokensPerSecond },
        promptTokensPerSecond: null,
      });
      this.#deps.onChange();
    } catch (error) {
      this.#deps.log.warn({ err: error, model: this.model.id }, "the engine's memory could not be read");
    }
  }

  #onEnd(engine: EngineProcess, end: EngineEnd): void {
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    this.#loaded = undefined;
    this.#progress = null;
    const { exitCode, signal, stalled } = end;
    const stderr = end.stderr.slice(-2000);
    this.#deps.log.warn({ model: this.model.id, exitCode, signal, stalled, stderr }, "engine ended");
    this.#deps.onCrash?.();
    const api = this.#planned?.plan.api ?? "none";
    if (api !== "none") this.#crashes.set(api, (this.#crashes.get(api) ?? 0) + 1);
    this.#move({ type: "failed", retry: true });
    this.#error = this.#wordEnd(end, 0);
    // What a restart fails with is in the state, and told to whoever asks next.
    if (this.#lifecycle.phase === "restarting") this.ready().catch(() => undefined);
  }

  #lease({ client, ended }: EngineProcess): EngineLease {
    const adapters = (this.#planned?.attached?.adapters ?? []).flatMap(({ name }) => name ?? []);
    return { client, adapters, explainEnd: async (keptTokens) => this.#wordEnd(await ended, keptTokens) };
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
