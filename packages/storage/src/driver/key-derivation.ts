import { hkdfSync } from "node:crypto";
import { deskError } from "@deskside/contract";

export const dataKeyLength = 32;

/**
 * A subkey of the data key for one purpose (HKDF-SHA256, `label` as info). Same key and label, same subkey.
 * Throws KEY_UNAVAILABLE when the data key is not 32 bytes.
 */
export function deriveKey(dataKey: Uint8Array, label: string, length = 32): Uint8Array {
  if (dataKey.length !== dataKeyLength) throw deskError("KEY_UNAVAILABLE", { reason: "damaged", path: null });
  return new Uint8Array(hkdfSync("sha256", dataKey, new Uint8Array(0), `deskside/${label}`, length));
}

/** What encrypts one database file. The salt is derived too, so that a damaged first page takes no other page along. */
export interface FileKey {
  readonly cipherKey: Buffer;
  readonly salt: Buffer;
}

export function deriveFileKey(dataKey: Uint8Array, fileName: string): FileKey {
  return {
    cipherKey: Buffer.from(deriveKey(dataKey, `${fileName}/cipher`)),
    salt: Buffer.from(deriveKey(dataKey, `${fileName}/salt`, 16)),
  };
}
