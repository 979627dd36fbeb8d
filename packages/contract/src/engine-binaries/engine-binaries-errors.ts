import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";
import { gpuApis } from "../hardware/hardware-schemas.ts";

/** Failures of fetching and trying the engine's native packages. Whatever failed, what was there before is still used. */
export const engineBinariesErrors = defineErrors({
  /** There is no package for this system whose hash is known. */
  ENGINE_BINARY_UNAVAILABLE: {
    kind: "unsupported",
    data: z.object({ api: z.enum(gpuApis), platform: z.string(), arch: z.string() }),
  },
  /** The part that had come is kept: the next try goes on from there. */
  ENGINE_BINARY_DOWNLOAD_FAILED: {
    kind: "external",
    data: z.object({
      package: z.string(),
      host: z.string(),
      reason: z.enum(["not-found", "http-status", "network", "truncated", "too-large"]),
      status: z.number().nullable(),
      detail: z.string(),
    }),
  },
  /** What came is not what this version was released with. It was deleted. */
  ENGINE_BINARY_HASH_MISMATCH: {
    kind: "external",
    data: z.object({ package: z.string(), host: z.string(), expected: z.string(), actual: z.string() }),
  },
  ENGINE_BINARY_UNPACK_FAILED: {
    kind: "external",
    data: z.object({
      package: z.string(),
      problem: z.enum(["unsafe-path", "not-a-file", "too-large", "not-an-archive", "incomplete"]),
      detail: z.string(),
    }),
  },
  ENGINE_BINARY_NO_SPACE: {
    kind: "exhausted",
    data: z.object({ path: z.string(), neededBytes: z.number(), freeBytes: z.number() }),
  },
  /** Another process fetches the same package. */
  ENGINE_BINARY_BUSY: { kind: "conflict", data: z.object({ package: z.string(), pid: z.number().nullable() }) },
  /** Asked to try a binary that is not on this machine. */
  ENGINE_BINARY_NOT_THERE: { kind: "precondition", data: z.object({ api: z.enum(gpuApis) }) },
});
