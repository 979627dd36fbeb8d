import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

const hub = z.string();
const file = z.string();
/** Name of the hub or address the bytes came from. */
const source = z.string();
/** Lower-case hexadecimal SHA-256, or a number of bytes as text. */
const sha256 = z.string();

export const canarySteps = ["validate", "load", "prompt", "speed"] as const;
export type CanaryStep = (typeof canarySteps)[number];

/** Failures of finding, fetching, checking and keeping model files. What was there before is still used. Bytes. */
export const libraryErrors = defineErrors({
  NOT_ATTACHED: { kind: "not-found", data: z.object({ model: z.string(), attachmentId: z.string() }) },
  HUB_REPO_NOT_FOUND: { kind: "not-found", data: z.object({ repo: z.string(), hub }) },
  /**
   * The publisher wants an agreement first; `url` is where to give it. `signedIn`: a token was sent, and its account has
   * not agreed or was not let in yet. `host`: whose token it takes.
   */
  HUB_GATED: {
    kind: "denied",
    data: z.object({ repo: z.string(), hub, url: z.string(), host: z.string(), signedIn: z.boolean() }),
  },
  /** The token for this host is wrong or has run out. */
  HUB_TOKEN_REFUSED: { kind: "denied", data: z.object({ hub, host: z.string() }) },
  HUB_TOKEN_NOT_FOUND: { kind: "not-found", data: z.object({ host: z.string() }) },
  /** `nearest`: files or quantizations the repository does have. */
  HUB_FILE_NOT_FOUND: {
    kind: "not-found",
    data: z.object({ repo: z.string(), wanted: z.string(), nearest: z.array(z.string()) }),
  },
  HUB_UNAVAILABLE: { kind: "external", data: z.object({ hub, status: z.number().nullable(), detail: z.string() }) },
  HUB_RATE_LIMITED: { kind: "exhausted", data: z.object({ hub, retryAfterMs: z.number().nullable() }) },
  HUB_ANSWER_INVALID: { kind: "external", data: z.object({ hub, detail: z.string() }) },
  /** The bytes were put aside and never become a model. */
  DOWNLOAD_HASH_MISMATCH: {
    kind: "external",
    data: z.object({ file, source, expected: sha256, actual: sha256 }),
  },
  DOWNLOAD_SIZE_MISMATCH: {
    kind: "external",
    data: z.object({ file, source, expected: z.number(), actual: z.number() }),
  },
  /** The publisher replaced the file while it was fetched. */
  DOWNLOAD_CHANGED: { kind: "external", data: z.object({ file, source }) },
  /** No source answered. What had come is kept. */
  DOWNLOAD_FAILED: { kind: "external", data: z.object({ file, source, detail: z.string() }) },
  DOWNLOAD_NO_SPACE: {
    kind: "exhausted",
    data: z.object({ path: z.string(), neededBytes: z.number(), freeBytes: z.number() }),
  },
  /** For a command that was waiting for it. What had come is kept, and the same command goes on from there. */
  DOWNLOAD_PAUSED: {
    kind: "precondition",
    data: z.object({ downloadId: z.string(), receivedBytes: z.number(), totalBytes: z.number() }),
  },
  DOWNLOAD_NOT_FOUND: { kind: "not-found", data: z.object({ downloadId: z.string() }) },
  /** `nearest`: the GGUF type that comes closest; `where`: a repository that has it. */
  UNSUPPORTED_FORMAT: {
    kind: "unsupported",
    data: z.object({ format: z.string(), nearest: z.string().nullable(), where: z.string().nullable() }),
  },
  MODEL_IN_USE: { kind: "conflict", data: z.object({ model: z.string() }) },
  /** Another file lies where the model was: another size, or replaced by the program it belongs to. */
  MODEL_FILE_CHANGED: {
    kind: "precondition",
    data: z.object({ model: z.string(), path: z.string(), expectedBytes: z.number(), actualBytes: z.number() }),
  },
  MODEL_FOLDER_UNUSABLE: { kind: "precondition", data: z.object({ path: z.string(), detail: z.string() }) },
  /** The file is whole and as published, and still does not run. The version before it stays in use. */
  CANARY_FAILED: {
    kind: "precondition",
    data: z.object({ model: z.string(), step: z.enum(canarySteps), detail: z.string() }),
  },
});
