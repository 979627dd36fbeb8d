import type { ErrorCode } from "@deskside/contract";
import { knowledgeErrors, knowledgeServerReasons } from "./knowledge/knowledge-errors.ts";
import { bundleErrorParts, bundleErrorWords } from "./library/bundle-errors.ts";
import { libraryErrorParts, libraryErrorWords } from "./library/library-errors.ts";

/** Words of one error: what happened, what is kept and why, and what the button does. */
interface ErrorWords {
  readonly title: string;
  readonly body: string;
  readonly action?: string;
}

const codes = {
  ...libraryErrorWords,
  ...bundleErrorWords,
  ...knowledgeErrors,
  ALREADY_RUNNING: {
    title: "Deskside is already running",
    body: "Another Deskside (process {{pid}}) uses {{dataDir}}. Nothing was changed. It answers at {{address}}.",
  },
  DATA_DIR_UNUSABLE: {
    title: "The data folder cannot be used",
    body: "{{path}}: {{reason}}. Nothing was written. Choose another folder or correct its permissions.",
  },
  DATABASE_UNREADABLE: {
    title: "The database could not be read",
    body: "{{path}} {{reason}}. Nothing in it was changed. {{kept}}",
  },
  DATABASE_NEWER: {
    title: "Written by a newer Deskside",
    body: "{{path}} has version {{fileVersion}}; this Deskside knows version {{appVersion}}. Everything can be read, nothing is changed. Update Deskside to write again.",
  },
  STORE_READ_ONLY: {
    title: "Not saved: the data is open for reading only",
    body: "{{reason}}. What was saved before is kept.",
  },
  DISK_FULL: {
    title: "The disk is full",
    body: "There is no room left to write {{path}}. What was saved before is kept. Free some space, then try again.",
    action: "Try again",
  },
  DISK_FAILED: {
    title: "The disk refused to write",
    body: "{{path}}: {{detail}}. What was saved before is kept.",
    action: "Try again",
  },
  KEY_UNAVAILABLE: {
    title: "The encryption key cannot be read",
    body: "{{reason}}{{place}}. Chats stay encrypted on the disk and are not changed.",
  },
  PORT_IN_USE: {
    title: "Port {{port}} is taken",
    body: "Another program already answers at {{host}}:{{port}}. Choose another port.",
  },
  PORT_DENIED: {
    title: "Port {{port}} is not allowed",
    body: "The system does not let Deskside listen at {{host}}:{{port}}. Choose a port from 1024 up.",
  },
  NOT_LOOPBACK: {
    title: "Only this computer can be served",
    body: "{{host}} is reachable from other machines. That needs encryption and keys, which this version does not have. Use 127.0.0.1.",
  },
  INVALID_INPUT: {
    title: "This value is not accepted",
    body: "{{issues}}. Nothing was changed.",
  },
  USAGE: {
    title: "The command is not understood",
    body: "{{problem}}",
  },
  UNSUPPORTED: {
    title: "Not in this version",
    body: "This version cannot do this yet ({{feature}}). Nothing was changed.",
  },
  UNAUTHORIZED: {
    title: "This address has no valid token",
    body: "Open the address that Deskside printed when it started; it carries the token of this session.",
  },
  PEER_GONE: {
    title: "No connection to Deskside",
    body: "The part that does the work went away before it answered ({{peer}}). What was saved is kept. The connection comes back by itself.",
    action: "Try again",
  },
  TIMED_OUT: {
    title: "No answer in time",
    body: "{{what}} did not answer within {{time}}. What was saved is kept.",
    action: "Try again",
  },
  EGRESS_BLOCKED: {
    title: "Connection blocked",
    body: "A connection to {{host}} was not made: {{reason}}. Nothing was sent.",
  },
  EGRESS_FAILED: {
    title: "{{host}} did not answer",
    body: "{{detail}}. Everything on this computer works as before.",
    action: "Try again",
  },
  INTERNAL: {
    title: "A fault in Deskside",
    body: "Something unforeseen failed. What was saved is kept. The log names it under {{incident}}.",
    action: "Copy details",
  },
  FOLDER_NOT_FOUND: {
    title: "This folder does not exist any more",
    body: "It was removed, perhaps in another window. Its chats are kept in the list.",
  },
  NOT_EDITABLE: {
    title: "This message cannot be changed",
    body: "It is still being written, or it is of another kind. What you typed is kept.",
  },
  CHAT_NOT_FOUND: {
    title: "This chat is gone",
    body: "It was deleted for good, here or in another window.",
    action: "New chat",
  },
  MESSAGE_NOT_FOUND: {
    title: "This message is gone",
    body: "The chat was changed in another window.",
    action: "Reload",
  },
  GENERATION_NOT_FOUND: {
    title: "This answer is not being written any more",
    body: "It has ended. What was written is in the chat.",
    action: "Reload",
  },
  GENERATION_RUNNING: {
    title: "An answer is being written here",
    body: "A chat writes one answer at a time. Wait for its end, or stop it first.",
  },
  CONTEXT_OVERFLOW: {
    title: "The chat is longer than the model can read",
    body: "The prompt has {{promptTokens}} tokens and needs room for {{room}} more; the context holds {{contextSize}}. Nothing was sent. Shorten the message or start a new chat.",
    action: "New chat",
  },
  MESSAGE_TOO_LARGE: {
    title: "The message is too large",
    body: "It has {{size}}; the most is {{limit}}. Nothing was sent, your text stays in the field.",
  },
  MESSAGE_EMPTY: {
    title: "The message is empty",
    body: "Write something first. Nothing was sent.",
  },
  NOT_CONTINUABLE: {
    title: "This answer cannot be continued",
    body: "Only a stopped answer at the end of the chat can be continued.",
  },
  MODEL_NOT_FOUND: {
    title: "“{{model}}” is not installed",
    body: "{{nearest}} The chat stays readable.",
    action: "Open the library",
  },
  MODEL_FILE_MISSING: {
    title: "The file of {{model}} is missing",
    body: "Expected at {{path}}. It was moved or deleted. Chats are not touched.",
    action: "Open the library",
  },
  MODEL_NOT_READABLE: {
    title: "A model file cannot be read",
    body: "{{path}}: {{detail}}.",
    action: "Open the library",
  },
  MANIFEST_INVALID: {
    title: "The description of a model is not valid",
    body: "{{path}}: {{issues}}. The model is left out, the others work.",
    action: "Open the library",
  },
  HASH_MISMATCH: {
    title: "A model file has changed",
    body: "{{path}} should have the checksum {{expected}} and has {{actual}}. It is not loaded.",
    action: "Open the library",
  },
  GGUF_INVALID: {
    title: "This is not a usable model file",
    body: "{{path}}: {{problem}} (byte {{at}}). It was not loaded.",
    action: "Open the library",
  },
  GGUF_TRUNCATED: {
    title: "The model file is not complete",
    body: "{{path}} has {{actual}} of {{expected}}. The rest is missing; it was not loaded.",
    action: "Open the library",
  },
  GGUF_UNSUPPORTED: {
    title: "This kind of model cannot run here",
    body: "{{path}} is made for the architecture “{{architecture}}”, which Deskside does not know.",
    action: "Open the library",
  },
  WRONG_ROLE: {
    title: "{{model}} is made for something else",
    body: "Its role is {{role}}; here a model for {{needed}} is needed.",
    action: "Choose a model",
  },
  ENGINE_CRASHED: {
    title: "The engine stopped and was restarted",
    body: "{{cause}} {{kept}}",
    action: "Continue",
  },
  ENGINE_STALLED: {
    title: "The engine hung and was replaced",
    body: "It gave no sign of life for {{time}}. {{kept}}",
    action: "Continue",
  },
  ENGINE_GAVE_UP: {
    title: "The engine stopped",
    body: "{{model}} failed {{failures}} times in a row, so it is not tried again by itself. Chats are kept.",
    action: "Restart",
  },
  ENGINE_START_FAILED: {
    title: "The engine does not start",
    body: "{{detail}}. Chats are kept and stay readable.",
    action: "Restart",
  },
  MODEL_NOT_LOADED: {
    title: "No model is loaded",
    body: "Nothing was sent. The model loads when you ask again.",
    action: "Try again",
  },
  MODEL_LOAD_FAILED: {
    title: "{{model}} could not be loaded",
    body: "{{cause}} Chats are kept. {{remedy}}",
    action: "Choose a model",
  },
  OUT_OF_MEMORY: {
    title: "Not enough memory",
    body: "{{needed}} are needed, {{free}} are free. {{cause}} What was written is kept. {{remedy}}",
    action: "Choose a model",
  },
  TEMPLATE_FAILED: {
    title: "The model's chat format failed",
    body: "{{reason}}. Nothing was sent; your text is kept.",
    action: "Choose a model",
  },
  GENERATION_FAILED: {
    title: "The answer broke off",
    body: "{{detail}}. What was written is kept.",
    action: "Try again",
  },
  SETTING_LOCKED: {
    title: "Fixed by your organisation",
    body: "This setting cannot be changed on this computer.",
  },
  FIXTURE_INVALID: {
    title: "The recorded machine cannot be read",
    body: "{{path}}: {{detail}}. Nothing of this computer was read in its place. Correct the recording, then try again.",
  },
  FIT_UNKNOWN: {
    title: "What {{model}} takes is not known yet",
    body: "Its dimensions were not published where the catalogue comes from. Nothing was changed. Once its file is here, the file itself says it.",
  },
  BENCH_RUNNING: {
    title: "A benchmark is running",
    body: "{{model}} is being measured. One runs at a time, so that they do not slow each other. Wait for its end, or stop it first.",
  },
  BENCH_NOT_FOUND: {
    title: "This benchmark is gone",
    body: "It was started before Deskside was, or never. Start it again.",
  },
  ENGINE_BINARY_UNAVAILABLE: {
    title: "There is no {{api}} engine for this system",
    body: "No package for {{platform}} {{arch}} is known whose checksum could be checked. What was used before goes on working.",
  },
  ENGINE_BINARY_DOWNLOAD_FAILED: {
    title: "The engine could not be fetched",
    body: "{{package}} from {{host}}: {{reason}}. What had come is kept, the next try goes on from there. Until then the engine that is there is used.",
    action: "Try again",
  },
  ENGINE_BINARY_HASH_MISMATCH: {
    title: "The fetched engine is not the released one",
    body: "{{package}} from {{host}} should have the checksum {{expected}} and has {{actual}}. It was deleted and is not used; the engine that is there goes on working.",
    action: "Try again",
  },
  ENGINE_BINARY_UNPACK_FAILED: {
    title: "The fetched engine could not be unpacked",
    body: "{{package}}: {{problem}}. Nothing of it is used; the engine that is there goes on working.",
    action: "Try again",
  },
  ENGINE_BINARY_NO_SPACE: {
    title: "Not enough disk for the engine",
    body: "{{path}} has {{free}} free, {{needed}} are needed. Nothing was fetched. Free some space, then try again.",
    action: "Try again",
  },
  ENGINE_BINARY_BUSY: {
    title: "The engine is already being fetched",
    body: "Another Deskside (process {{pid}}) fetches {{package}}. Wait until it has ended.",
  },
  ENGINE_BINARY_NOT_THERE: {
    title: "The {{api}} engine is not installed",
    body: "It can be tried once it was fetched. Nothing was changed.",
  },
} as const satisfies Record<ErrorCode, ErrorWords>;

