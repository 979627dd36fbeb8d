import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { fitGrades, fitReasonSchema } from "../hardware/fit-schemas.ts";
import { catalogueOriginSchema } from "./bundle-schemas.ts";
import { canarySteps } from "./library-errors.ts";

const bytes = z.number();
const sha256 = z.string().nullable();

/** What a file of the catalogue would take here. */
export const catalogueFitSchema = z.object({
  grade: z.enum(fitGrades),
  memoryBytes: bytes,
  tokensPerSecond: z.number().nullable(),
  contextSize: z.number().int(),
  gpuLayers: z.number().int(),
  totalLayers: z.number().int(),
});
export type CatalogueFit = z.infer<typeof catalogueFitSchema>;

/**
 * Perplexity this quantization adds to the unquantized model: measured for `model`, which is not the one it is shown
 * beside, so it compares quantizations and predicts none. `source`: where the figure is published.
 */
export const qualityLossSchema = z.object({
  deltaPerplexity: z.number(),
  klDivergence: z.number().nullable(),
  imatrix: z.boolean(),
  model: z.string(),
  source: z.string(),
});
export type QualityLoss = z.infer<typeof qualityLossSchema>;

export const catalogueEntryFileSchema = z.object({
  quantization: z.string(),
  repo: z.string(),
  /** The same repository on ModelScope. */
  modelscope: z.string().nullable(),
  publisher: z.string(),
  trust: z.enum(["official", "runtime-maintainer", "vetted", "community"]),
  /** In the repository; `%05d` stands for the number of the part. */
  file: z.string(),
  shards: z.number().int(),
  sizeBytes: bytes.nullable(),
  /** The size comes from a rounded label. */
  sizeIsApproximate: z.boolean(),
  sha256,
  /** The only revision the hash is valid for; null = not bound to one. */
  revision: z.string().nullable(),
  /** How much this quantization takes away, as it was measured on one model; null = nobody measured it. */
  qualityLoss: qualityLossSchema.nullable(),
  /** Null = the catalogue does not know enough to say. */
  fit: catalogueFitSchema.nullable(),
});
export type CatalogueEntryFile = z.infer<typeof catalogueEntryFileSchema>;

export const catalogueRoles = ["chat", "code", "vision-ocr", "embedding", "reranker"] as const;

export const catalogueEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  role: z.enum(catalogueRoles),
  sizeClass: z.string(),
  released: z.string().nullable(),
  modalities: z.array(z.string()),
  /** BCP 47 base tags; empty = not stated. */
  languages: z.array(z.string()),
  licence: z.object({
    id: z.string().nullable(),
    name: z.string().nullable(),
    /** Whether and how it may be used commercially, as the catalogue has it. */
    commercial: z.string().nullable(),
    note: z.string().nullable(),
  }),
  /** Billions. */
  totalParametersB: z.number().nullable(),
  activeParametersB: z.number().nullable(),
  contextSize: z.number().int().nullable(),
  /** Can write its reasoning before the answer. */
  reasoning: z.boolean(),
  /** "ok", or what the catalogue lacks. */
  status: z.string(),
  files: z.array(catalogueEntryFileSchema),
  /** The quantization that suits this machine; null = none does, or it is not known. */
  best: z.string().nullable(),
  because: z.array(fitReasonSchema),
  /** Ids of models made from it that are here. */
  installed: z.array(z.string()),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

/** Every filter narrows; an empty list or null does not. */
export const catalogueQuerySchema = z.object({
  /** Words that must all occur in id, name, family, publisher or licence. */
  text: z.string().max(200).default(""),
  roles: z.array(z.enum(catalogueRoles)).default([]),
  languages: z.array(z.string()).default([]),
  licences: z.array(z.string()).default([]),
  /** The best file has one of these grades. */
  grades: z.array(z.enum(fitGrades)).default([]),
  sizeClasses: z.array(z.string()).default([]),
  reasoning: z.boolean().nullable().default(null),
  maxFileBytes: bytes.nullable().default(null),
  limit: z.number().int().min(1).max(10_000).default(10_000),
});
export type CatalogueQuery = z.infer<typeof catalogueQuerySchema>;

export const cataloguePageSchema = z.object({
  /** Date of the catalogue, "YYYY-MM-DD". */
  updated: z.string(),
  origin: catalogueOriginSchema,
  total: z.number().int(),
  entries: z.array(catalogueEntrySchema),
});
export type CataloguePage = z.infer<typeof cataloguePageSchema>;

export const hubKinds = ["huggingface", "modelscope", "url", "folder"] as const;

/** Somewhere models come from. */
export const hubInfoSchema = z.object({
  id: z.string(),
  kind: z.enum(hubKinds),
  baseUrl: z.string(),
  /** Set by the user, not brought along. */
  configured: z.boolean(),
});
export type HubInfo = z.infer<typeof hubInfoSchema>;

