// The published measurements and what is known of their models and devices, read from `data/`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gpu } from "@deskside/contract";

export interface Measurement {
  readonly id: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly model: string;
  readonly quant: string;
  /** Null = not stated and not to be derived. */
  readonly fileBytes: number | null;
  readonly parameters: number | null;
  readonly backend: string;
  readonly engine: string;
  readonly promptTokensPerSecond: number | null;
  readonly generatedTokens: number;
  readonly tokensPerSecond: number;
  readonly partial: boolean;
  readonly note: string;
}

export interface MeasuredModel {
  readonly layers: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly tied: boolean;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Of one token, in billions. */
  readonly activeB: number | null;
  readonly experts: { readonly total: number; readonly used: number } | null;
  readonly expertBits: number | null;
}

export interface MeasuredGpu {
  readonly name: string;
  readonly vendor: Gpu["vendor"];
  readonly unified: boolean;
  readonly bandwidthGBs: number | null;
  readonly tflops: number | null;
  readonly capability: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

export function readMeasurements(): Measurement[] {
  const rows = read("throughput")["measurements"];
  if (!Array.isArray(rows)) throw new Error("measured-throughput.json: no list of measurements");
  return rows.map((row) => measurementOf(fieldsOf(row)));
}

export function readMeasuredModels(): ReadonlyMap<string, MeasuredModel> {
  return entries(read("models")["models"], (fields) => ({
    layers: number(fields, "layers"),
    hidden: number(fields, "hidden"),
    vocab: number(fields, "vocab"),
    tied: fields["tied"] === true,
    kvHeads: number(fields, "kvHeads"),
    headDim: number(fields, "headDim"),
    activeB: numberOrNull(fields, "activeB"),
    experts: expertsOf(fields["experts"]),
    expertBits: numberOrNull(fields, "expertBits"),
  }));
}

export function readMeasuredGpus(): ReadonlyMap<string, MeasuredGpu> {
  return entries(read("gpus")["gpus"], (fields) => ({
    name: text(fields, "name"),
    vendor: vendorOf(text(fields, "vendor")),
    unified: fields["unified"] === true,
    bandwidthGBs: numberOrNull(fields, "bandwidthGBs"),
    tflops: numberOrNull(fields, "tflops"),
    capability: isNothing(fields["capability"]) ? null : text(fields, "capability"),
  }));
}

/** A stated size is GiB; of models that exist in one type only, the size is derived without being stated. */
function measurementOf(row: Fields): Measurement {
  const gib = numberOrNull(row, "modelGiB");
  const derived = isNothing(row["derived"]) ? null : numberOrNull(fieldsOf(row["derived"]), "weightBytes");
  const billions = numberOrNull(row, "paramsB");
  return {
    id: text(row, "id"),
    gpu: text(row, "gpu"),
    gpuCount: number(row, "gpuCount"),
    model: text(row, "model"),
    quant: text(row, "quant"),
    fileBytes: gib === null ? derived : gib * 2 ** 30,
    parameters: billions === null ? null : billions * 1e9,
    backend: text(row, "backend"),
    engine: text(row, "engine"),
    promptTokensPerSecond: numberOrNull(row, "ppTps"),
    generatedTokens: numberOrNull(row, "tgTokens") ?? 0,
    tokensPerSecond: number(row, "tgTps"),
    partial: !isNothing(row["offload"]),
    note: isNothing(row["note"]) ? "" : text(row, "note"),
  };
}

function expertsOf(value: unknown): MeasuredModel["experts"] {
  if (isNothing(value)) return null;
  const fields = fieldsOf(value);
  return { total: number(fields, "total"), used: number(fields, "used") };
}

function vendorOf(name: string): Gpu["vendor"] {
  if (name === "nvidia" || name === "amd" || name === "intel" || name === "apple") return name;
  throw new Error(`measured-gpus.json: vendor ${name}`);
}

function read(name: "throughput" | "models" | "gpus"): Fields {
  return fieldsOf(JSON.parse(readFileSync(join(import.meta.dirname, `../data/measured-${name}.json`), "utf8")));
}

function entries<T>(value: unknown, parse: (fields: Fields) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(fieldsOf(value)).map(([key, fields]) => [key, parse(fieldsOf(fields))]));
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new Error(`not an object: ${String(value)}`);
  return value as Fields;
}

function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(`${name}: ${String(value)} is no number`);
  return value;
}

function numberOrNull(fields: Fields, name: string): number | null {
  return isNothing(fields[name]) ? null : number(fields, name);
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new Error(`${name}: ${String(value)} is no text`);
  return value;
}
