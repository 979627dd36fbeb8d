import { errorKinds } from "@deskside/base";
import { childKinds } from "@deskside/contract/shell";
import { z } from "zod";

const idSchema = z.string().min(1).max(80);
const errorSchema = z.object({
  code: z.string(),
  kind: z.enum(errorKinds),
  data: z.record(z.string(), z.unknown()),
});

/**
 * The data key as main could have it. `system-store`: unwrapped by the system's key store. `file`: there is none, the
 * backend keeps the key in a file that only this user can read, as the headless server does.
 */
export const keyResultSchema = z.discriminatedUnion("from", [
  z.object({
    from: z.literal("system-store"),
    key: z.custom<Uint8Array>((key) => key instanceof Uint8Array && key.length === 32, "32 bytes"),
  }),
  z.object({ from: z.literal("file") }),
  z.object({ from: z.literal("nowhere"), error: errorSchema }),
]);
export type KeyResult = z.infer<typeof keyResultSchema>;

/** What the backend needs to know at its start; the first message it gets. */
export const backendStartSchema = z.object({
  dataDir: z.string().min(1),
  modelsDir: z.string().min(1),
  key: keyResultSchema,
  versions: z.object({ deskside: z.string(), node: z.string(), electron: z.string().nullable() }),
});
export type BackendStart = z.infer<typeof backendStartSchema>;

/** Main → backend. `window-port` and `spawned` carry one port. */
export const toBackendSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), start: backendStartSchema }),
  z.object({ type: z.literal("window-port") }),
  z.object({ type: z.literal("spawned"), id: idSchema, pid: z.number().int().optional() }),
  z.object({ type: z.literal("spawn-failed"), id: idSchema, detail: z.string() }),
  z.object({ type: z.literal("child-stderr"), id: idSchema, text: z.string() }),
  z.object({
    type: z.literal("child-exit"),
    id: idSchema,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
  /** The machine woke up: graphics cards get lost in sleep. */
  z.object({ type: z.literal("resume") }),
  z.object({ type: z.literal("shutdown") }),
]);
export type ToBackend = z.infer<typeof toBackendSchema>;

/** Backend → main. Main trusts the shape of nothing it gets. */
export const fromBackendSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("failed"), error: errorSchema }),
  z.object({
    type: z.literal("spawn"),
    id: idSchema,
    kind: z.enum(childKinds).exclude(["backend"]),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(4096)),
    args: z.array(z.string().max(1024)).max(32),
  }),
  z.object({ type: z.literal("kill"), id: idSchema }),
]);
export type FromBackend = z.infer<typeof fromBackendSchema>;

/** Main → child. `connect` carries the port to the backend. */
export const toChildSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connect") }),
  z.object({ type: z.literal("test-message"), id: idSchema, message: z.unknown() }),
  z.object({ type: z.literal("test-exit"), id: idSchema, exitCode: z.number().int() }),
]);
export type ToChild = z.infer<typeof toChildSchema>;

/**
 * The three messages of node-llama-cpp's own test of a binary. The path is checked by main against the folders that
 * hold the product's binaries before anything happens with it.
 */
export const binaryTestMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.enum(["start", "test"]),
    bindingBinaryPath: z.string().max(4096),
    extBackendsPath: z.string().max(4096).optional(),
    gpu: z.union([z.literal(false), z.enum(["cuda", "vulkan", "metal"])]),
  }),
  z.object({ type: z.literal("exit") }),
]);

/** Child → main: run the binary test in a process of its own. Everything else is refused. */
export const fromChildSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("test-fork"), id: idSchema }),
  z.object({ type: z.literal("test-send"), id: idSchema, message: z.unknown() }),
  z.object({ type: z.literal("test-kill"), id: idSchema }),
]);
export type FromChild = z.infer<typeof fromChildSchema>;
