import { createPrivateKey } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deskError } from "@deskside/contract";
import { readCatalogueTables, signCatalogue } from "@deskside/model-library";

/**
 * Makes a signed file of the catalogue of an installation, for whoever owns the private key (Ed25519, PEM). Never
 * replaces a file. Throws MODEL_NOT_READABLE, MANIFEST_INVALID, CATALOGUE_DAMAGED, BUNDLE_UNWRITABLE.
 */
export async function signInstalledCatalogue(modelsDir: string, keyFile: string, target: string): Promise<void> {
  const key = await readFile(keyFile)
    .then((pem) => createPrivateKey(pem))
    .catch((cause: unknown) => {
      throw deskError("MODEL_NOT_READABLE", { path: keyFile, detail: String(cause) }, { cause });
    });
  const signed = signCatalogue(await readCatalogueTables(join(modelsDir, "catalogue")), key);
  await writeFile(target, signed, { flag: "wx" }).catch((cause: unknown) => {
    throw deskError("BUNDLE_UNWRITABLE", { path: target, detail: String(cause) }, { cause });
  });
}
