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
}

/** Far above what the files take; a foreign file must not fill the memory. */
const maxFileBytes = 16 * 1024 * 1024;

/**
 * Reads `models.json`, `quants.json` and `gpus.json` in `directory`. Throws MANIFEST_INVALID {path, issues} for the
 * first file that is missing, not JSON or not as expected: facts that are half right would give wrong advice.
 */
export async function loadCatalogue(directory: string): Promise<Catalogue> {
  const models = await readTable(join(directory, "models.json"), modelsFileSchema);
  const quants = await readTable(join(directory, "quants.json"), quantsFileSchema);
  const gpus = await readTable(join(directory, "gpus.json"), gpusFileSchema);
  const twice = firstTwice(models.models.map((model) => model.id)) ?? firstTwice(gpus.gpus.map((gpu) => gpu.id));
  if (twice !== null) throw deskError("MANIFEST_INVALID", { path: directory, issues: [`id: ${twice} is there twice`] });
  return {
    updated: models.updated,
    models: models.models,
    quants: quants.types,
    gpus: gpus.gpus,
    systemMemory: gpus.systemMemory.table,
    predictor: gpus.predictor,
  };
}

async function readTable<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  let json: unknown;
  try {
    const text = await readFile(path, "utf8");
    if (text.length > maxFileBytes) throw new Error(`larger than ${maxFileBytes} bytes`);
    json = JSON.parse(text);
  } catch (error) {
    throw deskError("MANIFEST_INVALID", { path, issues: [String(error)] }, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw deskError("MANIFEST_INVALID", { path, issues });
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
