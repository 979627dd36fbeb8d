import { stat } from "node:fs/promises";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type LoadCause, type LoadNotice, loadCauses, type WhyCpu } from "@deskside/contract";
import type { Loaded } from "@deskside/contract/engine";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ResolvedModel } from "@deskside/model-library";
import type { Logger } from "../log/logger.ts";
import { causeOfEnd, whyCpuOf } from "./engine-failure.ts";
import { type EngineEnd, type EngineProcess, heartbeat, startEngineProcess } from "./engine-process.ts";
import { engineInput, type LoadPlanner, type PlannedLoad, sizesOf } from "./load-planner.ts";
import { nextPlan } from "./next-plan.ts";

export interface LoadWatcher {
  /** A plan is about to be tried. */
  onPlan(planned: PlannedLoad, notices: readonly LoadNotice[], whyCpu: WhyCpu | null): void;
  /** Its process: the watcher may kill it. */
  onProcess(engine: EngineProcess): void;
  onProgress(fraction: number): void;
  readonly signal: AbortSignal;
}

export interface BroughtUp {
  readonly engine: EngineProcess;
  readonly loaded: Loaded;
  readonly planned: PlannedLoad;
}

interface LoadDeps {
  readonly spawner: ProcessSpawner;
  readonly planLoads: LoadPlanner;
  readonly log: Logger;
}

/**
 * Loads by the best plan, and when it fails by the next one that can help, each in a process of its own. Throws the
 * failure of the last plan that was tried: OUT_OF_MEMORY, MODEL_LOAD_FAILED, ENGINE_CRASHED, ENGINE_STALLED,
 * ENGINE_START_FAILED, or the signal's reason.
 * @param broken an API that failed while it answered: its plans are passed over, and the notice says so
 */
export async function loadWithFallback(
  model: ResolvedModel,
  { spawner, planLoads, log }: LoadDeps,
  watcher: LoadWatcher,
  broken: ReadonlySet<string>,
): Promise<BroughtUp> {
  await assertUnchanged(model);
  const { loads, whyCpu } = await planLoads(model);
  const sizes = loads.map(sizesOf);
  const notices: LoadNotice[] = [];
  let index = 0;
  const goOn = (cause: LoadCause, detail: string): boolean => {
    const next = nextPlan(sizes, index, cause);
    const failed = loads[index]?.plan;
    const plan = next === null ? undefined : loads[next]?.plan;
    if (next === null || !failed || !plan) return false;
    notices.push({ cause, detail, failed, next: plan });
    log.warn({ model: model.id, cause, detail, next: plan }, "a load plan failed, the next one is tried");
    index = next;
    return true;
  };
  if (broken.has(loads[0]?.plan.api ?? "none")) goOn("crashed", "");
  while (true) {
    watcher.signal.throwIfAborted();
    const planned = loads[index];
    if (!planned) throw deskError("INTERNAL", { incident: "empty-load-plan" });
    watcher.onPlan(planned, [...notices], planned.plan.api === "none" ? (whyCpu ?? whyNow(notices)) : null);
    const engine = await startEngineProcess(spawner, planned.env);
    watcher.onProcess(engine);
    try {
      const { signal, onProgress } = watcher;
      const loaded = await engine.load(engineInput(model, planned), { signal, onProgress });
      return { engine, loaded, planned };
    } catch (thrown) {
      if (watcher.signal.aborted) throw watcher.signal.reason;
      const { cause, detail, error } = await explain(engine, thrown, model);
      if (!goOn(cause, detail)) throw error;
    }
  }
}

/** The file that was checked is the file that is loaded. */
async function assertUnchanged({ path, header, description }: ResolvedModel): Promise<void> {
  const now = await stat(path).catch(() => null);
  if (now && now.size === header.fileBytes) return;
  const detail = now ? `${header.fileBytes} → ${now.size} bytes` : path;
  throw deskError("MODEL_LOAD_FAILED", {
    model: description.name,
    cause: now ? "file-changed" : "file-missing",
    detail,
  });
}

/** A GPU was planned and failed: the last failure tells why the processor does the work. */
function whyNow(notices: readonly LoadNotice[]): WhyCpu | null {
  const cause = notices.findLast((notice) => notice.failed.api !== "none")?.cause;
  if (!cause) return null;
  // There was one when the plan was made.
  return cause === "gpu-no-device" ? "device-lost" : whyCpuOf(cause);
}

/** Why a load failed: the engine said it, or its process ended. */
async function explain(
  engine: EngineProcess,
  thrown: unknown,
  model: ResolvedModel,
): Promise<{ cause: LoadCause; detail: string; error: unknown }> {
  if (isDesksideError(thrown, "PEER_GONE")) {
    const end = await engine.ended;
    const cause = causeOfEnd(end);
    const error = end.stalled
      ? deskError("ENGINE_STALLED", { ms: heartbeat.everyMs * heartbeat.misses, keptTokens: 0 })
      : endError(end, cause, model);
    return { cause, detail: lastLine(end.stderr), error };
  }
  engine.kill();
  await engine.ended;
  return { cause: causeOf(thrown), detail: detailOf(thrown), error: thrown };
}

function endError(end: EngineEnd, cause: LoadCause, model: ResolvedModel): DesksideError {
  if (cause === "crashed") {
    return deskError("ENGINE_CRASHED", { exitCode: end.exitCode, signal: end.signal, keptTokens: 0 });
  }
  return deskError("MODEL_LOAD_FAILED", { model: model.description.name, cause, detail: lastLine(end.stderr) });
}

function causeOf(thrown: unknown): LoadCause {
  if (!isDesksideError(thrown)) return "unknown";
  const cause = loadCauses.find((known) => known === thrown.data["cause"]);
  return cause ?? (thrown.code === "OUT_OF_MEMORY" ? "out-of-ram" : "unknown");
}

function detailOf(thrown: unknown): string {
  if (!isDesksideError(thrown)) return String(thrown).slice(0, 300);
  const { detail } = thrown.data as { detail?: unknown };
  return typeof detail === "string" ? detail : "";
}

function lastLine(text: string): string {
  return (text.trimEnd().split("\n").at(-1) ?? "").slice(0, 300);
}
