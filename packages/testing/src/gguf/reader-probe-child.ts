import { isDesksideError } from "@deskside/base";
import type { ProbeAnswer } from "./child-probe.ts";
import { peakMemoryBytes } from "./peak-memory.ts";

const [module, exportName] = process.argv.slice(2) as [string, string];
const exported: Record<string, unknown> = await import(module);
const read = exported[exportName] as (path: string) => Promise<unknown>;

async function answer(path: string): Promise<ProbeAnswer> {
  const started = performance.now();
  let outcome: ProbeAnswer["outcome"] = "accepted";
  let detail = "";
  try {
    await read(path);
  } catch (error) {
    // An error without a type is a bug of the reader, however well it ended.
    outcome = isDesksideError(error) ? "refused" : "failed";
    detail = isDesksideError(error) ? JSON.stringify(error.toData()) : String(error);
  }
  return { outcome, detail, ms: performance.now() - started, peakBytes: peakMemoryBytes() };
}

process.on("message", (request: { path: string }) => {
  void answer(request.path).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ outcome: "ready", detail: "" } satisfies ProbeAnswer);
