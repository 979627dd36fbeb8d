import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** Raw public key, then Ed25519 signature (RFC 8032). Bytes. */
const publicKeyBytes = 32;
export const signatureBytes = publicKeyBytes + 64;

/** What stands before a raw key in DER (RFC 8410). */
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** A signature over a manifest must not pass as one over anything else. */
const purpose = Buffer.from("deskside-bundle 1\n", "utf8");

/** What signs the bundles of one installation. */
export interface BundleSigner {
  /** Raw, 32 bytes. */
  readonly publicKey: Buffer;
  readonly fingerprint: string;
  sign(manifest: Uint8Array): Buffer;
}

/** @param seed 32 secret bytes: the same seed is the same key */
export function createBundleSigner(seed: Uint8Array): BundleSigner {
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: "der", type: "pkcs8" });
  const publicKey = rawPublicKey(createPublicKey(key));
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    sign: (manifest) => Buffer.concat([publicKey, sign(null, Buffer.concat([purpose, manifest]), key)]),
  };
}

/** The raw public key when the signature holds; null when it does not. */
export function verifyBundle(manifest: Uint8Array, signature: Uint8Array): Buffer | null {
  if (signature.length !== signatureBytes) return null;
  const publicKey = Buffer.from(signature.subarray(0, publicKeyBytes));
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: "der", type: "spki" });
  const good = verify(null, Buffer.concat([purpose, manifest]), key, signature.subarray(publicKeyBytes));
  return good ? publicKey : null;
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(publicPrefix.length);
}

/** SHA-256 of the raw public key in groups of four hexadecimal digits, for people to compare. */
export function fingerprintOf(publicKey: Uint8Array): string {
  const digits = createHash("sha256").update(publicKey).digest("hex");
  return (digits.match(/.{4}/g) ?? []).join(" ");
}

/** The same fingerprint however it was typed: without spaces, in capitals. Null = none. */
export function parseFingerprint(text: string): string | null {
  const digits = text.replace(/[\s:-]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? (digits.match(/.{4}/g) ?? []).join(" ") : null;
}
