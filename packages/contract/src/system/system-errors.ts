import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

/** Failures of the process, its data directory and its borders. Sizes are bytes. */
export const systemErrors = defineErrors({
  /** Another process owns the data directory. `address` is where it answers, when it said so. */
  ALREADY_RUNNING: {
    kind: "conflict",
    data: z.object({ dataDir: z.string(), pid: z.number().nullable(), address: z.string().nullable() }),
  },
  DATA_DIR_UNUSABLE: {
    kind: "precondition",
    data: z.object({
      path: z.string(),
      reason: z.enum(["not-a-folder", "read-only", "no-permission", "other"]),
      detail: z.string(),
    }),
  },
  /** The file is not a database of ours, is damaged, or was written under another key. Nothing was changed. */
  DATABASE_UNREADABLE: {
    kind: "precondition",
    data: z.object({
      path: z.string(),
      reason: z.enum(["damaged", "foreign", "other-key"]),
      quarantinedTo: z.string().nullable(),
    }),
  },
  /** Written by a newer Deskside: readable, not writable. */
  DATABASE_NEWER: {
    kind: "precondition",
    data: z.object({ path: z.string(), fileVersion: z.number(), appVersion: z.number() }),
  },
  /** A write was refused because the store is open for reading only. */
  STORE_READ_ONLY: {
    kind: "precondition",
    data: z.object({ reason: z.enum(["newer-schema", "read-only-disk", "write-failure"]) }),
  },
  DISK_FULL: { kind: "exhausted", data: z.object({ path: z.string() }) },
  DISK_FAILED: { kind: "external", data: z.object({ path: z.string(), detail: z.string() }) },
  KEY_UNAVAILABLE: {
    kind: "unavailable",
    data: z.object({
      reason: z.enum(["missing", "damaged", "no-permission", "store-locked", "no-protection"]),
      path: z.string().nullable(),
    }),
  },
  PORT_IN_USE: { kind: "conflict", data: z.object({ host: z.string(), port: z.number() }) },
  PORT_DENIED: { kind: "denied", data: z.object({ host: z.string(), port: z.number() }) },
  /** Serving other machines needs TLS and keys, which this version does not have. */
  NOT_LOOPBACK: { kind: "denied", data: z.object({ host: z.string() }) },
  INVALID_INPUT: {
    kind: "invalid-input",
    data: z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) }),
  },
  USAGE: { kind: "invalid-input", data: z.object({ problem: z.string() }) },
  UNSUPPORTED: { kind: "unsupported", data: z.object({ feature: z.string() }) },
  UNAUTHORIZED: { kind: "denied", data: z.object({}) },
  /** The process on the other side went away while it owed an answer. */
  PEER_GONE: { kind: "unavailable", data: z.object({ peer: z.string() }) },
  TIMED_OUT: { kind: "unavailable", data: z.object({ what: z.string(), ms: z.number() }) },
  EGRESS_BLOCKED: {
    kind: "denied",
    data: z.object({
      host: z.string(),
      reason: z.enum([
        "policy",
        "private-address",
        "link-local-address",
        "cross-host-credentials",
        "scheme",
        "too-many-redirects",
        "unresolved",
      ]),
    }),
  },
  /** A proxy of the settings or the environment that cannot be used. `proxy`: without name and password. */
  PROXY_UNUSABLE: {
    kind: "precondition",
    data: z.object({ proxy: z.string(), reason: z.enum(["socks", "not-an-address", "link-local-address"]) }),
  },
  PROXY_UNREACHABLE: {
    kind: "unavailable",
    data: z.object({ proxy: z.string(), host: z.string(), detail: z.string() }),
  },
  /** `sent`: a name and password were given and were not accepted. */
  PROXY_AUTH_REQUIRED: {
    kind: "denied",
    data: z.object({ proxy: z.string(), host: z.string(), sent: z.boolean() }),
  },
  /** The proxy works and does not connect to this host: forbidden there, or not reachable from there. */
  PROXY_REFUSED: {
    kind: "external",
    data: z.object({ proxy: z.string(), host: z.string(), status: z.number() }),
  },
  EGRESS_FAILED: { kind: "external", data: z.object({ host: z.string(), detail: z.string() }) },
  /** A bug. The stack is in the log under `incident`. */
  INTERNAL: { kind: "internal", data: z.object({ incident: z.string() }) },
});
