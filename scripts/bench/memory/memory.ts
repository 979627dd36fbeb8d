// `npm run bench -- memory`: predicted memory of the engine against what loads really take. `--header=FILE --bytes=N`
// adds a model of which only the header is here; `--json`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  builtInCases,
  type Compared,
  compareMemory,
  errorOf,
  headerCases,
  type MemoryCase,
  shapeCases,
} from "./memory-cases.ts";

interface Row {
  readonly name: string;
  readonly contextSize: number;
  readonly compared: readonly Compared[];
}

export async function run(args: readonly string[]): Promise<void> {
  if (process.platform !== "linux") throw new Error("peak and anonymous memory are read from /proc: Linux only");
  const given = (name: string) => args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const folder = mkdtempSync(join(tmpdir(), "deskside-memory-"));
  try {
    const header = given("header");
    const cases: MemoryCase[] = [
      ...(await builtInCases()),
      ...(await shapeCases(folder)),
      ...(header === undefined ? [] : await headerCases(header, Number(given("bytes")), folder)),
    ];
    const rows: Row[] = [];
    for (const one of cases) {
      rows.push({ name: one.name, contextSize: one.contextSize, compared: await compareMemory(one) });
    }
    process.stdout.write(args.includes("--json") ? `${JSON.stringify(rows)}\n` : describe(rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const kinds = ["peak", "anonymous", "weights", "cache", "buffers"] as const;
const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(bytes < 100 * 2 ** 20 ? 1 : 0);

function describe(rows: readonly Row[]): string {
  const head = ["model", "context", ...kinds];
  const lines = rows.map((row) => [
    row.name,
    String(row.contextSize),
    ...row.compared.map((one) => {
      const error = errorOf(one);
      if (one.measured === null || error === null) return `${mebibytes(one.predicted)} / not logged`;
      const sign = one.predicted < one.measured ? "−" : "+";
      return `${mebibytes(one.predicted)} / ${mebibytes(one.measured)} (${sign}${(error * 100).toFixed(1)} %)`;
    }),
  ]);
  const summary = kinds.map((kind) => {
    const errors = rows
      .flatMap((row) => row.compared.filter(({ what }) => what === kind).map(errorOf))
      .sort((a, b) => Number(a) - Number(b));
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    return `${kind}: median ${percent(errors[errors.length >> 1] ?? 0)}, worst ${percent(errors.at(-1) ?? 0)}`;
  });
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `Predicted / measured, MiB\n\n${table}\n\n${summary.join("\n")}\n`;
}
