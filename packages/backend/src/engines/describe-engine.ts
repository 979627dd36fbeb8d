import type { DesksideError } from "@deskside/base";
import type { EngineState, LoadNotice, MemoryUse, WhyCpu } from "@deskside/contract";
import type { Loaded } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";
import type { EngineLifecycle } from "./engine-lifecycle.ts";
import type { PlannedLoad } from "./load-planner.ts";

export interface EngineFacts {
  readonly model: ResolvedModel;
  readonly lifecycle: EngineLifecycle;
  readonly answering: boolean;
  readonly loaded: Loaded | undefined;
  readonly progress: number | null;
  readonly error: DesksideError | null;
  readonly planned: PlannedLoad | undefined;
  readonly measured: MemoryUse | null;
  readonly notices: readonly LoadNotice[];
  readonly whyCpu: WhyCpu | null;
  readonly figures: { readonly tokensPerSecond: number | null; readonly contextUsed: number | null };
}

/** An engine as windows see it. */
export function describeEngine({ model, lifecycle, loaded, error, ...facts }: EngineFacts): EngineState {
  const { id, description, manifest } = model;
  return {
    engineId: id,
    phase: lifecycle.phase === "ready" && facts.answering ? "answering" : lifecycle.phase,
    model: { id, name: description.name, quantization: description.quantization, small: manifest?.small ?? false },
    progress: facts.progress,
    contextSize: loaded?.contextSize ?? null,
    contextUsed: facts.figures.contextUsed,
    threads: loaded?.threads ?? null,
    gpu: loaded && loaded.gpu !== "none" ? loaded.gpu : null,
    gpuLayers: loaded?.gpuLayers ?? null,
    loadMs: loaded?.loadMs ?? null,
    tokensPerSecond: facts.figures.tokensPerSecond,
    failures: lifecycle.failures,
    plan: facts.planned?.plan ?? null,
    predicted: facts.planned?.predicted ?? null,
    measured: facts.measured,
    notices: [...facts.notices],
    whyCpu: facts.whyCpu,
    error: error ? { code: error.code, kind: error.kind, data: { ...error.data } } : null,
  };
}
