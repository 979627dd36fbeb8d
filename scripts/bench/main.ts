// `npm run bench [-- name] [options]`: measurements of this tree on this machine. Without a name: the product's speed.
/** Each module exports `run(args)` and prints its table, or with --json one JSON value. */
const benches: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  answers: () => import("./answers/answers.ts"),
  download: () => import("./download.ts"),
  ingest: () => import("./ingest/ingest.ts"),
  memory: () => import("./memory/memory.ts"),
  monitor: () => import("./monitor.ts"),
  predictor: () => import("./predictor.ts"),
  product: () => import("./product.ts"),
  retrieval: () => import("./retrieval.ts"),
  scrub: () => import("./scrub.ts"),
};

const [first = "product", ...rest] = process.argv.slice(2);
const name = first.startsWith("--") ? "product" : first;
const load = benches[name];
if (!load) {
  process.stderr.write(`unknown bench "${name}"; there are: ${Object.keys(benches).join(", ")}\n`);
  process.exit(2);
}
await (await load()).run(first.startsWith("--") ? process.argv.slice(2) : rest);
