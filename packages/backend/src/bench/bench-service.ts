import { createDeferred, createId, isDesksideError, withSignal } from "@deskside/base";
import { type BenchEvent, type BenchReport, deskError, type MemoryUse, type ThreadSpeed } from "@deskside/contract";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { Machine } from "@deskside/hardware";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import type { LoadPlanner, PlannedLoad } from "../engines/load-planner.ts";
import type { LoadMeasurement } from "../engines/engine-slot.ts";
import type { Logger } from "../log/logger.ts";
import { plansToMeasure } from "./bench-plans.ts";
import { chooseMeasuredThreads } from "./choose-measured-threads.ts";
import { measurePlan, measureThreads, withLoadedPlan } from "./measure-plan.ts";

export interface BenchDeps {
  readonly library: ModelLibrary;
  readonly spawner: ProcessSpawner;
  readonly planLoads: LoadPlanner;
  readonly machine: () => Promise<Machine>;
  /** Measured plans correct later predictions. */
  readonly onMeasured: (model: ResolvedModel, measurement: LoadMeasurement) => void;
  readonly onThreads: (model: ResolvedModel, planned: PlannedLoad, measured: MemoryUse, speed: ThreadSpeed) => void;
  readonly now: () => number;
  readonly log: Logger;
}

/** Measures models on this machine, one at a time. It belongs to the backend; windows watch. */
export interface BenchService extends AsyncDisposable {
  /** Throws BENCH_RUNNING, or what resolving the model throws. */
  start(model: string, options: { threads: boolean }): Promise<string>;
  watch(benchId: string, signal: AbortSignal | undefined): AsyncGenerator<BenchEvent>;
  cancel(benchId: string): Promise<void>;
  readonly reports: readonly BenchReport[];
}

type Terminal = Exclude<BenchEvent, { type: "progress" }>;

interface Running {
  readonly id: string;
  readonly abort: AbortController;
  report: BenchReport;
  done: number;
  total: number;
  changed: ReturnType<typeof createDeferred<void>>;
  terminal: Terminal | undefined;
}

export function createBenchService(deps: BenchDeps): BenchService {
  return new Benches(deps);
}

class Benches implements BenchService {
  readonly #deps: BenchDeps;
  readonly #reports: BenchReport[] = [];
  #current: Running | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(deps: BenchDeps) {
    this.#deps = deps;
  }

  get reports() {
    return this.#reports;
  }

  async start(modelId: string, options: { threads: boolean }): Promise<string> {
    this.#assertFree();
    const model = await this.#deps.library.resolve(modelId);
    this.#assertFree();
    const { id, description } = model;
    const report: BenchReport = {
      ...{ model: id, quantization: description.quantization, at: this.#deps.now() },
      ...{ runs: [], threads: [], chosenThreads: null },
    };
    const one: Running = {
      ...{ id: createId("bench"), abort: new AbortController(), report },
      ...{ done: 0, total: 1, changed: createDeferred<void>(), terminal: undefined },
    };
    this.#current = one;
    this.#ended = this.#run(one, model, options);
    return one.id;
  }

  async *watch(benchId: string, signal: AbortSignal | undefined): AsyncGenerator<BenchEvent> {
    const one = this.#find(benchId);
    while (!one.terminal) {
      yield { type: "progress", done: one.done, total: one.total, report: one.report };
      await withSignal(one.changed.promise, signal);
    }
    yield one.terminal;
  }

  async cancel(benchId: string): Promise<void> {
    this.#find(benchId).abort.abort(new Error("stopped"));
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#current?.abort.abort(new Error("closing"));
    await this.#ended;
  }

  #assertFree(): void {
    const one = this.#current;
    if (one && !one.terminal) throw deskError("BENCH_RUNNING", { model: one.report.model });
  }

  #find(benchId: string): Running {
    if (this.#current?.id !== benchId) throw deskError("BENCH_NOT_FOUND", { benchId });
    return this.#current;
  }

  async #run(one: Running, model: ResolvedModel, options: { threads: boolean }): Promise<void> {
    let terminal: Terminal;
    try {
      await this.#measureAll(one, model, options);
      this.#reports.unshift(one.report);
      terminal = { type: "done", report: one.report };
    } catch (error) {
      if (one.abort.signal.aborted) terminal = { type: "cancelled" };
      else {
        const incident = createId("inc");
        if (!isDesksideError(error)) this.#deps.log.error({ err: error, incident }, "bench failed");
        const { code, kind, data } = isDesksideError(error) ? error : deskError("INTERNAL", { incident });
        terminal = { type: "failed", error: { code, kind, data: { ...data } } };
      }
    }
    one.terminal = terminal;
    one.changed.resolve();
  }

  async #measureAll(one: Running, model: ResolvedModel, options: { threads: boolean }): Promise<void> {
    const { spawner, planLoads, machine, onMeasured } = this.#deps;
    const { signal } = one.abort;
    const loads = plansToMeasure((await planLoads(model)).loads);
    const { logicalCores } = await machine();
    const onCpu = loads.find(({ plan }) => plan.api === "none");
    const counts = options.threads && onCpu ? threadCounts(logicalCores) : [];
    this.#step(one, { total: loads.length + counts.length });
    for (const planned of loads) {
      await withLoadedPlan(spawner, model, planned, signal, async (engine) => {
        const run = await measurePlan(engine, planned, signal);
        const { tokensPerSecond, promptTokensPerSecond, firstTokenMs: _, ...measured } = run.measured;
        onMeasured(model, { planned, measured, tokensPerSecond, promptTokensPerSecond });
        this.#step(one, { report: { ...one.report, runs: [...one.report.runs, run] } });
        if (planned !== onCpu) return;
        for (const threads of counts) {
          const speed = await measureThreads(engine, { threads, processors: logicalCores }, signal);
          this.#deps.onThreads(model, planned, measured, speed);
          const all = [...one.report.threads, speed];
          this.#step(one, { report: { ...one.report, threads: all, chosenThreads: chooseMeasuredThreads(all) } });
        }
      });
    }
  }

  #step(one: Running, change: { total?: number; report?: BenchReport }): void {
    if (change.total !== undefined) one.total = change.total;
    if (change.report) {
      one.report = change.report;
      one.done++;
    }
    one.changed.resolve();
    one.changed = createDeferred<void>();
  }
}

/** 1 to all processors; on large machines the powers of two and what lies around the number of cores. */
function threadCounts(processors: number): number[] {
  const all = Array.from({ length: processors }, (_, index) => index + 1);
  if (processors <= 8) return all;
  return all.filter((count) => count <= 4 || count % 4 === 0).filter((count) => count <= 32);
}
