import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../product/whole-stack.ts";
import type { MadeFile } from "./make-documents.ts";

export interface Ingested {
  readonly files: number;
  /** Until the text of all files could be searched, and until all passages had vectors. */
  readonly textSeconds: number;
  readonly seconds: number;
  readonly passages: number;
  /** Mean resident set of the server process in MiB by quarters of the files; empty where /proc does not say. */
  readonly residentByQuarter: readonly number[];
}

/** Adds a folder of these files to a new collection of the built server over an empty data directory. */
export async function ingestInProduct(root: string, files: readonly MadeFile[]): Promise<Ingested> {
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-files-"));
  try {
    for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
    await using served = await serve(root);
    const { client, pid } = served;
    const { id: collectionId } = await client.knowledge.collections.create({ name: "bench" });
    const started = performance.now();
    const samples: { done: number; resident: number }[] = [];
    await client.knowledge.documents.add({ collectionId, paths: [folder] });
    let textSeconds = 0;
    let passages = 0;
    for await (const { files: now, vectors } of await client.knowledge.ingest.watch({ collectionId })) {
      const seconds = (performance.now() - started) / 1000;
      const done = now.ready + now.failed + now.skipped;
      const resident = residentMiB(pid);
      if (resident !== null) samples.push({ done, resident });
      process.stderr.write(`\r${done}/${files.length} files, ${vectors.done}/${vectors.total} vectors   `);
      if (now.failed + now.skipped > 0) throw new Error(`${now.failed} files failed, ${now.skipped} were skipped`);
      passages = vectors.total;
      if (textSeconds === 0 && now.waiting === 0) textSeconds = seconds;
      if (now.waiting + now.working === 0 && vectors.done === vectors.total && done === files.length) break;
    }
    process.stderr.write("\r\x1b[K");
    const seconds = (performance.now() - started) / 1000;
    return { files: files.length, textSeconds, seconds, passages, residentByQuarter: quarters(samples, files.length) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function quarters(samples: readonly { done: number; resident: number }[], files: number): number[] {
  if (samples.length === 0) return [];
  return [0, 1, 2, 3].map((quarter) => {
    const own = samples.filter(({ done }) => Math.min(3, Math.floor((4 * done) / files)) === quarter);
    return own.reduce((sum, { resident }) => sum + resident, 0) / own.length;
  });
}

/** Linux only; null elsewhere. */
function residentMiB(pid: number): number | null {
  if (process.platform !== "linux") return null;
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return found ? Number(found[1]) / 1024 : null;
}
