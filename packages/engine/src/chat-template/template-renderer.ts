import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { deskError } from "@deskside/contract";
import type { TemplateJob, TemplateResult } from "./template-job.ts";

/**
 * Limits of one rendering (requirement S18). A template is a program from a stranger: it runs in a thread of its own
 * that is ended when it takes too long or too much memory. On a machine that is busy with something else an honest
 * template can miss the first limit, so it gets one more try with the second.
 */
export const templateLimits = { firstTryMs: 200, secondTryMs: 600, heapMb: 64 } as const;
/** How often a running template's heap is looked at. */
const watchEveryMs = 10;
/**
 * Where V8 itself stops the thread, and with it, when one allocation is larger than V8's grace, the whole process.
 * So this is far above the limit that is watched: one built-in call makes a string of 1 GiB at most.
 */
const hardHeapMb = 4096;

export interface TemplateRenderer extends Disposable {
  /** Starts the thread ahead of the first rendering. */
  warmUp(): void;
  /** The rendered prompt. Throws TEMPLATE_FAILED; the engine itself is never harmed. */
  render(job: Omit<TemplateJob, "id">): Promise<string>;
}

const workerFile = ["./template-worker.js", "./template-worker.ts"]
  .map((name) => new URL(name, import.meta.url))
  .find((url) => existsSync(fileURLToPath(url)));

export function createTemplateRenderer(): TemplateRenderer {
  let worker: Worker | undefined;
  let nextId = 0;

  const start = (): Worker => {
    if (!workerFile) throw deskError("TEMPLATE_FAILED", { reason: "raised", detail: "template-worker is missing" });
    const started = new Worker(workerFile, {
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: hardHeapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    started.unref();
    started.setMaxListeners(20);
    return started;
  };

  const stop = () => {
    void worker?.terminate();
    worker = undefined;
  };

  const attempt = (job: Omit<TemplateJob, "id">, ms: number): Promise<TemplateResult> => {
    const id = nextId++;
    worker ??= start();
    const current = worker;
    return new Promise((resolve) => {
      const settle = (result: TemplateResult, broken: boolean) => {
        clearTimeout(timer);
        clearInterval(watch);
        current.off("message", onMessage).off("error", onError).off("exit", onExit);
        if (broken && worker === current) stop();
        resolve(result);
      };
      const onMessage = (result: TemplateResult) => result.id === id && settle(result, false);
      const onError = (error: Error & { code?: string }) => {
        const reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "raised";
        settle({ id, ok: false, reason, detail: error.message.slice(0, 300) }, true);
      };
      const onExit = () => settle({ id, ok: false, reason: "raised", detail: "the thread ended" }, true);
      const watch = watchHeap(current, (usedMb) =>
        settle({ id, ok: false, reason: "memory", detail: `${usedMb.toFixed()} MiB` }, true),
      );
      const timer = setTimeout(() => settle({ id, ok: false, reason: "time", detail: `${ms} ms` }, true), ms);
      current.on("message", onMessage).on("error", onError).on("exit", onExit);
      current.postMessage({ ...job, id });
    });
  };

  return {
    warmUp: () => {
      worker ??= start();
    },
    async render(job) {
      let result = await attempt(job, templateLimits.firstTryMs);
      if (!result.ok && result.reason === "time") result = await attempt(job, templateLimits.secondTryMs);
      if (result.ok) return result.text;
      throw deskError("TEMPLATE_FAILED", { reason: result.reason, detail: result.detail });
    },
    [Symbol.dispose]: stop,
  };
}

function watchHeap(worker: Worker, onTooMuch: (usedMb: number) => void): NodeJS.Timeout {
  const look = async () => {
    // A thread that has ended has no heap; its end is told by its events.
    const heap = await worker.getHeapStatistics().catch(() => undefined);
    const usedMb = (heap?.used_heap_size ?? 0) / 2 ** 20;
    if (usedMb > templateLimits.heapMb) onTooMuch(usedMb);
  };
  return setInterval(() => void look(), watchEveryMs);
}
