import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { z } from "zod";
import { type Catalogue, type CatalogueTables, parseCatalogue } from "./load-catalogue.ts";

/** Bytes; the catalogue of 72 models takes 1.2 MB. */
const mostSignedCatalogueBytes = 48 * 1024 * 1024;

/** `payload`: base64 of the exact bytes that are signed, the JSON text of the three tables. */
const envelopeSchema = z.strictObject({
  format: z.literal("deskside-catalogue"),
  version: z.literal(1),
  keyId: z.string().max(100),
  signature: z.base64().max(200),
  payload: z.base64(),
});

/** A signature over a catalogue must not pass as one over anything else. */
const purpose = Buffer.from("deskside-catalogue 1\n", "utf8");

export interface TrustedKey {
  /** First 16 digits of the SHA-256 of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

export interface SignedCatalogue {
  readonly catalogue: Catalogue;
  readonly keyId: string;
  /** The whole file, to be kept. */
  readonly bytes: Buffer;
}

/** Public keys (`*.pem`, SPKI, Ed25519) of a folder; none when there is no folder. Throws CATALOGUE_DAMAGED for a bad one. */
export async function loadTrustedKeys(folder: string): Promise<readonly TrustedKey[]> {
  const names = await readdir(folder).catch(() => []);
  const keys: TrustedKey[] = [];
  for (const name of names.filter((one) => one.endsWith(".pem")).toSorted()) {
    const path = join(folder, name);
    try {
      const key = createPublicKey(await readFile(path));
      if (key.asymmetricKeyType !== "ed25519") throw new Error("not an Ed25519 key");
      keys.push({ id: keyIdOf(key), key });
    } catch (cause) {
      throw deskError("CATALOGUE_DAMAGED", { path, issues: [String(cause)] }, { cause });
    }
  }
  return keys;
}

function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ format: "der", type: "spki" }))
    .digest("hex")
    .slice(0, 16);
}

/**
 * Checks the signature over the exact bytes before anything in them is read. Throws CATALOGUE_SIGNATURE_INVALID,
 * CATALOGUE_DAMAGED, MODEL_NOT_READABLE.
 */
export async function readSignedCatalogue(path: string, trusted: readonly TrustedKey[]): Promise<SignedCatalogue> {
  return openSignedCatalogue(await readBounded(path), path, trusted);
}

/** The same for bytes that came another way. `path`: to say where they were. */
export function openSignedCatalogue(bytes: Buffer, path: string, trusted: readonly TrustedKey[]): SignedCatalogue {
  const envelope = parseEnvelope(bytes, path);
  const payload = Buffer.from(envelope.payload, "base64");
  const signed = Buffer.concat([purpose, payload]);
  const key = trusted.find(({ id }) => id === envelope.keyId);
  if (!key || !verify(null, signed, key.key, Buffer.from(envelope.signature, "base64"))) {
    throw deskError("CATALOGUE_SIGNATURE_INVALID", { path, keyId: envelope.keyId });
  }
  return { catalogue: parsePayload(payload, path), keyId: key.id, bytes };
}

/** @param key an Ed25519 private key; whoever trusts its public half takes the file. Throws CATALOGUE_DAMAGED. */
export function signCatalogue(tables: CatalogueTables, key: KeyObject): Buffer {
  const payload = Buffer.from(JSON.stringify(tables), "utf8");
  parsePayload(payload, "");
  const signature = sign(null, Buffer.concat([purpose, payload]), key).toString("base64");
  const head = { format: "deskside-catalogue", version: 1, keyId: keyIdOf(createPublicKey(key)), signature } as const;
  const envelope = { ...head, payload: payload.toString("base64") } satisfies z.infer<typeof envelopeSchema>;
  return Buffer.from(`${JSON.stringify(envelope)}\n`, "utf8");
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new Error("not a regular file");
    if (info.size > mostSignedCatalogueBytes) {
      throw deskError("CATALOGUE_DAMAGED", { path, issues: [`larger than ${mostSignedCatalogueBytes} bytes`] });
    }
    return await readFile(path);
  } catch (cause) {
    if (isDesksideError(cause)) throw cause;
    throw deskError("MODEL_NOT_READABLE", { path, detail: String(cause) }, { cause });
  }
}

function parseEnvelope(bytes: Buffer, path: string): z.infer<typeof envelopeSchema> {
  const damaged = (issue: string) => deskError("CATALOGUE_DAMAGED", { path, issues: [issue] });
  if (bytes.length > mostSignedCatalogueBytes) throw damaged(`larger than ${mostSignedCatalogueBytes} bytes`);
  const parsed = envelopeSchema.safeParse(parseJson(bytes, damaged));
  if (!parsed.success) throw damaged(parsed.error.issues[0]?.message ?? "not a signed catalogue");
  return parsed.data;
}

function parsePayload(payload: Buffer, path: string): Catalogue {
  const damaged = (issue: string) => deskError("CATALOGUE_DAMAGED", { path, issues: [issue] });
  const json = parseJson(payload, damaged);
  const tables = z.strictObject({ models: z.unknown(), quants: z.unknown(), gpus: z.unknown() }).safeParse(json);
  if (!tables.success) throw damaged("not three tables");
  const catalogue = parseCatalogue(tables.data as CatalogueTables, (_table, issues) =>
    deskError("CATALOGUE_DAMAGED", { path, issues }),
  );
  if (!/^\d{4}-\d{2}-\d{2}$/.test(catalogue.updated)) throw damaged(`"${catalogue.updated}" is no date`);
  return catalogue;
}

function parseJson(bytes: Buffer, damaged: (issue: string) => Error): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw damaged(String(error));
  }
}
