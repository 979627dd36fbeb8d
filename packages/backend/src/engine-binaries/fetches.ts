import { isCancellation, isDesksideError } from "@deskside/base";
import { deskError, type EngineBinaryFetchEvent, type EngineBinaryProgress, type GpuApi } from "@deskside/contract";

/** How often a watcher hears of progress, at most. */
const tellEveryMs = 100;

type Last = Exclude<EngineBinaryFetchEvent, { type: "progress" }>;
type Work = (signal: AbortSignal, onProgress: (progress: EngineBinaryProgress) => void) => Promise<void>;

interface Running {
  readonly stop: AbortController;
  progress: EngineBinaryProgress | null;
}

/** One fetch an API at a time; whoever asks again joins. Watching and leaving change nothing. */
export function createFetches() {
  const running = new Map<GpuApi, Running>();
  const ended = new Map<GpuApi, Last>();
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  return {
    progress: (api: GpuApi) => running.get(api)?.progress ?? null,
    cancel: (api: GpuApi) => running.get(api)?.stop.abort(),
    start(api: GpuApi, work: Work): void {
      if (running.has(api)) return;
      const own: Running = { stop: new AbortController(), progress: null };
      running.set(api, own);
      ended.delete(api);
      let toldAt = 0;
      const onProgress = (progress: EngineBinaryProgress) => {
        own.progress = progress;
        if (performance.now() - toldAt < tellEveryMs) return;
        toldAt = performance.now();
        tell();
      };
      const end = (last: Last) => {
        running.delete(api);
        ended.set(api, last);
        tell();
      };
      work(own.stop.signal, onProgress).then(
        () => end({ type: "done" }),
        (error: unknown) => end(lastOf(error, own.stop.signal)),
      );
    },
    async *watch(api: GpuApi, signal?: AbortSignal): AsyncGenerator<EngineBinaryFetchEvent> {
      let told: EngineBinaryProgress | null = null;
      while (true) {
        const own = running.get(api);
        if (!own) return yield ended.get(api) ?? { type: "done" };
        if (own.progress && own.progress !== told) {
          told = own.progress;
          yield { type: "progress", progress: told };
          continue;
        }
        await waitFor(changed.promise, signal);
      }
    },
  };
}

function lastOf(error: unknown, signal: AbortSignal): Last {
  if (isCancellation(error, signal)) return { type: "cancelled" };
  const known = isDesksideError(error) ? error : deskError("INTERNAL", { incident: describe(error) }, { cause: error });
  return { type: "failed", error: known.toData() };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : "unknown";
}

async function waitFor(change: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return await change;
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason as Error);
  signal.addEventListener("abort", leave, { once: true });
  try {
    await Promise.race([change, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
