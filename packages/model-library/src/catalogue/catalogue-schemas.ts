import { z } from "zod";

/** Schemas of `models/catalogue/*.json`: strict on what is used, deaf to keys nobody reads. null = not found in a source. */
const count = z.number().int().nonnegative().nullable();
const length = z.number().int().positive().nullable();
const bytes = z.number().int().positive().nullable();
const text = z.string().min(1);
const textOrNull = text.nullable();
const sources = z.array(z.string());
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();

const slidingWindowSchema = z.looseObject({
  /** Tokens. */
  window: length,
  /** Layers that keep a window only. */
  layers: count,
  pattern: z.string(),
  kvHeads: count.optional(),
  headDim: length.optional(),
});

const recurrentSchema = z.looseObject({
  kind: text,
  convKernel: length,
  stateDim: length,
  keyHeads: length,
  valueHeads: length,
  innerSize: length,
  layers: count,
});

const expertsSchema = z.looseObject({
  experts: length,
  activeExperts: length,
  sharedExperts: count.optional(),
  expertFfn: length.optional(),
  denseLayers: count.optional(),
});

const latentSchema = z.looseObject({
  kvLoraRank: z.number().int().positive(),
  qLoraRank: length,
  ropeDim: z.number().int().positive(),
  ggufKeyLength: z.number().int().positive(),
  ggufValueLength: z.number().int().positive(),
});

/** Dimensions for advice before a download; once a file is there, its header wins. */
export const catalogueArchSchema = z.looseObject({
  /** Name of the architecture in GGUF files. */
  gguf: text,
  attention: z.enum(["gqa", "mha", "mla", "iswa", "hybrid", "encoder", "v4-sparse"]),
  layers: length,
  hidden: length,
  heads: length,
  kvHeads: count,
  headDim: length,
  valueDim: length,
  ffn: length,
  vocab: length,
  contextTrained: length,
  /** null = all. */
  fullAttentionLayers: count,
  swa: slidingWindowSchema.nullable(),
  sharedKvLayers: count,
  recurrent: recurrentSchema.nullable(),
  moe: expertsSchema.nullable(),
  mla: latentSchema.nullable(),
  kvHeadsFull: count.optional(),
  headDimFull: length.optional(),
  valueDimFull: length.optional(),
});

export const catalogueFileSchema = z.looseObject({
  quant: text,
  /** `%05d` stands for the number of the part. */
  file: text,
  shards: z.number().int().positive(),
  /** Exact. */
  sizeBytes: bytes,
  /** From a rounded label: ±5 % below 1 GB, ±1 % above. */
  sizeBytesApprox: bytes,
  sha256,
  sha256Revision: textOrNull,
  sources,
});

const catalogueRepositorySchema = z.looseObject({
  host: text.optional(),
  repo: text,
  modelscope: textOrNull,
  publisher: text,
  trust: z.enum(["official", "runtime-maintainer", "vetted", "community"]),
  note: z.string().nullable(),
  files: z.array(catalogueFileSchema),
});

export const catalogueModelSchema = z.looseObject({
  id: text,
  name: text,
  family: text,
  role: z.enum(["chat", "code", "vision-ocr", "embedding", "reranker"]),
  sizeClass: text,
  released: textOrNull,
  /** "ok", or what is missing: never chosen by itself then. */
  status: text,
  modalities: z.array(z.string()),
  /** BCP 47 base tags; absent = nobody looked it up. */
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).optional(),
  license: z.looseObject({ id: textOrNull, name: textOrNull, commercial: textOrNull, note: z.string().nullable() }),
  original: z.looseObject({ huggingface: textOrNull, modelscope: textOrNull }),
  /** In billions. */
  params: z.looseObject({
    totalB: z.number().positive().nullable(),
    activeB: z.number().positive().nullable(),
    exactB: z.number().positive().nullable(),
    fromF16FileB: z.number().positive().nullable().optional(),
  }),
  arch: catalogueArchSchema,
  ggufRepos: z.array(catalogueRepositorySchema),
  sources,
});

const qualitySchema = z.looseObject({
  imatrix: z.boolean(),
  deltaPpl: z.number().nullable(),
  klDivergence: z.number().nullable(),
});

export const catalogueQuantSchema = z.looseObject({
  type: text,
  /** Number in `general.file_type`. */
  ggufFileType: z.number().int().nullable(),
  kind: text,
  tier: text,
  mainBlock: z.looseObject({ weights: z.number(), bytes: z.number(), bits: z.number() }).nullable(),
  effectiveBitsPerWeight: z.record(z.string(), z.number().nullable()).nullable(),
  quality: z.looseObject({ "llama3-8b": z.array(qualitySchema).nullable() }).nullable(),
  needsImatrix: z.boolean().nullable(),
  note: z.string().nullable(),
  sources,
});

export const catalogueGpuSchema = z.looseObject({
  id: text,
  name: text,
  vendor: text,
  formFactor: text,
  architecture: textOrNull,
  memoryGB: z.array(z.number().positive()),
  unifiedMemory: z.boolean().nullable(),
  /** Peak, in 10^9 bytes a second. */
  bandwidthGBs: z.number().positive().nullable(),
  tflopsApprox: z.number().positive().nullable(),
  computeCapability: textOrNull,
  gfx: textOrNull,
  /** Regular expressions that ignore case. */
  namePatterns: z.array(text),
  note: z.string().nullable(),
});

const sourceIndex = z.record(z.string(), z.unknown());
export const modelsFileSchema = z.looseObject({
  schemaVersion: z.literal(1),
  updated: text,
  sourceIndex,
  models: z.array(catalogueModelSchema).min(1),
});
export const quantsFileSchema = z.looseObject({
  schemaVersion: z.literal(1),
  updated: text,
  sourceIndex,
  types: z.array(catalogueQuantSchema).min(1),
  kvCache: z.looseObject({ bytesPerElement: z.record(z.string(), z.number().positive()) }),
});
export const gpusFileSchema = z.looseObject({
  schemaVersion: z.literal(1),
  updated: text,
  sourceIndex,
  gpus: z.array(catalogueGpuSchema).min(1),
  systemMemory: z.looseObject({ table: z.array(z.looseObject({ config: text, bandwidthGBs: z.number().positive() })) }),
  predictor: z.looseObject({}),
});

export type CatalogueModel = z.infer<typeof catalogueModelSchema>;
export type CatalogueFile = z.infer<typeof catalogueFileSchema>;
export type CatalogueQuant = z.infer<typeof catalogueQuantSchema>;
export type CatalogueGpu = z.infer<typeof catalogueGpuSchema>;
