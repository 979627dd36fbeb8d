import type { PdfSpeed } from "./against-pdftotext.ts";
import type { StepRow, Steps } from "./steps.ts";
import type { Ingested, Moment, Timings } from "./whole-product.ts";

export interface PhaseMemory {
  /** Mean resident MiB. */
  readonly backend: number;
  /** Mean and most of one parser process, over the moments with one; null where there was none. */
  readonly parser: number | null;
  readonly parserMost: number | null;
}

const phaseNames = ["1st quarter", "2nd", "3rd", "4th", "vectors alone"];

/** For each quarter of the files and for the time after; null: too short to be seen. */
export function memoryByPhase(moments: readonly Moment[]): (PhaseMemory | null)[] {
  return phaseNames.map((_, phase) => {
    const own = moments.filter((moment) => moment.phase === phase);
    if (own.length === 0) return null;
    const parsers = own.flatMap((moment) => moment.parsers);
    return {
      backend: mean(own.map(({ backend }) => backend)),
      parser: parsers.length === 0 ? null : mean(parsers),
      parserMost: parsers.length === 0 ? null : Math.max(...parsers),
    };
  });
}

export function describePdfs({ files, pages, ours, pdftotext }: PdfSpeed): string {
  const rates = (all: number, onePage: number) => [pages / all, 1 / onePage, (pages - files) / (all - files * onePage)];
  const own = rates(ours.all, ours.onePage);
  const theirs = pdftotext && rates(pdftotext.all, pdftotext.onePage);
  const names = ["whole files", "files of one page", "pages after the first"];
  const rows = names.map((name, at) => {
    const [mine = Number.NaN, other] = [own[at], theirs?.[at]];
    return [`${name}, pages/s`, mine.toFixed(1), other?.toFixed(1) ?? "–", other ? (mine / other).toFixed(3) : "–"];
  });
  const characters = [ours.characters, pdftotext?.characters] as const;
  const found = characters[1] === undefined ? ["–", "–"] : [`${characters[1]}`, ratio(characters[0], characters[1])];
  const head = [`${files} PDFs, ${pages} pages`, "ours", "pdftotext", "ratio"];
  const table = tableOf([head, ...rows, ["characters found", `${characters[0]}`, ...found]]);
  return pdftotext === null ? `${table}\npdftotext (poppler) is not installed: our figures alone.` : table;
}

export function describeSteps({ rows, processes, startSeconds }: Steps, product: Timings): string {
  const total = rows.reduce(
    (sum, row) => ({
      ...{ kind: "all", files: sum.files + row.files, pages: sum.pages + row.pages },
      ...{ passages: sum.passages + row.passages, tokens: sum.tokens + row.tokens },
      ...{ parse: sum.parse + row.parse, recognise: sum.recognise + row.recognise },
      ...{ chunk: sum.chunk + row.chunk, embed: sum.embed + row.embed },
    }),
    { kind: "", files: 0, pages: 0, passages: 0, tokens: 0, parse: 0, recognise: 0, chunk: 0, embed: 0 },
  );
  const all = stepsOf(total).reduce((sum, seconds) => sum + seconds, 0);
  const cells = (row: StepRow) => [
    ...[row.kind, row.files, row.pages, row.passages, row.tokens].map(String),
    ...stepsOf(row).map((seconds) => seconds.toFixed(2)),
  ];
  const shares = stepsOf(total).map((seconds) => `${((100 * seconds) / all).toFixed(1)} %`);
  const head = ["kind", "files", "pages", "passages", "tokens", "parse, s", "OCR, s", "chunk, s", "embed, s"];
  const start = processes * startSeconds;
  return [
    tableOf([head, ...[...rows, total].map(cells), ["share", "", "", "", "", ...shares]]),
    `Of parsing, ${processes} processes that start: at least ${startSeconds.toFixed(2)} s each, ${start.toFixed(1)} of ${total.parse.toFixed(1)} s.`,
    `Embedding: ${(total.tokens / total.embed).toFixed(0)} tokens/s.`,
    `The same files through the product: read after ${product.readSeconds.toFixed(1)} s, all vectors after ${product.seconds.toFixed(1)} s; the steps together ${all.toFixed(1)} s.`,
    ...(rows.some(({ kind }) => kind === "PDF of scans")
      ? []
      : ["pdftoppm (poppler) is not installed: scans were not measured."]),
  ].join("\n");
}

export function describeMemory(
  { files, passages, readSeconds, seconds, afterwards }: Omit<Ingested, "moments">,
  phases: readonly (PhaseMemory | null)[],
): string {
  const time =
    `${files} files, ${passages} passages: read after ${readSeconds.toFixed(0)} s (${(files / readSeconds).toFixed(1)} files/s), ` +
    `all vectors after ${seconds.toFixed(0)} s`;
  if (afterwards === null) return `${time}\nResident memory is read from /proc: Linux only.`;
  const row = (name: string, of: (phase: PhaseMemory) => number | null, after: string) => [
    name,
    ...phases.map((phase) => (phase && of(phase))?.toFixed(0) ?? "–"),
    after,
    growth(phases.map((phase) => phase && of(phase))),
  ];
  const table = tableOf([
    ["resident, MiB", ...phaseNames, "10 s later", "last to first quarter"],
    row("backend, mean", ({ backend }) => backend, afterwards.backend.toFixed(0)),
    row("a parser process, mean", ({ parser }) => parser, "–"),
    row("a parser process, most", ({ parserMost }) => parserMost, "–"),
  ]);
  return `${table}\n${time}`;
}

function growth([first, , , last]: readonly (number | null)[]): string {
  if (typeof first !== "number" || typeof last !== "number") return "–";
  return `${last < first ? "−" : "+"}${Math.abs(last - first).toFixed(0)} (× ${ratio(last, first)})`;
}

function stepsOf({ parse, recognise, chunk, embed }: Omit<StepRow, "kind">): number[] {
  return [parse, recognise, chunk, embed];
}

function ratio(part: number, whole: number): string {
  return (part / whole).toFixed(2);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** As a table of Markdown; the first row is its head. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
