import { resolve } from "node:path";
import { signInstalledCatalogue } from "@deskside/backend";
import { deskError } from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { openSession } from "../../open-session.ts";
import { modelsDir } from "../../places.ts";
import { systemLanguages } from "../../report-failure.ts";

export interface ModelCatalogueOptions {
  readonly dataDir: string;
  /** `show`, `update` with a file, or `sign` with a private key and a new file. */
  readonly words: readonly string[];
  readonly json: boolean;
}

const counts: Readonly<Record<string, number>> = { show: 0, update: 1, sign: 2 };

/**
 * `deskside models catalogue …`: which catalogue is in use, and a newer one from a signed file. `sign` makes such a file
 * of the catalogue in the installation; it needs the private key and opens no data directory. Throws what the backend throws.
 */
export async function modelCatalogue({
  dataDir,
  words: [action = "show", ...files],
  json,
}: ModelCatalogueOptions): Promise<void> {
  const count = counts[action];
  if (count === undefined) throw deskError("USAGE", { problem: "models catalogue: there are show, update, sign" });
  if (files.length !== count)
    throw deskError("USAGE", { problem: `models catalogue ${action}: takes ${count} file(s)` });
  const [first = "", second = ""] = files.map((file) => resolve(file));
  if (action === "sign") {
    await signInstalledCatalogue(modelsDir(), first, second);
    return void process.stdout.write(`${second}\n`);
  }
  const { t } = createWords(systemLanguages());
  await using session = await openSession(dataDir);
  const { library } = session.client;
  if (action === "update") {
    const result = await library.catalogueUpdate({ path: first });
    const said = t(`bundle.catalogueFile.${result.state}`, { date: result.updated, models: result.models });
    return say(json, result, said);
  }
  const { updated, origin, total } = await library.catalogue({});
  const from =
    origin.keyId === null
      ? t("bundle.catalogueFile.builtIn")
      : t("bundle.catalogueFile.update", { keyId: origin.keyId });
  say(json, { updated, origin, models: total }, `${t("bundle.catalogue", { date: updated })}  ${from}`);
}

function say(json: boolean, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}
