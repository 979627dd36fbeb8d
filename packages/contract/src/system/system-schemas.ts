import { z } from "zod";
import { engineStateSchema } from "../model/model-schemas.ts";
import { alertStateSchema, monitorSampleSchema } from "../monitor/monitor-schemas.ts";

/** What this shell can do for the interface. The interface asks for these, never for the platform. */
export const capabilitiesSchema = z.object({
  windowControls: z.boolean(),
  nativeDialogs: z.boolean(),
  revealInFolder: z.boolean(),
  openExternal: z.boolean(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const systemInfoSchema = z.object({
  versions: z.object({
    deskside: z.string(),
    node: z.string(),
    electron: z.string().nullable(),
    sqlite: z.string(),
    engineLibrary: z.string(),
  }),
  platform: z.string(),
  arch: z.string(),
  shell: z.enum(["desktop", "server"]),
  dataDir: z.string(),
  /** Where the interface may not promise more than this. */
  encryption: z.literal("key-on-this-computer"),
  machine: z.object({ cpu: z.string(), cores: z.number().int(), memoryBytes: z.number() }),
  store: z.object({
    /** Null = normal. Otherwise every change is refused with STORE_READ_ONLY and this reason. */
    readOnly: z.enum(["newer-schema", "read-only-disk", "write-failure"]).nullable(),
    /** A damaged or foreign file was put aside at this start; shown once. */
    quarantined: z
      .object({
        path: z.string(),
        reason: z.enum(["damaged", "foreign", "other-key"]),
        restoredFrom: z.string().nullable(),
      })
      .nullable(),
  }),
});
export type SystemInfo = z.infer<typeof systemInfoSchema>;

/** One connection to another machine, read from the operating system. */
export const connectionSchema = z.object({
  pid: z.number().int(),
  process: z.string(),
  protocol: z.enum(["tcp", "udp"]),
  remoteAddress: z.string(),
  remotePort: z.number().int(),
  /** The name the egress module resolved, when it opened this connection. */
  host: z.string().nullable(),
});

/** The shield. `known: false` means that the system does not show it here: never draw it green. */
export const connectionReadingSchema = z.discriminatedUnion("known", [
  z.object({
    known: z.literal(true),
    at: z.number(),
    connections: z.array(connectionSchema),
    processes: z.number().int(),
  }),
  z.object({
    known: z.literal(false),
    at: z.number(),
    reason: z.enum(["unsupported-system", "no-permission", "failed"]),
  }),
]);
export type ConnectionReading = z.infer<typeof connectionReadingSchema>;

export const egressEntrySchema = z.object({
  id: z.string(),
  at: z.number(),
  host: z.string(),
  port: z.number().int(),
  /** `host:port` of the proxy in between; null = the connection went straight there. */
  proxy: z.string().nullable().default(null),
  purpose: z.string(),
  caller: z.string(),
  result: z.enum(["open", "ok", "blocked", "failed"]),
  reason: z.string().nullable(),
  sentBytes: z.number(),
  receivedBytes: z.number(),
});
export type EgressEntry = z.infer<typeof egressEntrySchema>;

/** One second of the machine. Bytes. `engineBytes` = resident memory of all engine processes. */
export const telemetrySchema = z.object({
  at: z.number(),
  memoryTotalBytes: z.number(),
  memoryUsedBytes: z.number(),
  engineBytes: z.number(),
  desksideBytes: z.number(),
  tokensPerSecond: z.number(),
  connections: connectionReadingSchema,
});
export type Telemetry = z.infer<typeof telemetrySchema>;

/** What changed; windows refetch what they show. `telemetry` comes once a second while somebody listens. */
export const systemEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), engines: z.array(engineStateSchema) }),
  z.object({ type: z.literal("chats") }),
  z.object({ type: z.literal("chat"), chatId: z.string() }),
  z.object({ type: z.literal("settings") }),
  z.object({ type: z.literal("models") }),
  /** One began, ended, or changed its place or state; `library.download.watch` has the bytes. */
  z.object({ type: z.literal("downloads") }),
  /** A collection or its documents changed; `knowledge.ingest.watch` has the progress. */
  z.object({ type: z.literal("knowledge"), collectionId: z.string() }),
  z.object({ type: z.literal("engines"), engines: z.array(engineStateSchema) }),
  z.object({ type: z.literal("telemetry"), telemetry: telemetrySchema }),
  z.object({ type: z.literal("info") }),
  /** The hardware was detected again, or a measurement of it changed. */
  z.object({ type: z.literal("machine") }),
  /** Every second while somebody listens. */
  z.object({ type: z.literal("monitor"), sample: monitorSampleSchema }),
  /** An alert began or ended. */
  z.object({ type: z.literal("alerts"), alerts: z.array(alertStateSchema) }),
]);
export type SystemEvent = z.infer<typeof systemEventSchema>;
