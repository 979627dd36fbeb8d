// `npm run bench -- ingest`: how fast documents are taken in. PDFs beside `pdftotext`, each step by itself over files of
// every kind, and the memory of backend and parser processes over many files.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { comparePdfs } from "./against-pdftotext.ts";
import { makeNotes } from "./documents/make-documents.ts";
import { describeMemory, describePdfs, describeSteps, memoryByPhase } from "./describe.ts";
import { makeMixedSet, measureSteps } from "./steps.ts";
import { ingestInProduct } from "./whole-product.ts";

const parts = ["pdf", "steps", "memory"] as const;

/** `--files=n` (2000) for memory, `--pdfs=n` (8), `--only=pdf,steps,memory`, `--json`. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: "string", default: "2000" },
      pdfs: { type: "string", default: "8" },
      only: { type: "string", default: parts.join() },
      json: { type: "boolean", default: false },
    },
  });
  const only = new Set(values.only.split(","));
  const print = (text: string) => !values.json && process.stdout.write(`${text}\n\n`);
  const folder = mkdtempSync(join(tmpdir(), "deskside-bench-files-"));
  const report: Record<string, unknown> = {};
  try {
    if (only.has("pdf")) {
      const speed = await comparePdfs(folder, Number(values.pdfs));
      report["pdf"] = speed;
      print(describePdfs(speed));
    }
    if (only.has("steps")) {
      const { steps, product } = await measureMixed(folder);
      report["steps"] = { ...steps, product };
      print(describeSteps(steps, product));
    }
    if (only.has("memory")) {
      const notes = join(folder, "notes");
      makeNotes(notes, { count: Number(values.files), seed: 31 });
      const { moments, ...ingested } = await ingestInProduct([notes]);
      const phases = memoryByPhase(moments);
      report["memory"] = { ...ingested, phases };
      print(describeMemory(ingested, phases));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** The steps one after the other, then the same files through the product, which reads and embeds at the same time. */
async function measureMixed(folder: string) {
  const sets = makeMixedSet(folder);
  const steps = await measureSteps(folder, sets);
  const folders = sets.flatMap(({ files }) => (files[0] ? [dirname(files[0].path)] : []));
  const { moments: _, ...product } = await ingestInProduct(folders);
  return { steps, product };
}