export const hubSearchHitSchema = z.object({
  repo: z.string(),
  downloads: z.number().nullable(),
  updatedAt: z.number().nullable(),
  gated: z.boolean(),
  tags: z.array(z.string()),
});
export type HubHit = z.infer<typeof hubSearchHitSchema>;

/** One model in a repository: a GGUF file, or the parts of a split one. */
export const hubModelFileSchema = z.object({
  /** Of the first part. */
  path: z.string(),
  /** Read off the name; null = not in it. */
  quantization: z.string().nullable(),
  parts: z.array(z.object({ path: z.string(), sizeBytes: bytes, sha256 })),
  sizeBytes: bytes,
});
export type HubModelFile = z.infer<typeof hubModelFileSchema>;

export const hubRepositorySchema = z.object({
  /** Id of a known hub, else its address; accepted wherever a hub is asked for. */
  hub: z.string(),
  repo: z.string(),
  /** Commit. */
  revision: z.string(),
  gated: z.boolean(),
  licence: z.string().nullable(),
  /** GGUF only, smallest first. */
  files: z.array(hubModelFileSchema),
  /** Formats of other weights that lie there, such as "safetensors". */
  otherFormats: z.array(z.string()),
  /** Of a repository without GGUF: what comes closest. `repo`: the same model as GGUF at this hub; null = none found. */
  nearest: z.object({ format: z.string(), quantization: z.string(), repo: z.string().nullable() }).nullable(),
});
export type HubRepository = z.infer<typeof hubRepositorySchema>;

/** One hub in a comparison. */
export const hubSpeedSchema = z.object({
  /** Accepted wherever a hub is asked for. */
  hub: z.string(),
  /** With connection and redirects; null = it failed. */
  bytesPerSecond: z.number().nullable(),
  receivedBytes: bytes,
  /** The same bytes as the first hub that answered; null = it failed. */
  sameFile: z.boolean().nullable(),
  error: errorDataSchema.nullable(),
});
export type HubSpeed = z.infer<typeof hubSpeedSchema>;

export const hubComparisonSchema = z.object({
  repo: z.string(),
  /** The file that was measured. */
  file: z.string(),
  speeds: z.array(hubSpeedSchema),
});
export type HubComparison = z.infer<typeof hubComparisonSchema>;

export const downloadStates = [
  "waiting",
  "running",
  "paused",
  "checking",
  "testing",
  "done",
  "cancelled",
  "failed",
] as const;
export type DownloadState = (typeof downloadStates)[number];

/** All but "user" go on by themselves: with room on the disk, when the hours begin, when a hub answers again. */
export const downloadPauseReasons = ["user", "no-space", "schedule", "network"] as const;

export const downloadSchema = z.object({
  id: z.string(),
  repo: z.string(),
  revision: z.string(),
  /** What is fetched, to show: the first file. */
  file: z.string(),
  quantization: z.string().nullable(),
  state: z.enum(downloadStates),
  pausedBy: z.enum(downloadPauseReasons).nullable(),
  /** When it goes on or is tried again by itself; null = not at a known time. */
  resumesAt: z.number().nullable(),
  receivedBytes: bytes,
  totalBytes: bytes,
  /** Null = not running, or too early to say. */
  bytesPerSecond: z.number().nullable(),
  etaMs: z.number().nullable(),
  /** Where the bytes come from at the moment: id of the hub. */
  source: z.string().nullable(),
  /** Ids of the hubs it can come from, in order. */
  sources: z.array(z.string()),
  /** Place in the queue, from 0. */
  position: z.number().int(),
  startedAt: z.number(),
  /** Set when "done". */
  modelId: z.string().nullable(),
  /** Set when "failed", and when a lack of space or of a network paused it. */
  error: errorDataSchema.nullable(),
});
export type Download = z.infer<typeof downloadSchema>;

/** A snapshot first, at most ten a second, then exactly one in a final state. A pause does not end it. */
export const downloadEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), download: downloadSchema }),
  z.object({ type: z.literal("done"), download: downloadSchema, result: z.lazy(() => pullResultSchema) }),
  z.object({ type: z.literal("cancelled"), download: downloadSchema }),
  z.object({ type: z.literal("failed"), download: downloadSchema, error: errorDataSchema }),
]);
export type DownloadEvent = z.infer<typeof downloadEventSchema>;

/** What a finished download left; also the last line of `models pull --json`. */
export const pullResultSchema = z.object({
  /** Id of the model. */
  id: z.string(),
  /** Absolute path; of the first part. */
  file: z.string(),
  bytes,
  sha256: z.string(),
  revision: z.string(),
  /** Address of the hub the bytes came from. */
  source: z.string(),
});
export type PullResult = z.infer<typeof pullResultSchema>;

