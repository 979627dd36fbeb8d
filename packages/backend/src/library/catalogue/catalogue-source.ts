import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CatalogueOrigin, CatalogueUpdateResult } from "@deskside/contract";
import { deskError } from "@deskside/contract";
import {
  type Catalogue,
  loadCatalogue,
  loadTrustedKeys,
  openSignedCatalogue,
  readSignedCatalogue,
  type SignedCatalogue,
  type TrustedKey,
} from "@deskside/model-library";
import type { Logger } from "../../log/logger.ts";

export interface CatalogueInUse {
  readonly catalogue: Catalogue;
  readonly origin: CatalogueOrigin;
}

/** The catalogue that came with this version, or a signed update of it: whichever is newer. */
export interface CatalogueSource {
  /** Throws MANIFEST_INVALID when neither can be read. */
  current(): Promise<CatalogueInUse>;
  /** Throws CATALOGUE_SIGNATURE_INVALID, CATALOGUE_OLDER, CATALOGUE_DAMAGED, MODEL_NOT_READABLE; the one in use then stays. */
  update(path: string): Promise<CatalogueUpdateResult>;
  /** The same for the bytes of such a file; `path` says where they were. */
  updateFrom(bytes: Buffer, path: string): Promise<CatalogueUpdateResult>;
  /** The signed file of the update in use; null = the built-in one is in use. */
  signedBytes(): Promise<Buffer | null>;
}

export interface CatalogueSourceOptions {
  readonly builtInDir: string;
  readonly dataDir: string;
  readonly trustDir: string;
  readonly onChange: () => void;
  readonly log: Logger;
}

type Loaded = CatalogueInUse & { readonly signed: Buffer | null };

export function createCatalogueSource(options: CatalogueSourceOptions): CatalogueSource {
  const { builtInDir, trustDir, onChange, log } = options;
  const kept = join(options.dataDir, "catalogue", "update.deskside-catalogue");
  const trusted = loadTrustedKeys(trustDir);
  trusted.catch((error: unknown) => log.error({ err: error }, "a key for catalogues cannot be read"));
  let current = loadNewer({ builtInDir, kept, trusted, log });
  // Whoever needs it gets the failure.
  current.catch((error: unknown) => log.error({ err: error }, "the catalogue cannot be read"));
  let last: Promise<unknown> = Promise.resolve();

  async function take(signed: SignedCatalogue, path: string): Promise<CatalogueUpdateResult> {
    const { catalogue, origin } = await current;
    const { updated: date } = signed.catalogue;
    if (date < catalogue.updated) {
      throw deskError("CATALOGUE_OLDER", { path, date, currentDate: catalogue.updated });
    }
    if (date === catalogue.updated) return resultOf("already", { catalogue, origin });
    await keep(kept, signed.bytes);
    const loaded = inUse(signed);
    current = Promise.resolve(loaded);
    log.info({ updated: date, keyId: signed.keyId }, "the catalogue was updated from a signed file");
    onChange();
    return resultOf("updated", loaded);
  }
  /** One after another: two files must not overtake each other between the comparison and the disk. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
  return {
    current: () => current,
    update: (path) => inTurn(async () => await take(await readSignedCatalogue(path, await trusted), path)),
    updateFrom: (bytes, path) => inTurn(async () => await take(openSignedCatalogue(bytes, path, await trusted), path)),
    signedBytes: async () => (await current).signed,
  };
}

async function loadNewer(input: {
  builtInDir: string;
  kept: string;
  trusted: Promise<readonly TrustedKey[]>;
  log: Logger;
}): Promise<Loaded> {
  const { builtInDir, kept, log } = input;
  const builtIn = loadCatalogue(builtInDir);
  const update = await readKept(kept, input.trusted, log);
  if (update === null) return builtInUse(await builtIn);
  const own = await builtIn.catch((error: unknown) => {
    log.error({ err: error }, "the built-in catalogue cannot be read; its update is used");
    return null;
  });
  return own !== null && own.updated >= update.catalogue.updated ? builtInUse(own) : inUse(update);
}

/** It was checked when it came; the disk and the trusted keys can have changed since. */
async function readKept(
  kept: string,
  trusted: Promise<readonly TrustedKey[]>,
  log: Logger,
): Promise<SignedCatalogue | null> {
  const isThere = await stat(kept).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  try {
    return await readSignedCatalogue(kept, await trusted);
  } catch (error) {
    log.error({ err: error, path: kept }, "the update of the catalogue is not used; the built-in one is");
    return null;
  }
}

function builtInUse(catalogue: Catalogue): Loaded {
  return { catalogue, origin: { kind: "built-in", keyId: null }, signed: null };
}

function inUse({ catalogue, keyId, bytes }: SignedCatalogue): Loaded {
  return { catalogue, origin: { kind: "update", keyId }, signed: bytes };
}

function resultOf(state: CatalogueUpdateResult["state"], { catalogue, origin }: CatalogueInUse): CatalogueUpdateResult {
  return { state, updated: catalogue.updated, origin, models: catalogue.models.length };
}

/** Whole under its name, or not at all. */
async function keep(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    throw deskError("DATA_DIR_UNUSABLE", { path, reason: "other", detail: String(cause) }, { cause });
  } finally {
    await rm(temporary, { force: true });
  }
}
