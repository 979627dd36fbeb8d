import { createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { replaceFile } from "../driver/durable-files.ts";
import { deriveKey } from "../driver/key-derivation.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

export type KeyCheckResult = "match" | "mismatch" | "absent";

/**
 * A value that only the right key yields, kept beside the store: another key is recognised before anything is touched.
 * It says nothing about the key itself.
 */
export function compareKeyCheck(paths: WorkspacePaths, dataKey: Uint8Array): KeyCheckResult {
  if (!existsSync(paths.keyCheck)) return "absent";
  const stored = readFileSync(paths.keyCheck);
  const expected = keyCheckValue(dataKey);
  return stored.length === expected.length && timingSafeEqual(stored, expected) ? "match" : "mismatch";
}

export function writeKeyCheck(paths: WorkspacePaths, dataKey: Uint8Array): void {
  replaceFile(paths.keyCheck, keyCheckValue(dataKey));
}

function keyCheckValue(dataKey: Uint8Array): Buffer {
  const digest = createHmac("sha256", deriveKey(dataKey, "keycheck")).update("deskside keycheck v1").digest("hex");
  return Buffer.from(`deskside-keycheck-v1 ${digest}\n`);
}
