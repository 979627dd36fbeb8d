import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deskError } from "@deskside/contract";
import type { z } from "zod";
import {
  type CatalogueFile,
  type CatalogueGpu,
  type CatalogueModel,
  type CatalogueQuant,
  gpusFileSchema,
  modelsFileSchema,
  quantsFileSchema,
} from "./catalogue-schemas.ts";

/** Facts about public models, quantizations and graphics cards, compiled from named sources. */
export interface Catalogue {
  readonly updated: string;
  readonly models: readonly CatalogueModel[];
  readonly quants: readonly CatalogueQuant[];
  readonly gpus: readonly CatalogueGpu[];
  /** Peak bandwidth by kind of memory, 10^9 bytes a second. */
  readonly systemMemory: readonly { readonly config: string; readonly bandwidthGBs: number }[];
  /** Constants of the speed formula, as they lie in the file. */
  readonly predictor: Readonly<Record<string, unknown>>;
  /** Of the quantizations' figures, by the names in their `sources`. */
  readonly sourceUrls: ReadonlyMap<string, string>;
}

/** Far above what the files take; a foreign file must not fill the memory. */
const maxFileBytes = 16 * 1024 * 1024;

/** The three files as they were parsed from JSON, nothing checked. */
export interface CatalogueTables {
  readonly models: unknown;
  readonly quants: unknown;
  readonly gpus: unknown;
}

/**
 * Reads `models.json`, `quants.json` and `gpus.json` in `directory`. Throws MANIFEST_INVALID {path, issues} for the
 * first file that is missing, not JSON or not as expected: facts that are half right would give wrong advice.
 */
export async function loadCatalogue(directory: string): Promise<Catalogue> {
  return parseCatalogue(await readCatalogueTables(directory), (table, issues) =>
    deskError("MANIFEST_INVALID", { path: table === null ? directory : join(directory, `${table}.json`), issues }),
  );
}

/** As they lie there, to be signed. Throws MANIFEST_INVALID. */
export async function readCatalogueTables(directory: string): Promise<CatalogueTables> {
  return {
    models: await readTable(join(directory, "models.json")),
    quants: await readTable(join(directory, "quants.json")),
    gpus: await readTable(join(directory, "gpus.json")),
  };
}

/** @param refuse makes the error; `table` null = the tables do not go together */
export function parseCatalogue(
  tables: CatalogueTables,
  refuse: (table: keyof CatalogueTables | null, issues: string[]) => Error,
): Catalogue {
  const check = <Schema extends z.ZodType>(table: keyof CatalogueTables, schema: Schema): z.infer<Schema> => {
    const parsed = schema.safeParse(tables[table]);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.slice(0, 20).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw refuse(table, issues);
  };
  const models = check("models", modelsFileSchema);
  const quants = check("quants", quantsFileSchema);
  const gpus = check("gpus", gpusFileSchema);
  const twice = firstTwice(models.models.map((model) => model.id)) ?? firstTwice(gpus.gpus.map((gpu) => gpu.id));
  if (twice !== null) throw refuse(null, [`id: ${twice} is there twice`]);
  return {
    updated: models.updated,
    models: models.models,
    quants: quants.types,
    gpus: gpus.gpus,
    systemMemory: gpus.systemMemory.table,
    predictor: gpus.predictor,
    sourceUrls: sourceUrlsOf(quants.sourceIndex),
  };
}

/** Where the figures of `quants` are published, by the name they are cited under. */
function sourceUrlsOf(index: Record<string, unknown>): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const [name, source] of Object.entries(index)) {
    const url = typeof source === "string" ? source : urlIn(source);
    if (url !== null) urls.set(name, url);
  }
  return urls;
}

function urlIn(source: unknown): string | null {
  if (typeof source !== "object" || source === null || !("url" in source)) return null;
  return typeof source.url === "string" ? source.url : null;
}

async function readTable(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, "utf8");
    if (text.length > maxFileBytes) throw new Error(`larger than ${maxFileBytes} bytes`);
    return JSON.parse(text);
  } catch (error) {
    throw deskError("MANIFEST_INVALID", { path, issues: [String(error)] }, { cause: error });
  }
}

function firstTwice(ids: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
}

export interface FoundModel {
  readonly model: CatalogueModel;
  /** null = no file of this quantization, or none asked for. */
  readonly file: CatalogueFile | null;
}

/**
 * A model by `id` or `id:quantization`, both without regard to case. The file is that of the most trusted publisher;
 * between equals the one with a known size. null = no such model, or not in this quantization.
 */
export function findCatalogueModel(catalogue: Catalogue, name: string): FoundModel | null {
  const [id = "", quantization] = name.trim().toLowerCase().split(":");
  const model = catalogue.models.find((candidate) => candidate.id.toLowerCase() === id);
  if (!model) return null;
  if (quantization === undefined) return { model, file: null };
  const file = catalogueFilesOf(model).find((candidate) => candidate.quant.toLowerCase() === quantization);
  return file ? { model, file } : null;
}

const trustOrder = ["official", "runtime-maintainer", "vetted", "community"];

/** All files of a model, most trusted publisher first, known sizes first. */
export function catalogueFilesOf(model: CatalogueModel): readonly CatalogueFile[] {
  return model.ggufRepos
    .flatMap((repository) => repository.files.map((file) => ({ file, trust: trustOrder.indexOf(repository.trust) })))
    .sort((a, b) => a.trust - b.trust || Number(sizeOf(a.file) === null) - Number(sizeOf(b.file) === null))
    .map(({ file }) => file);
}

function sizeOf(file: CatalogueFile): number | null {
  return file.sizeBytes ?? file.sizeBytesApprox;
}
