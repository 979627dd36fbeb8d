import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCatalogueTables, signCatalogue } from "@deskside/model-library";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSilentLogger } from "../../log/logger.ts";
import { createCatalogueSource } from "./catalogue-source.ts";
import { signInstalledCatalogue } from "./sign-installed.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const modelsDir = fileURLToPath(new URL("../../../../../models", import.meta.url));
const builtInDir = join(modelsDir, "catalogue");
let root: string;
let trustDir: string;
let builtInDate: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "deskside-source-"));
  trustDir = join(root, "trust");
  await mkdir(trustDir);
  await writeFile(join(trustDir, "release.pem"), publicKey.export({ format: "pem", type: "spki" }));
  builtInDate = (await openSource("first").source.current()).catalogue.updated;
});
afterAll(async () => await rm(root, { recursive: true, force: true }));

function openSource(name: string) {
  const dataDir = join(root, name);
  const changes: string[] = [];
  const log = createSilentLogger();
  const onChange = () => void changes.push("changed");
  return { dataDir, changes, source: createCatalogueSource({ builtInDir, dataDir, trustDir, onChange, log }) };
}

async function signedOf(date: string): Promise<string> {
  const tables = await readCatalogueTables(builtInDir);
  const path = join(root, `${date}.deskside-catalogue`);
  const models = { ...(tables.models as Record<string, unknown>), updated: date };
  await writeFile(path, signCatalogue({ ...tables, models }, privateKey));
  return path;
}

test("a newer one is used at once and after a start; older ones and the same one leave it", async () => {
  const { source, changes, dataDir } = openSource("update");
  expect((await source.current()).origin).toEqual({ kind: "built-in", keyId: null });
  expect(await source.signedBytes()).toBeNull();
  const done = await source.update(await signedOf("2099-02-03"));
  expect(done).toMatchObject({ state: "updated", updated: "2099-02-03", origin: { kind: "update" } });
  expect(changes).toHaveLength(1);
  expect((await source.current()).catalogue.updated).toBe("2099-02-03");
  expect((await openSource("update").source.current()).origin.keyId).toBe(done.origin.keyId);
  const older = source.update(await signedOf("2099-02-02"));
  await expect(older).rejects.toMatchObject({ code: "CATALOGUE_OLDER", data: { currentDate: "2099-02-03" } });
  expect(await source.update(await signedOf("2099-02-03"))).toMatchObject({ state: "already" });
  expect(changes).toHaveLength(1);
  expect(await readdir(join(dataDir, "catalogue"))).toEqual(["update.deskside-catalogue"]);
});

test("older than the built-in one, or as old, changes nothing", async () => {
  const { source } = openSource("older");
  await expect(source.update(await signedOf("2001-01-01"))).rejects.toMatchObject({ code: "CATALOGUE_OLDER" });
  const same = join(root, "same.deskside-catalogue");
  const keyFile = join(root, "private.pem");
  await writeFile(keyFile, privateKey.export({ format: "pem", type: "pkcs8" }));
  await signInstalledCatalogue(modelsDir, keyFile, same);
  expect(await source.update(same)).toMatchObject({ state: "already", updated: builtInDate });
  await expect(signInstalledCatalogue(modelsDir, keyFile, same)).rejects.toMatchObject({ code: "BUNDLE_UNWRITABLE" });
});

test("a kept update that was touched is not used", async () => {
  const { source, dataDir } = openSource("touched");
  await source.update(await signedOf("2099-02-03"));
  const kept = join(dataDir, "catalogue", "update.deskside-catalogue");
  const text = (await readFile(kept, "utf8")).replace(
    /"payload":"(.)/,
    (_all, first) => `"payload":"${first === "e" ? "f" : "e"}`,
  );
  await writeFile(kept, text);
  expect((await openSource("touched").source.current()).origin.kind).toBe("built-in");
});

test("two files at a time: the newer one stays, whichever comes first", async () => {
  for (const [index, order] of [
    ["2099-01-01", "2099-01-02"],
    ["2099-01-02", "2099-01-01"],
  ].entries()) {
    const { source } = openSource(`race-${index}`);
    const paths = await Promise.all(order.map(signedOf));
    await Promise.allSettled(paths.map((path) => source.update(path)));
    expect((await source.current()).catalogue.updated).toBe("2099-01-02");
  }
});