export const downloadRequestSchema = z.object({
  repo: z.string().min(1).max(300),
  /** A file of the repository, or a quantization such as "Q4_K_M"; null = the one that suits this machine. */
  file: z.string().max(500).nullable().default(null),
  /** Branch, tag or commit; null = the newest. */
  revision: z.string().max(200).nullable().default(null),
  /** Id or base address of a hub; null = those of the settings, in order. */
  hub: z.string().max(500).nullable().default(null),
  /** `host` or `host:port` in a private network that this hub may hand its files out from. */
  fileHosts: z.array(z.string().max(300)).max(20).default([]),
  /** Id of a folder; null = the first. */
  folder: z.string().nullable().default(null),
});
export type DownloadRequest = z.input<typeof downloadRequestSchema>;

export const storedVersionSchema = z.object({
  /** Names this version inside its model. */
  key: z.string(),
  /** Null for a linked file that was not hashed yet. */
  sha256,
  revision: z.string().nullable(),
  /** Address of a hub, or "import". */
  source: z.string(),
  sizeBytes: bytes,
  addedAt: z.number(),
  /** A candidate was fetched and not yet found good. */
  state: z.enum(["current", "previous", "candidate"]),
});
export type StoredModelVersion = z.infer<typeof storedVersionSchema>;

/** A model of the store as the library shows it. */
export const storedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
  repo: z.string().nullable(),
  licence: z.string().nullable(),
  /** Id of its folder; null = outside, only linked. */
  folder: z.string().nullable(),
  /** Absolute, of the first part; null while there is only a candidate. */
  path: z.string().nullable(),
  linked: z.boolean(),
  /** Stays at its revision: no update is offered. */
  pinned: z.boolean(),
  /** The one in use first. */
  versions: z.array(storedVersionSchema),
  /** All versions; 0 for a linked one, whose bytes are not ours. */
  diskBytes: bytes,
  problem: errorDataSchema.nullable(),
});
export type StoredModelInfo = z.infer<typeof storedModelSchema>;

export const trashedModelSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  name: z.string(),
  sizeBytes: bytes,
  deletedAt: z.number(),
});

export const modelFolderSchema = z.object({
  id: z.string(),
  path: z.string(),
  modelBytes: bytes,
  trashBytes: bytes,
  /** Null = cannot be reached. */
  freeBytes: bytes.nullable(),
  totalBytes: bytes.nullable(),
  problem: errorDataSchema.nullable(),
});

export const storageSchema = z.object({
  models: z.array(storedModelSchema),
  trash: z.array(trashedModelSchema),
  /** The first takes new models unless another is asked for. */
  folders: z.array(modelFolderSchema),
});
export type LibraryStorage = z.infer<typeof storageSchema>;

/** A model file of another program: can be used where it lies. */
export const foreignModelSchema = z.object({
  program: z.string(),
  name: z.string(),
  path: z.string(),
  sizeBytes: bytes,
  /** Already linked as this model. */
  modelId: z.string().nullable(),
});
export type ForeignModel = z.infer<typeof foreignModelSchema>;

/**
 * What a GGUF file says about itself, before or after it is fetched. A file the engine cannot run has none: the question
 * ends in GGUF_UNSUPPORTED with its architecture.
 */
export const ggufFactsSchema = z.object({
  architecture: z.string(),
  kind: z.enum(["model", "adapter"]),
  name: z.string().nullable(),
  licence: z.string().nullable(),
  quantization: z.string(),
  parameters: z.number(),
  contextSize: z.number().int().nullable(),
  layers: z.number().int().nullable(),
  vocabularySize: z.number().int().nullable(),
  tokenizer: z.string().nullable(),
  chatTemplate: z.string().nullable(),
  fileBytes: bytes,
  headerBytes: bytes,
  /** Bytes by type of tensor, largest first. */
  tensorTypes: z.array(z.object({ type: z.string(), tensors: z.number().int(), bytes })),
  warnings: z.array(z.enum(["no-chat-template", "no-licence", "no-context-length", "old-version", "low-quality"])),
});
export type GgufFacts = z.infer<typeof ggufFactsSchema>;

/** A model was loaded in a process of its own and answered a known question. */
export const canaryReportSchema = z.object({
  model: z.string(),
  at: z.number(),
  passed: z.boolean(),
  /** Where it stopped; null when it passed. */
  step: z.enum(canarySteps).nullable(),
  detail: z.string(),
  loadMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
});
export type CanaryReport = z.infer<typeof canaryReportSchema>;

export const verifyReportSchema = z.object({
  id: z.string(),
  file: z.string(),
  bytes,
  sha256: z.string(),
  /** Null = nobody said what it should be. */
  expected: sha256,
  ok: z.boolean(),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;
