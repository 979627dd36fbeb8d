import { errorDataSchema } from "@deskside/contract";
import { z } from "zod";
import type { DownloadRequest } from "../download-types.ts";
import type { ByteRange } from "../transfer/byte-ranges.ts";

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const range = z.tuple([count, count]).refine(([start, end]) => start < end);
const ranges = z.array(range).max(100_000);

const sourceSchema = z.object({ url: z.string().max(8192), name: z.string().max(256) });
const fileSchema = z.object({
  path: z.string().min(1).max(1024),
  sizeBytes: count,
  sha256: sha256.nullable(),
  sources: z.array(sourceSchema).min(1).max(64),
  blockHashes: z
    .object({
      blockBytes: z
        .number()
        .int()
        .min(4096)
        .max(2 ** 30),
      sha256: z.array(sha256).max(1_000_000),
    })
    .exactOptional(),
});

/** Also what a caller's request must be. */
export const downloadRequestSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  files: z.array(fileSchema).min(1).max(1000),
  targetFolder: z.string().min(1).max(4096),
});

export const keptStates = ["active", "paused", "failed", "done"] as const;

/** One line of the journal. Later lines about the same thing replace earlier ones. */
export const journalLineSchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("request"), v: z.literal(1), request: downloadRequestSchema, order: z.number() }),
  z.object({ t: z.literal("order"), order: z.number() }),
  /** The system's start in which the `written` of the following lines hold. */
  z.object({ t: z.literal("boot"), id: z.string().max(100) }),
  z.object({
    t: z.literal("bytes"),
    file: count,
    /** Handed to the system: outlives this process, not a power loss. */
    written: ranges,
    /** On the disk. */
    synced: ranges,
    sources: z.array(z.string().max(256)).max(64),
    /** ETag or date of the file these bytes are of. */
    validator: z.string().max(2048).nullable(),
  }),
  z.object({
    t: z.literal("verified"),
    file: count,
    sha256,
    wasExpected: z.boolean(),
    source: z.string().max(2048).nullable(),
  }),
  z.object({ t: z.literal("state"), state: z.enum(keptStates), error: errorDataSchema.nullable() }),
]);
export type JournalLine = z.infer<typeof journalLineSchema>;
export type KeptState = (typeof keptStates)[number];
export type VerifiedLine = Extract<JournalLine, { t: "verified" }>;

export interface KeptFile {
  readonly done: readonly ByteRange[];
  readonly synced: readonly ByteRange[];
  readonly sources: readonly string[];
  readonly validator: string | null;
  readonly verified: VerifiedLine | null;
}

/** What a journal says, with `done` being what can be relied on now. */
export interface JournalRecord {
  readonly request: DownloadRequest;
  readonly order: number;
  readonly state: KeptState;
  readonly error: z.infer<typeof errorDataSchema> | null;
  readonly files: readonly KeptFile[];
}

const nothing: KeptFile = { done: [], synced: [], sources: [], validator: null, verified: null };

/**
 * Reads lines up to the first that is broken (torn by a power loss): what comes after it cannot be older than what it
 * said. Null when not even the request is there.
 */
export function readJournalLines(text: string, bootId: string): JournalRecord | null {
  let record: JournalRecord | null = null;
  let isSameBoot = false;
  for (const line of text.split("\n").slice(0, -1)) {
    const entry = parseLine(line);
    if (!entry) break;
    if (entry.t === "request") {
      const { request, order } = entry;
      record = { request, order, state: "active", error: null, files: request.files.map(() => nothing) };
    } else if (entry.t === "boot") isSameBoot = entry.id === bootId;
    else if (record) record = applyLine(record, entry, isSameBoot);
  }
  return record;
}

function parseLine(line: string): JournalLine | null {
  try {
    return journalLineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // Not JSON: a torn line, which the caller treats as the end.
    return null;
  }
}

/** What is added to a journal that is open. */
export type JournalChange = Exclude<JournalLine, { t: "request" | "boot" }>;

export function applyLine(record: JournalRecord, entry: JournalChange, isSameBoot: boolean): JournalRecord {
  if (entry.t === "order") return { ...record, order: entry.order };
  if (entry.t === "state") return { ...record, state: entry.state, error: entry.error };
  const files = record.files.map((kept, index) => {
    if (index !== entry.file) return kept;
    if (entry.t === "verified") return { ...kept, verified: entry };
    const { synced, written, sources, validator } = entry;
    return { done: isSameBoot ? written : synced, synced, sources, validator, verified: null };
  });
  return { ...record, files };
}

/** The shortest journal that says the same. */
export function writeJournalLines(record: JournalRecord, bootId: string): string {
  const lines: JournalLine[] = [
    { t: "request", v: 1, request: withoutTokens(record.request), order: record.order },
    { t: "boot", id: bootId },
  ];
  record.files.forEach((kept, file) => {
    const { done, synced, sources, validator, verified } = kept;
    const written = done.map(toTuple);
    if (done.length > 0) {
      lines.push({ t: "bytes", file, written, synced: synced.map(toTuple), sources: [...sources], validator });
    }
    if (verified) lines.push(verified);
  });
  lines.push({ t: "state", state: record.state, error: record.error });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

const toTuple = ([start, end]: ByteRange): [number, number] => [start, end];

type PlainRequest = z.infer<typeof downloadRequestSchema>;

/** Tokens are never written down. */
function withoutTokens(request: DownloadRequest): PlainRequest {
  const files = request.files.map(({ path, sizeBytes, sha256: hash, sources, blockHashes }) => ({
    path,
    sizeBytes,
    sha256: hash,
    sources: sources.map(({ url, name }) => ({ url, name })),
    ...(blockHashes ? { blockHashes: { blockBytes: blockHashes.blockBytes, sha256: [...blockHashes.sha256] } } : {}),
  }));
  return { id: request.id, files, targetFolder: request.targetFolder };
}
