import { type ErrorData, isDesksideError } from "@deskside/base";
import { type ErrorCode, type ErrorDataOf, errorTable, type LoadCause } from "@deskside/contract";
import { bundleErrorParameters } from "./bundle-error-parameters.ts";
import { describeLoadCause } from "./describe-hardware.ts";
import { libraryErrorParameters } from "./library-error-parameters.ts";
import type { Text } from "./use-text.ts";

/** What the button beside an error does. Whoever shows the error runs it, and leaves out what it cannot run. */
export type ErrorActionKind =
  | "retry"
  | "continue"
  | "restart-engine"
  | "choose-model"
  | "new-chat"
  | "open-library"
  | "open-settings"
  | "open-network"
  | "other-source"
  | "reload"
  | "copy-details";

export interface ErrorDescription {
  readonly title: string;
  readonly body: string;
  readonly action?: { readonly label: string; readonly kind: ErrorActionKind };
}

type Parameters = Readonly<Record<string, string | number>>;
type WordError<C extends ErrorCode> = (data: ErrorDataOf<C>, text: Text) => Parameters;

/** Words an error in the language of the interface, from its code and its data alone. */
export function describeError(error: ErrorData, text: Text): ErrorDescription {
  const code = knownCode(error.code);
  const parsed = code === undefined ? undefined : errorTable[code].data.safeParse(error.data);
  if (code === undefined || parsed?.success !== true) return describeUnknown(error, text);
  const write = parameters[code] as (data: unknown, text: Text) => Parameters;
  const words = write(parsed.data, text);
  const kind = actions[code];
  return {
    title: word(text, `errors.${code}.title`, words),
    body: word(text, `errors.${code}.body`, words),
    ...(kind !== undefined && { action: { label: word(text, `errors.${code}.action`, {}), kind } }),
  };
}

/** Any caught value as error data; what is not ours becomes INTERNAL, without its text. */
export function toErrorData(error: unknown): ErrorData {
  return isDesksideError(error) ? error.toData() : { code: "INTERNAL", kind: "internal", data: { incident: "" } };
}

/** For the clipboard: code and data as they came, for a report to whoever helps. */
export function errorDetails(error: ErrorData): string {
  return JSON.stringify({ code: error.code, kind: error.kind, data: error.data }, null, 2);
}

function describeUnknown(error: ErrorData, { t }: Text): ErrorDescription {
  return {
    title: t("errors.other.title"),
    body: t("errors.other.body", { code: error.code }),
    action: { label: t("errors.other.action"), kind: "copy-details" },
  };
}

function knownCode(code: string): ErrorCode | undefined {
  return Object.hasOwn(errorTable, code) ? (code as ErrorCode) : undefined;
}

// Keys made from a code cannot be followed by the compiler; the catalogue is checked to have all of them.
function word(text: Text, key: string, words: Parameters): string {
  const t = text.t as unknown as (key: string, words: Parameters) => string;
  return t(key, words);
}

const actions: Partial<Record<ErrorCode, ErrorActionKind>> = {
  DISK_FULL: "retry",
  DISK_FAILED: "retry",
  PEER_GONE: "retry",
  TIMED_OUT: "retry",
  EGRESS_FAILED: "retry",
  INTERNAL: "copy-details",
  CHAT_NOT_FOUND: "new-chat",
  MESSAGE_NOT_FOUND: "reload",
  GENERATION_NOT_FOUND: "reload",
  CONTEXT_OVERFLOW: "new-chat",
  MODEL_NOT_FOUND: "open-library",
  MODEL_FILE_MISSING: "open-library",
  MODEL_NOT_READABLE: "open-library",
  MANIFEST_INVALID: "open-library",
  HASH_MISMATCH: "open-library",
  GGUF_INVALID: "open-library",
  GGUF_TRUNCATED: "open-library",
  GGUF_UNSUPPORTED: "open-library",
  WRONG_ROLE: "choose-model",
  ENGINE_CRASHED: "continue",
  ENGINE_STALLED: "continue",
  ENGINE_GAVE_UP: "restart-engine",
  ENGINE_START_FAILED: "restart-engine",
  MODEL_NOT_LOADED: "retry",
  MODEL_LOAD_FAILED: "choose-model",
  OUT_OF_MEMORY: "choose-model",
  TEMPLATE_FAILED: "choose-model",
  GENERATION_FAILED: "retry",
  ENGINE_BINARY_DOWNLOAD_FAILED: "retry",
  ENGINE_BINARY_HASH_MISMATCH: "retry",
  ENGINE_BINARY_UNPACK_FAILED: "retry",
  ENGINE_BINARY_NO_SPACE: "retry",
  PROXY_UNUSABLE: "open-network",
  PROXY_UNREACHABLE: "open-network",
  PROXY_AUTH_REQUIRED: "open-network",
  PROXY_REFUSED: "open-network",
  HUB_GATED: "open-network",
  HUB_TOKEN_REFUSED: "open-network",
  HUB_UNAVAILABLE: "retry",
  HUB_RATE_LIMITED: "retry",
  HUB_ANSWER_INVALID: "retry",
  DOWNLOAD_HASH_MISMATCH: "other-source",
  DOWNLOAD_SIZE_MISMATCH: "other-source",
  DOWNLOAD_CHANGED: "retry",
  DOWNLOAD_FAILED: "retry",
  DOWNLOAD_NO_SPACE: "retry",
  DOWNLOAD_NOT_FOUND: "reload",
  MODEL_FOLDER_UNUSABLE: "open-settings",
};

