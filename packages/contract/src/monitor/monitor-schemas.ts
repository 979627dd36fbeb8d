import { z } from "zod";

/**
 * One reading of the machine. Null = not reported here, never zero. Bytes, watts, degrees Celsius, hertz,
 * bytes a second, percent 0–100.
 */
export const monitorSampleSchema = z.object({
  at: z.number(),
  cpu: z.object({ utilisation: z.number().nullable(), temperature: z.number().nullable() }),
  memory: z.object({
    totalBytes: z.number(),
    usedBytes: z.number(),
    /** Resident memory of the backend and its engines. */
    desksideBytes: z.number().nullable(),
  }),
  disk: z.object({
    freeBytes: z.number().nullable(),
    readPerSecond: z.number().nullable(),
    writePerSecond: z.number().nullable(),
  }),
  gpus: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      utilisation: z.number().nullable(),
      vramTotalBytes: z.number().nullable(),
      vramUsedBytes: z.number().nullable(),
      /** Of the used bytes, what Deskside's engines hold. */
      weightsBytes: z.number().nullable(),
      kvBytes: z.number().nullable(),
      bufferBytes: z.number().nullable(),
      temperature: z.number().nullable(),
      power: z.number().nullable(),
      clock: z.number().nullable(),
      pcieReceivePerSecond: z.number().nullable(),
      pcieSendPerSecond: z.number().nullable(),
      nvlinkPerSecond: z.number().nullable(),
    }),
  ),
  engine: z.object({
    /** Of all engine processes, over all devices; 0 without an engine. */
    residentBytes: z.number().nullable(),
    weightsBytes: z.number().nullable(),
    kvBytes: z.number().nullable(),
    bufferBytes: z.number().nullable(),
    slots: z.number().int(),
    running: z.number().int(),
    waiting: z.number().int(),
    tokensPerSecond: z.number(),
    /** Tokens written since the sample before. */
    tokens: z.number().int(),
    /** Over the last five minutes, milliseconds. */
    firstTokenP50: z.number().nullable(),
    firstTokenP99: z.number().nullable(),
    /** Engine processes that ended by themselves since the sample before. */
    crashes: z.number().int(),
  }),
});
export type MonitorSample = z.infer<typeof monitorSampleSchema>;

export const monitorRanges = ["1m", "15m", "1h", "24h", "7d"] as const;
export type MonitorRange = (typeof monitorRanges)[number];

/**
 * Columns of equal length, oldest first, named in `monitor-columns.ts`: `values.cpu`, `values["gpu.<id>.power"]`.
 * While nobody looks and no model is loaded, a reading is taken every ten seconds only: a gap is a gap from 30 seconds
 * on, or three times `resolutionMs` where that is more.
 */
export const monitorSeriesSchema = z.object({
  resolutionMs: z.number().int(),
  at: z.array(z.number()),
  gpus: z.array(z.object({ id: z.string(), name: z.string() })),
  values: z.record(z.string(), z.array(z.number().nullable())),
});
export type MonitorSeries = z.infer<typeof monitorSeriesSchema>;

export const alertMetrics = [
  "vram-percent",
  "gpu-temperature",
  "first-token-p99",
  "crashes-per-hour",
  "free-disk",
  "memory-percent",
] as const;
export const alertRuleSchema = z.object({
  id: z.string().min(1).max(100),
  metric: z.enum(alertMetrics),
  direction: z.enum(["above", "below"]),
  /** In the metric's unit: percent, °C, ms, count, bytes. */
  threshold: z.number(),
  durationMs: z.number().int().min(0).max(86_400_000),
  enabled: z.boolean(),
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const alertStateSchema = z.object({
  rule: alertRuleSchema,
  /** Newest value; null = not reported. */
  value: z.number().nullable(),
  /** Since when it is active; null = quiet. */
  activeSince: z.number().nullable(),
});
export type AlertState = z.infer<typeof alertStateSchema>;

/** The time of one answer and what the machine did meanwhile. */
export const answerSliceSchema = z.object({
  messageId: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  series: monitorSeriesSchema,
  /** Joules over all GPUs that report power; null where none does. */
  energyJoules: z.number().nullable(),
});
export type AnswerSlice = z.infer<typeof answerSliceSchema>;
