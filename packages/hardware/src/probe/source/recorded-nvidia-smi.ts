import type { CommandResult } from "./probe-source.ts";

/** One GPU, keyed by nvidia-smi's query field names. */
export type RecordedGpu = Readonly<Record<string, unknown>>;

/** Units that nvidia-smi prints in CSV headers and behind values, by field. Source: captures of drivers 590–610. */
const units: readonly (readonly [RegExp, string])[] = [
  [/^memory\.|^bar1\.|^fb_memory\./, "MiB"],
  [/^utilization\./, "%"],
  [/^fan\.speed$/, "%"],
  [/^power\.(draw|limit|default_limit|min_limit|max_limit)|^enforced\.power\.limit/, "W"],
  [/^clocks\.(?!throttle|event)/, "MHz"],
];

/**
 * Answers `-L` and any `--query-gpu=… --format=csv…` call from recorded GPUs as nvidia-smi would, `[N/A]` for a field
 * that was not recorded; every other call fails with code 1. What is not an object in the list is no GPU.
 */
export function answerNvidiaSmi(recorded: unknown, args: readonly string[]): CommandResult {
  const gpus = (Array.isArray(recorded) ? recorded : [recorded]).filter(isGpu);
  if (args.length === 1 && (args[0] === "-L" || args[0] === "--list-gpus")) return done(listLines(gpus));
  const query = optionOf(args, "--query-gpu");
  const format =
    optionOf(args, "--format")
      ?.split(",")
      .map((part) => part.trim()) ?? [];
  if (query === null || !format.includes("csv") || args.length > 4) return failed();
  const fields = query
    .split(",")
    .map((field) => field.trim())
    .filter((field) => field.length > 0);
  const plain = format.includes("nounits");
  const lines = gpus.map((gpu, index) => fields.map((field) => valueOf(gpu, field, index, plain)).join(", "));
  if (!format.includes("noheader")) lines.unshift(fields.map(headerOf).join(", "));
  return done(lines);
}

function isGpu(value: unknown): value is RecordedGpu {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionOf(args: readonly string[], name: string): string | null {
  const joined = args.find((arg) => arg.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
}

function listLines(gpus: readonly RecordedGpu[]): string[] {
  return gpus.map((gpu, index) => {
    const [name, uuid] = [textOf(gpu["name"] ?? gpu["gpu_name"]), textOf(gpu["uuid"] ?? gpu["gpu_uuid"])];
    return `GPU ${textOf(gpu["index"]) || index}: ${name || "[N/A]"} (UUID: ${uuid || "[N/A]"})`;
  });
}

function unitOf(field: string): string | null {
  return units.find(([pattern]) => pattern.test(field))?.[1] ?? null;
}

function headerOf(field: string): string {
  const unit = unitOf(field);
  return unit === null ? field : `${field} [${unit}]`;
}

function valueOf(gpu: RecordedGpu, field: string, index: number, plain: boolean): string {
  const text = textOf(gpu[field] ?? (field === "index" ? index : undefined));
  if (text === "") return "[N/A]";
  const unit = unitOf(field);
  if (unit === null || text.startsWith("[")) return text;
  const number = /^-?\d+(?:[.,]\d+)?(?=\s*[A-Za-z%]*$)/.exec(text)?.[0];
  if (number === undefined) return text;
  const own = text.slice(number.length).trim();
  return plain && (own === "" || own === unit) ? number : `${number} ${own || unit}`;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value.replace(/\s+/g, " ").trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function done(lines: readonly string[]): CommandResult {
  return { status: "done", exitCode: 0, stdout: lines.map((line) => `${line}\n`).join(""), stderr: "" };
}

function failed(): CommandResult {
  return { status: "done", exitCode: 1, stdout: "", stderr: "" };
}
