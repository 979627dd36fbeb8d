// `npm run bench -- retrieval`: how often the right passage is found (XQuAD, words, vectors and both, within and across
// English and Chinese). `--scale 10000,100000` measures time and recall over that many passages instead.
import { cpus } from "node:os";
import { measureRecall, type RecallRow } from "./retrieval/recall.ts";
import { measureScale, type ScaleResult } from "./retrieval/scale.ts";

/** `--scale sizes`, `--questions n` (200), `--no-usearch`, `--titles` (passages carry the article's title), `--json`. */
export async function run(args: readonly string[]): Promise<void> {
  const valueOf = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? args.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) : args[at + 1];
  };
  const sizes = valueOf("--scale");
  if (sizes === undefined) {
    const rows = await measureRecall(args.includes("--titles"));
    print(args, { rows }, () => printRecall(rows));
    return;
  }
  const questions = Number(valueOf("--questions") ?? 200);
  const results: ScaleResult[] = [];
  for (const count of sizes.split(",").map(Number)) {
    results.push(await measureScale({ count, questions, withUsearch: !args.includes("--no-usearch") }));
    if (!args.includes("--json")) printScale(results.slice(-1));
  }
  print(args, { questions, results }, () => undefined);
}

function print(args: readonly string[], value: object, table: () => void): void {
  if (!args.includes("--json")) return table();
  const machine = { date: new Date().toISOString(), cpu: cpus()[0]?.model, cores: cpus().length };
  process.stdout.write(`${JSON.stringify({ ...machine, ...value })}\n`);
}

function printRecall(rows: readonly RecallRow[]): void {
  process.stdout.write("question → passage   method      recall@1  recall@5  MRR@10\n");
  for (const { from, to, method, ...row } of rows) {
    const numbers = [row.recallAt1, row.recallAt5, row.reciprocalRank].map((value) => value.toFixed(3).padStart(8));
    process.stdout.write(`${from} → ${to}              ${method.padEnd(10)}${numbers.join("  ")}\n`);
  }
}

function printScale(results: readonly ScaleResult[]): void {
  for (const result of results) {
    const { passages, bytesPerPassage, textPerSecond, vectorsPerSecond, firstMs } = result;
    process.stdout.write(
      `\n${passages} passages: ${bytesPerPassage.toFixed(0)} bytes each on disk, first question ${firstMs.toFixed(0)} ms; ` +
        `written: text ${textPerSecond.toFixed(0)}/s, vectors ${vectorsPerSecond.toFixed(0)}/s\n`,
    );
    for (const { what, p50Ms, p99Ms, recallAt10 } of result.rows) {
      const recall = recallAt10 === null ? "" : `recall@10 ${recallAt10.toFixed(3)}`;
      process.stdout.write(
        `  ${what.padEnd(48)} P50 ${p50Ms.toFixed(1).padStart(7)} ms  P99 ${p99Ms.toFixed(1).padStart(7)} ms  ${recall}\n`,
      );
    }
  }
}