export const errors = {
  ...codes,
  other: {
    title: "Something failed",
    body: "Deskside has no words for this error ({{code}}). What was saved is kept.",
    action: "Copy details",
  },
  parts: {
    keptTokens_one: "The one token that was written is kept.",
    keptTokens_other: "All {{count}} tokens are kept.",
    keptNothing: "Nothing had been written yet; the question is kept.",
    exitCode: "The process ended with code {{code}}.",
    signal: "The process was ended by {{signal}}.",
    exitUnknown: "The process ended.",
    quarantined: "It was put aside as {{path}}.",
    keyPlace: " ({{path}})",
    nearest: "Close to it: {{names}}.",
    nearestNone: "No installed model has a name like it.",
    noAddress: "an address that it did not tell",
    noPid: "unknown",
    noDetail: "no details",
    noIncident: "no number",
  },
  dataDir: {
    "not-a-folder": "there is a file with this name",
    "read-only": "the disk is read-only",
    "no-permission": "no permission to write",
    other: "the system refused it",
  },
  database: {
    damaged: "is damaged",
    foreign: "is not a database of Deskside",
    "other-key": "was encrypted with another key",
  },
  readOnly: {
    "newer-schema": "It was written by a newer Deskside",
    "read-only-disk": "The disk or the folder cannot be written",
    "write-failure": "Writing to the disk failed",
  },
  key: {
    missing: "The key file is missing",
    damaged: "The key file is damaged",
    "no-permission": "No permission to read the key",
    "store-locked": "The system's key store is locked",
    "no-protection": "The system offers no protected place for keys",
  },
  egress: {
    policy: "the settings do not allow it",
    "private-address": "the name leads to an address inside a private network",
    "link-local-address": "the name leads to an address of this network's own machinery",
    "cross-host-credentials": "it would have passed credentials to another host",
    scheme: "only https is allowed",
    "too-many-redirects": "it was passed on too many times",
    unresolved: "the name is not known",
  },
  engineDownload: {
    "not-found": "the package is not there",
    "http-status": "the server answered {{status}}",
    network: "the connection broke",
    truncated: "the connection ended too early",
    "too-large": "more came than was announced",
  },
  engineUnpack: {
    "unsafe-path": "it names a file outside its folder",
    "not-a-file": "it contains something that is no plain file",
    "too-large": "it is larger than announced",
    "not-an-archive": "it is not an archive",
    incomplete: "a part of it is missing",
  },
  template: {
    time: "It took too long",
    memory: "It used too much memory",
    output: "It produced too much text",
    syntax: "It contains a mistake",
    raised: "It refused this chat",
    content: "It lost part of the chat",
  },
  gguf: {
    "not-gguf": "it is not in the GGUF format",
    "other-byte-order": "it was made for machines with another byte order",
    "unsupported-version": "its format version is not supported",
    "header-too-large": "its header is larger than any real one",
    "count-out-of-range": "it announces an impossible number of entries",
    "string-out-of-range": "a text in it is longer than the file allows",
    "bad-text": "a text in it is not readable",
    "unknown-value-type": "it contains an unknown kind of value",
    "nested-array": "it contains lists inside lists",
    "duplicate-key": "a name occurs twice in it",
    "missing-key": "a necessary entry is missing",
    "bad-value": "an entry has an impossible value",
    "unknown-tensor-type": "it contains an unknown kind of weights",
    "bad-dimensions": "weights in it have impossible sizes",
    "bad-alignment": "its parts are not aligned",
    "bad-offset": "weights in it lie outside the file",
    truncated: "the file ends too early",
    "split-file": "it is one part of a model in several files",
  },
  libraryParts: libraryErrorParts,
  bundleParts: bundleErrorParts,
  knowledgeServer: knowledgeServerReasons,
  role: {
    chat: "chat",
    adapter: "adapter",
    embedding: "search in documents",
  },
} as const;