const plain = (data: object): Parameters => data as Parameters;

/** What fills the gaps in the words of each code. A new code does not compile until it is here and in both catalogues. */
const parameters: { [C in ErrorCode]: WordError<C> } = {
  ...libraryErrorParameters,
  ...bundleErrorParameters,
  COLLECTION_NOT_FOUND: plain,
  COLLECTION_NAME_TAKEN: plain,
  DOCUMENT_NOT_FOUND: plain,
  DOCUMENT_MOVED: plain,
  DOCUMENT_ELSEWHERE: plain,
  DOCUMENT_PATH_UNREADABLE: detailed,
  UPLOAD_NOT_FOUND: plain,
  UPLOAD_INCOMPLETE: (data, { format }) => ({
    name: data.name,
    expected: format.bytes(data.expected),
    received: format.bytes(data.received),
  }),
  EMBEDDING_UNAVAILABLE: detailed,
  NOTHING_TO_SEARCH: (data, { format }) => ({
    waiting: format.integer(data.waiting),
    failed: format.integer(data.failed),
  }),
  KNOWLEDGE_SERVER_NOT_SET: plain,
  KNOWLEDGE_SERVER_UNAVAILABLE: detailed,
  KNOWLEDGE_SERVER_UNFIT: (data, { t }) => ({ host: data.host, reason: t(`errors.knowledgeServer.${data.reason}`) }),
  ALREADY_RUNNING: (data, { t }) => ({
    dataDir: data.dataDir,
    pid: data.pid ?? t("errors.parts.noPid"),
    address: data.address ?? t("errors.parts.noAddress"),
  }),
  DATA_DIR_UNUSABLE: (data, { t }) => ({ path: data.path, reason: t(`errors.dataDir.${data.reason}`) }),
  DATABASE_UNREADABLE: (data, { t }) => ({
    path: data.path,
    reason: t(`errors.database.${data.reason}`),
    kept: data.quarantinedTo === null ? "" : t("errors.parts.quarantined", { path: data.quarantinedTo }),
  }),
  DATABASE_NEWER: plain,
  STORE_READ_ONLY: (data, { t }) => ({ reason: t(`errors.readOnly.${data.reason}`) }),
  DISK_FULL: plain,
  DISK_FAILED: detailed,
  KEY_UNAVAILABLE: (data, { t }) => ({
    reason: t(`errors.key.${data.reason}`),
    place: data.path === null ? "" : t("errors.parts.keyPlace", { path: data.path }),
  }),
  PORT_IN_USE: plain,
  PORT_DENIED: plain,
  NOT_LOOPBACK: plain,
  INVALID_INPUT: (data, { t }) => ({
    issues:
      data.issues.map((issue) => [issue.path, issue.message].filter(Boolean).join(": ")).join(t("common.semicolon")) ||
      t("errors.parts.noDetail"),
  }),
  USAGE: plain,
  UNSUPPORTED: plain,
  UNAUTHORIZED: plain,
  PEER_GONE: plain,
  TIMED_OUT: (data, { format }) => ({ what: data.what, time: format.duration(data.ms) }),
  EGRESS_BLOCKED: (data, { t }) => ({ host: data.host, reason: t(`errors.egress.${data.reason}`) }),
  EGRESS_FAILED: detailed,
  INTERNAL: (data, { t }) => ({ incident: data.incident || t("errors.parts.noIncident") }),
  CHAT_NOT_FOUND: plain,
  FOLDER_NOT_FOUND: plain,
  NOT_EDITABLE: plain,
  MESSAGE_NOT_FOUND: plain,
  GENERATION_NOT_FOUND: plain,
  GENERATION_RUNNING: plain,
  CONTEXT_OVERFLOW: (data, { format }) => ({
    promptTokens: format.integer(data.promptTokens),
    contextSize: format.integer(data.contextSize),
    room: format.integer(data.room),
  }),
  MESSAGE_TOO_LARGE: (data, { format }) => ({ size: format.bytes(data.bytes), limit: format.bytes(data.limit) }),
  MESSAGE_EMPTY: plain,
  NOT_CONTINUABLE: plain,
  MODEL_NOT_FOUND: (data, { t }) => ({
    model: data.model,
    nearest:
      data.nearest.length === 0
        ? t("errors.parts.nearestNone")
        : t("errors.parts.nearest", { names: data.nearest.join(t("common.listComma")) }),
  }),
  MODEL_FILE_MISSING: plain,
  MODEL_NOT_READABLE: detailed,
  MANIFEST_INVALID: (data, { t }) => ({
    path: data.path,
    issues: data.issues.slice(0, 5).join(t("common.semicolon")) || t("errors.parts.noDetail"),
  }),
  HASH_MISMATCH: (data) => ({ path: data.path, expected: shortHash(data.expected), actual: shortHash(data.actual) }),
  GGUF_INVALID: (data, { t, format }) => ({
    path: data.path,
    problem: t(`errors.gguf.${data.problem}`),
    at: format.integer(data.at),
  }),
  GGUF_TRUNCATED: (data, { format }) => ({
    path: data.path,
    expected: format.fileSize(data.expectedBytes),
    actual: format.fileSize(data.actualBytes),
  }),
  GGUF_UNSUPPORTED: plain,
  WRONG_ROLE: (data, text) => ({
    model: data.model,
    role: roleWord(data.role, text),
    needed: roleWord(data.needed, text),
  }),
  ENGINE_CRASHED: (data, text) => ({ cause: exitWords(data, text), kept: keptWords(data.keptTokens, text) }),
  ENGINE_STALLED: (data, text) => ({ time: text.format.duration(data.ms), kept: keptWords(data.keptTokens, text) }),
  ENGINE_GAVE_UP: (data, { format }) => ({ model: data.model, failures: format.integer(data.failures) }),
  ENGINE_START_FAILED: detailed,
  MODEL_NOT_LOADED: plain,
  MODEL_LOAD_FAILED: (data, text) => ({ model: data.model, ...causeWords(data.cause, text) }),
  OUT_OF_MEMORY: (data, text) => ({
    needed: text.format.bytes(data.neededBytes),
    free: text.format.bytes(data.freeBytes),
    ...causeWords(data.cause ?? "out-of-ram", text),
  }),
  TEMPLATE_FAILED: (data, { t }) => ({ reason: t(`errors.template.${data.reason}`) }),
  GENERATION_FAILED: detailed,
  SETTING_LOCKED: plain,
  FIXTURE_INVALID: detailed,
  FIT_UNKNOWN: plain,
  BENCH_RUNNING: plain,
  BENCH_NOT_FOUND: plain,
  ENGINE_BINARY_UNAVAILABLE: (data, { t }) => ({ ...data, api: t(`hardware.api.${data.api}`) }),
  ENGINE_BINARY_DOWNLOAD_FAILED: (data, { t }) => ({
    package: data.package,
    host: data.host,
    reason: t(`errors.engineDownload.${data.reason}`, { status: data.status ?? t("errors.parts.noPid") }),
  }),
  ENGINE_BINARY_HASH_MISMATCH: (data) => ({
    package: data.package,
    host: data.host,
    expected: shortHash(data.expected),
    actual: shortHash(data.actual),
  }),
  ENGINE_BINARY_UNPACK_FAILED: (data, { t }) => ({
    package: data.package,
    problem: t(`errors.engineUnpack.${data.problem}`),
  }),
  ENGINE_BINARY_NO_SPACE: (data, { format }) => ({
    path: data.path,
    needed: format.bytes(data.neededBytes),
    free: format.bytes(data.freeBytes),
  }),
  ENGINE_BINARY_BUSY: (data, { t }) => ({ package: data.package, pid: data.pid ?? t("errors.parts.noPid") }),
  ENGINE_BINARY_NOT_THERE: (data, { t }) => ({ api: t(`hardware.api.${data.api}`) }),
};

/** Details come from systems and libraries in their own words; a full stop of theirs would double ours. */
function detailed(data: { detail: string }, { t }: Text): Parameters {
  return { ...data, detail: data.detail.replace(/[.。\s]+$/u, "") || t("errors.parts.noDetail") };
}

function causeWords(cause: LoadCause, text: Text): { cause: string; remedy: string } {
  const { what, remedy } = describeLoadCause(cause, text);
  return { cause: what, remedy };
}

function exitWords(data: { exitCode: number | null; signal: string | null }, { t }: Text): string {
  if (data.signal !== null) return t("errors.parts.signal", { signal: data.signal });
  if (data.exitCode !== null) return t("errors.parts.exitCode", { code: data.exitCode });
  return t("errors.parts.exitUnknown");
}

function keptWords(count: number, { t }: Text): string {
  return count === 0 ? t("errors.parts.keptNothing") : t("errors.parts.keptTokens", { count });
}

function roleWord(role: string, { t }: Text): string {
  return role === "chat" || role === "adapter" || role === "embedding" ? t(`errors.role.${role}`) : role;
}

function shortHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 12)}…` : hash;
}
