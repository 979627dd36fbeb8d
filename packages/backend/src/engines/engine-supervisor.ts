import { deskError, type EngineState } from "@deskside/contract";
import type { ModelLibrary } from "@deskside/model-library";
import { createEngineSlot, type EngineSlot, type SlotDeps } from "./engine-slot.ts";

/** Chat models kept loaded side by side; the one unused for longest makes room. */
const loadedAtMost = 2;

export interface EngineSupervisor extends AsyncDisposable {
  /** The one that answers, or answered last, first. */
  readonly states: EngineState[];
  readonly pids: number[];
  /** The slot of a model, made on first use; nothing is loaded yet. Throws what `ModelLibrary.resolve` throws. */
  slot(modelId: string): Promise<EngineSlot>;
  /** The slot if the model has one already. */
  existing(modelId: string): EngineSlot | undefined;
  /** Loads and forgets earlier failures. */
  load(modelId: string): Promise<void>;
  unload(modelId: string): Promise<void>;
  /** Those that are loaded and answered nobody for this long; null = they stay. */
  unloadIdle(idleMs: (modelId: string) => number | null): Promise<void>;
  /** Resolves when no other model answers. */
  othersIdle(modelId: string): Promise<void>;
}

export function createEngineSupervisor(deps: SlotDeps & { library: ModelLibrary }): EngineSupervisor {
  const slots = new Map<string, EngineSlot>();
  let closing = false;

  const makeRoom = async (keep: string) => {
    const live = [...slots.values()].filter((slot) => slot.pid !== undefined && slot.model.id !== keep);
    const idle = live.filter((slot) => !slot.busy).sort((a, b) => a.usedAt - b.usedAt);
    for (const slot of idle.slice(0, Math.max(0, live.length + 1 - loadedAtMost))) await remove(slot);
  };

  const remove = async (slot: EngineSlot) => {
    slots.delete(slot.model.id);
    await slot.stop();
    deps.onChange();
  };

  const supervisor: EngineSupervisor = {
    get states() {
      const lastFirst = [...slots.values()].sort((a, b) => Number(b.busy) - Number(a.busy) || b.usedAt - a.usedAt);
      return lastFirst.map((slot) => slot.state);
    },
    get pids() {
      return [...slots.values()].flatMap((slot) => (slot.pid === undefined ? [] : [slot.pid]));
    },
    async slot(modelId) {
      const model = await deps.library.resolve(modelId);
      const { role } = model.description;
      // Models for vectors have an engine of their own.
      if (role !== "chat") throw deskError("WRONG_ROLE", { model: model.id, role, needed: "chat" });
      if (closing) throw deskError("MODEL_NOT_LOADED", {});
      const known = slots.get(model.id);
      if (known) return known;
      await makeRoom(model.id);
      if (closing) throw deskError("MODEL_NOT_LOADED", {});
      const slot = slots.get(model.id) ?? createEngineSlot(model, deps);
      slots.set(model.id, slot);
      return slot;
    },
    existing: (modelId) => slots.get(modelId),
    async load(modelId) {
      const slot = await supervisor.slot(modelId);
      slot.reset();
      await slot.ready();
    },
    async unload(modelId) {
      const slot = slots.get(modelId);
      if (slot) await remove(slot);
    },
    async unloadIdle(idleMs) {
      const old = [...slots.values()].filter((slot) => isIdleFor(slot, idleMs(slot.model.id)));
      await Promise.all(old.map(remove));
    },
    async othersIdle(modelId) {
      const others = [...slots.values()].filter((slot) => slot.model.id !== modelId);
      await Promise.all(others.map((slot) => slot.whenIdle()));
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      await Promise.all([...slots.values()].map((slot) => slot[Symbol.asyncDispose]()));
      slots.clear();
    },
  };
  return supervisor;
}

/** Null = it stays. */
function isIdleFor(slot: EngineSlot, allowedMs: number | null): boolean {
  if (allowedMs === null || slot.busy || slot.state.phase !== "ready") return false;
  return slot.usedAt < performance.now() - allowedMs;
}
