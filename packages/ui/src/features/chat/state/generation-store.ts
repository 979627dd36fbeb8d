import type { GenerationEvent, Message, MessageStats } from "@deskside/contract";
import { createStore, type StoreApi } from "zustand/vanilla";

export type GenerationPhase = Extract<GenerationEvent, { type: "delta" }>["phase"];

/** An answer that is being written, as this window has it. */
export interface LiveGeneration {
  readonly phase: GenerationPhase;
  readonly message: Message;
  readonly text: string;
  readonly reasoning: string;
  readonly stats: MessageStats;
  /** Fraction 0–1 of the load or of the prompt; null = not known. */
  readonly progress: number | null;
}

export interface GenerationsState {
  /** By generation id. An entry stands from the first snapshot to the terminal event. */
  live: Readonly<Record<string, LiveGeneration>>;
  actions: {
    /** Takes an event in; deltas show with the next frame, all others at once. */
    apply(generationId: string, event: GenerationEvent): void;
  };
}

export type GenerationStore = StoreApi<GenerationsState>;

interface Pending {
  text: string;
  reasoning: string;
  last: Extract<GenerationEvent, { type: "delta" }>;
}

/**
 * Text of running answers. Many deltas make one update a frame, because every update renders.
 * @param deps.requestFrame runs the callback before the next paint
 */
export function createGenerationStore(deps: { requestFrame: (callback: () => void) => void }): GenerationStore {
  const pending = new Map<string, Pending>();
  const sequence = new Map<string, number>();
  let planned = false;

  const store = createStore<GenerationsState>(() => ({ live: {}, actions: { apply } }));

  function apply(generationId: string, event: GenerationEvent): void {
    if (event.type === "delta") return queue(generationId, event);
    pending.delete(generationId);
    if (event.type === "snapshot") {
      sequence.set(generationId, event.seq);
      const { phase, message, stats, progress } = event;
      const { text, reasoning } = message;
      const entry: LiveGeneration = { phase, message, text, reasoning, stats, progress };
      store.setState(({ live }) => ({ live: { ...live, [generationId]: entry } }));
      return;
    }
    sequence.delete(generationId);
    store.setState(({ live }) => {
      const { [generationId]: _ended, ...rest } = live;
      return { live: rest };
    });
  }

  function queue(generationId: string, event: Extract<GenerationEvent, { type: "delta" }>): void {
    // What a snapshot already holds must not be added again.
    if (event.seq <= (sequence.get(generationId) ?? Number.POSITIVE_INFINITY)) return;
    sequence.set(generationId, event.seq);
    const before = pending.get(generationId);
    pending.set(generationId, {
      text: (before?.text ?? "") + event.text,
      reasoning: (before?.reasoning ?? "") + event.reasoning,
      last: event,
    });
    if (planned) return;
    planned = true;
    deps.requestFrame(flush);
  }

  function flush(): void {
    planned = false;
    if (pending.size === 0) return;
    store.setState(({ live }) => ({ live: addPending(live, pending) }));
    pending.clear();
  }

  return store;
}

function addPending(live: GenerationsState["live"], pending: ReadonlyMap<string, Pending>): GenerationsState["live"] {
  const next = { ...live };
  for (const [id, { text, reasoning, last }] of pending) {
    const entry = next[id];
    if (!entry) continue;
    const { phase, progress, stats } = last;
    next[id] = { ...entry, phase, progress, stats, text: entry.text + text, reasoning: entry.reasoning + reasoning };
  }
  return next;
}

export function selectGeneration(generationId: string | null) {
  return (state: GenerationsState): LiveGeneration | null =>
    generationId === null ? null : (state.live[generationId] ?? null);
}

/** The next frame, or soon when the window is hidden and draws none. */
export function requestFrame(callback: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(callback, 100);
  else requestAnimationFrame(callback);
}
