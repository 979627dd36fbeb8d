import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { loadCauses, whyCpuReasons } from "../hardware/fit-schemas.ts";
import { gpuApis } from "../hardware/hardware-schemas.ts";

export const engineBinaryStates = ["bundled", "fetched", "fetchable", "damaged", "unavailable"] as const;

/** Why the binary of an API does not help this machine, or cannot be used on it. */
export const engineBinaryObstacles = [
  /** No package for this system and processor whose hash is known. */
  "no-package",
  /** No device of the kind the API drives. */
  "no-device",
  "driver-missing",
  /** The driver is older than the CUDA version needs. */
  "driver-too-old",
  /** libcudart and libcublas of CUDA 12 or 13: they come with the CUDA toolkit, not with the driver. */
  "cuda-runtime-missing",
  /** The device is older than every CUDA version here supports. */
  "device-not-supported",
] as const;
export type EngineBinaryObstacle = (typeof engineBinaryObstacles)[number];

/** What came of loading the built-in starter model on an API and decoding one token. */
export const engineBinaryTrialSchema = z.object({
  api: z.enum(gpuApis),
  at: z.number(),
  passed: z.boolean(),
  /** Null when it passed, and on the processor alone. A software device passes and says "software-gpu". */
  whyCpu: z.enum(whyCpuReasons).nullable(),
  cause: z.enum(loadCauses).nullable(),
  /** What the library or the system said, for "Copy details". */
  detail: z.string(),
  devices: z.array(z.string()),
  /** From the start of the process to the first token. */
  ms: z.number(),
});
export type EngineBinaryTrial = z.infer<typeof engineBinaryTrialSchema>;

/** Bytes of the archives still to come and of all archives; `null` = nothing is being fetched. */
export const engineBinaryProgressSchema = z.object({
  stage: z.enum(["download", "unpack"]),
  package: z.string(),
  receivedBytes: z.number(),
  totalBytes: z.number(),
});
export type EngineBinaryProgress = z.infer<typeof engineBinaryProgressSchema>;

export const engineBinarySchema = z.object({
  api: z.enum(gpuApis),
  state: z.enum(engineBinaryStates),
  packages: z.array(z.string()),
  /** What is still to be fetched, and the room it takes on the disk afterwards. */
  downloadBytes: z.number(),
  unpackedBytes: z.number(),
  /** Fetching it, or having it, makes a device of this machine usable or faster. */
  helps: z.boolean(),
  obstacle: z.enum(engineBinaryObstacles).nullable(),
  /** What the obstacle is about: needed and found version, missing library. */
  detail: z.string(),
  progress: engineBinaryProgressSchema.nullable(),
  /** Of this binary with this driver; null = not tried yet. */
  trial: engineBinaryTrialSchema.nullable(),
});
export type EngineBinary = z.infer<typeof engineBinarySchema>;

export const engineBinariesSchema = z.object({
  libraryVersion: z.string(),
  /** Where fetched packages are: of this user, whichever data directory. */
  folder: z.string(),
  registry: z.string(),
  freeBytes: z.number().nullable(),
  binaries: z.array(engineBinarySchema),
  /** Packages of other library versions: other versions of Deskside may still use them. */
  otherVersions: z.array(z.object({ version: z.string(), bytes: z.number() })),
});
export type EngineBinaries = z.infer<typeof engineBinariesSchema>;

/** A snapshot first, then about ten a second, then exactly one of the last three. */
export const engineBinaryFetchEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), progress: engineBinaryProgressSchema }),
  z.object({ type: z.literal("done") }),
  z.object({ type: z.literal("cancelled") }),
  z.object({ type: z.literal("failed"), error: errorDataSchema }),
]);
export type EngineBinaryFetchEvent = z.infer<typeof engineBinaryFetchEventSchema>;
