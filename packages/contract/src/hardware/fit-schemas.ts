import { z } from "zod";
import { gpuApis } from "./hardware-schemas.ts";

/** Types of the key-value cache, by size. Quantized values need flash attention. */
export const kvTypes = ["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"] as const;
export type KvType = (typeof kvTypes)[number];

/** Memory of one device by what it holds. `name` is "RAM" for the engine process, else the device's name. Bytes. */
export const deviceMemorySchema = z.object({
  name: z.string(),
  weightsBytes: z.number(),
  kvBytes: z.number(),
  /** Compute, output and recurrent-state buffers. */
  bufferBytes: z.number(),
  /** Driver context and allocator; for RAM the process itself. */
  overheadBytes: z.number(),
  /** The sum. */
  bytes: z.number(),
});
export type DeviceMemory = z.infer<typeof deviceMemorySchema>;

/** What a load will use, or used. `memoryBytes` = sum over devices; RAM is the engine's peak resident set. */
export const memoryUseSchema = z.object({
  memoryBytes: z.number(),
  /** Anonymous part of RAM: what the system cannot drop and read again. */
  anonymousBytes: z.number(),
  devices: z.array(deviceMemorySchema),
});
export type MemoryUse = z.infer<typeof memoryUseSchema>;

export const predictionSchema = memoryUseSchema.extend({
  /** At an empty context. Null = no bandwidth is known. */
  tokensPerSecond: z.number().nullable(),
  promptTokensPerSecond: z.number().nullable(),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** How a model is put on a machine. */
export const fitPlanSchema = z.object({
  api: z.enum(gpuApis),
  gpuLayers: z.number().int(),
  /** Repeating layers and the output layer. */
  totalLayers: z.number().int(),
  contextSize: z.number().int(),
  kvType: z.enum(kvTypes),
  slots: z.number().int(),
  threads: z.number().int(),
  batchSize: z.number().int(),
  flashAttention: z.boolean(),
  /** Experts of a mixture stay in RAM. */
  expertsInRam: z.boolean(),
  /** Share of the layers per device; empty without a GPU. */
  devices: z.array(z.object({ id: z.string(), name: z.string(), layers: z.number().int() })),
});
export type FitPlan = z.infer<typeof fitPlanSchema>;

export const fitGrades = ["fits", "tight", "uses-ram", "too-large"] as const;
export type FitGrade = (typeof fitGrades)[number];

export const fitReasonCodes = [
  /** Everything in video memory. data: {device, bytes, budgetBytes} */
  "all-on-gpu",
  /** data: {layers, totalLayers, ramBytes} */
  "part-on-gpu",
  /** data: {ramBytes, freeBytes} */
  "cpu-only-fits",
  /** No usable GPU. data: {reason} one of whyCpuReasons */
  "why-cpu",
  "experts-in-ram",
  /** data: {from, to} tokens */
  "context-reduced",
  /** data: {kvType, savedBytes} */
  "kv-quantized",
  /** data: {quantization, extraBytes, missingBytes}: the next better file and what it would take */
  "next-step",
  /** data: {model, quantization, tokensPerSecond}: better than a smaller quantization of this one */
  "smaller-model-better",
  /** data: {neededBytes, budgetBytes} */
  "too-large",
  /** data: {quantization}: best quality that stays in fast memory */
  "best-quality",
  /** Quality of this quantization is poor or not measured. data: {quantization} */
  "low-quality",
  /** data: {tokensPerSecond} below reading speed */
  "slow",
  /** The speed of RAM was not measured. data: {bytesPerSecond} that was assumed */
  "bandwidth-assumed",
] as const;
export const fitReasonSchema = z.object({
  code: z.enum(fitReasonCodes),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type FitReason = z.infer<typeof fitReasonSchema>;

export const fitReportSchema = z.object({
  model: z.string(),
  quantization: z.string().nullable(),
  grade: z.enum(fitGrades),
  plan: fitPlanSchema,
  predicted: predictionSchema,
  because: z.array(fitReasonSchema),
  /** Other quantizations or models, best first. */
  alternatives: z.array(
    z.object({
      model: z.string(),
      quantization: z.string().nullable(),
      grade: z.enum(fitGrades),
      memoryBytes: z.number(),
      tokensPerSecond: z.number().nullable(),
    }),
  ),
});
export type FitReport = z.infer<typeof fitReportSchema>;

/** One line of "what runs best here". */
export const recommendationSchema = z.object({
  model: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
  grade: z.enum(fitGrades),
  contextSize: z.number().int(),
  gpuLayers: z.number().int(),
  kvType: z.enum(kvTypes),
  predicted: predictionSchema,
  because: z.array(fitReasonSchema),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

/** Why a model runs on the processor. Only where a GPU exists is it worth a line. */
export const whyCpuReasons = [
  "no-gpu",
  "chosen-by-setting",
  "software-gpu",
  "no-engine-binary",
  "driver-missing",
  "driver-too-old",
  "device-not-supported",
  "device-lost",
  "too-little-vram",
  "gpu-test-failed",
  "model-is-tiny",
] as const;
export type WhyCpu = (typeof whyCpuReasons)[number];

/** Why a load failed. Each has a text with a remedy in both languages. */
export const loadCauses = [
  "out-of-ram",
  "out-of-vram",
  "vram-used-by-others",
  "context-too-large",
  "address-space-limit",
  "killed-by-system",
  "gpu-driver-missing",
  "gpu-driver-too-old",
  "gpu-device-lost",
  "gpu-not-supported",
  "gpu-no-device",
  "engine-binary-missing",
  "engine-binary-wrong-cpu",
  "engine-library-missing",
  "file-missing",
  "file-no-permission",
  "file-read-failed",
  "file-truncated",
  "file-damaged",
  "file-changed",
  "split-part-missing",
  "architecture-unknown",
  "tensor-type-unknown",
  "tensor-missing",
  "tensor-shape-wrong",
  "tokenizer-unsupported",
  "kv-type-needs-flash-attention",
  "adapter-does-not-fit",
  "crashed",
  "stalled",
  "unknown",
] as const;
export type LoadCause = (typeof loadCauses)[number];

/** A plan that did not work and the one that was tried next. */
export const loadNoticeSchema = z.object({
  cause: z.enum(loadCauses),
  detail: z.string(),
  failed: fitPlanSchema,
  next: fitPlanSchema,
});
export type LoadNotice = z.infer<typeof loadNoticeSchema>;
