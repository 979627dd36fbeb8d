import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { type Served, serve } from "../product/whole-stack.ts";
import { type MemorySample, sampleMemory } from "./resident-memory.ts";

export interface Timings {
  readonly files: number;
  readonly passages: number;
  /** Until no file waited to be read, and until all passages had vectors. */
  readonly readSeconds: number;
  readonly seconds: number;
}

/** A moment of taking files in. `phase`: of the files, which quarter was being read; 4: all were, vectors follow. */
export interface Moment extends MemorySample {
  readonly phase: number;
}

export interface Ingested extends Timings {
  /** Empty where the system does not tell. */
  readonly moments: readonly Moment[];
  /** A while after the last vector; null where the system does not tell. */
  readonly afterwards: MemorySample | null;
}

const root = join(import.meta.dirname, "../../..");
const sampleEveryMs = 200;
/** The server loads a model ahead when it starts. */
const settleMs = 5_000;
const restMs = 10_000;
const vectorsAlone = 4;

/** Adds folders to a new collection of the built server over an empty data directory, and waits for the last vector. */
export async function ingestInProduct(folders: readonly string[]): Promise<Ingested> {
  await using served = await serve(root);
  await sleep(settleMs);
  const canSample = process.platform === "linux";
  const moments: Moment[] = [];
  let phase = 0;
  const timer = setInterval(() => {
    if (canSample) moments.push({ phase, ...sampleMemory(served.pid) });
  }, sampleEveryMs);
  try {
    const timings = await takeIn(served.client, folders, (now) => {
      phase = now;
    });
    clearInterval(timer);
    await sleep(restMs);
    return { ...timings, moments, afterwards: canSample ? sampleMemory(served.pid) : null };
  } finally {
    clearInterval(timer);
  }
}

async function takeIn(
  client: Served["client"],
  folders: readonly string[],
  onPhase: (phase: number) => void,
): Promise<Timings> {
  const { id: collectionId } = await client.knowledge.collections.create({ name: "bench" });
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const { length: count } = await client.knowledge.documents.add({ collectionId, paths: [...folders] });
  let readSeconds: number | null = null;
  for await (const { files, vectors } of await client.knowledge.ingest.watch({ collectionId })) {
    // Files whose vectors are missing count as work too: what is left to read is what waits, and the one being read.
    const read = count - files.waiting;
    onPhase(files.waiting === 0 ? vectorsAlone : Math.floor((4 * read) / count));
    process.stderr.write(`\r${read}/${count} files, ${vectors.done}/${vectors.total} vectors   `);
    if (files.failed + files.skipped > 0)
      throw new Error(`${files.failed} files failed, ${files.skipped} were skipped`);
    if (files.waiting > 0) continue;
    readSeconds ??= since();
    if (files.working > 0 || vectors.done < vectors.total) continue;
    process.stderr.write("\r\x1b[K");
    return { files: count, passages: vectors.total, readSeconds, seconds: since() };
  }
  throw new Error("the server stopped telling how far it is");
}
