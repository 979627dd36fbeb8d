import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDesksideError } from "@deskside/base";
import { createSeededRandom } from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCatalogueTables } from "./load-catalogue.ts";
import {
  loadTrustedKeys,
  openSignedCatalogue,
  readSignedCatalogue,
  signCatalogue,
  type TrustedKey,
} from "./signed-catalogue.ts";

const release = generateKeyPairSync("ed25519");
let folder: string;
let trusted: readonly TrustedKey[];
let good: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskside-catalogue-"));
  await writeFile(join(folder, "release.pem"), release.publicKey.export({ format: "pem", type: "spki" }));
  trusted = await loadTrustedKeys(folder);
  const installed = fileURLToPath(new URL("../../../../models/catalogue", import.meta.url));
  good = signCatalogue(await readCatalogueTables(installed), release.privateKey);
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

function codeOf(bytes: Buffer, keys = trusted): string {
  try {
    openSignedCatalogue(bytes, "x.deskside-catalogue", keys);
  } catch (error) {
    if (isDesksideError(error)) return error.code;
    throw error;
  }
  return "accepted";
}

function changed(change: (envelope: Record<string, string>) => void): Buffer {
  const envelope = JSON.parse(good.toString("utf8")) as Record<string, string>;
  change(envelope);
  return Buffer.from(JSON.stringify(envelope));
}

describe("a signed catalogue", () => {
  test("of the installed tables is read as they are", async () => {
    const path = join(folder, "good.deskside-catalogue");
    await writeFile(path, good);
    const { catalogue, keyId } = await readSignedCatalogue(path, trusted);
    expect(catalogue.models.length).toBeGreaterThan(50);
    expect(keyId).toBe(trusted[0]?.id);
    expect(catalogue.models.every(({ languages }) => (languages?.length ?? 0) > 0)).toBe(true);
  });

  test("is refused without its key, and with another key under the same name", () => {
    const other = generateKeyPairSync("ed25519");
    expect(codeOf(good, [])).toBe("CATALOGUE_SIGNATURE_INVALID");
    expect(codeOf(good, [{ id: trusted[0]?.id ?? "", key: other.publicKey }])).toBe("CATALOGUE_SIGNATURE_INVALID");
    expect(codeOf(changed((one) => (one["keyId"] = "0000000000000000")))).toBe("CATALOGUE_SIGNATURE_INVALID");
  });

  test("is refused when a byte of payload or signature changed", () => {
    const random = createSeededRandom(3);
    for (let run = 0; run < 30; run++) {
      const code = codeOf(
        changed((one) => {
          const name = run % 3 === 0 ? "signature" : "payload";
          const bytes = Buffer.from(one[name] ?? "", "base64");
          const at = random.below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
          one[name] = bytes.toString("base64");
        }),
      );
      expect(code).toBe("CATALOGUE_SIGNATURE_INVALID");
    }
  });

  test.each([
    ["no JSON", Buffer.from("{")],
    ["another format", changedLater((one) => (one["format"] = "zip"))],
    ["a later version", changedLater((one) => Object.assign(one, { version: 2 }))],
    ["an extra field", changedLater((one) => (one["note"] = "x"))],
    ["a payload that is no base64", changedLater((one) => (one["payload"] = "*"))],
    ["nothing", Buffer.alloc(0)],
    ["more than anybody signs", Buffer.alloc(49 * 1024 * 1024, 32)],
  ])("is damaged: %s", (_name, bytes) => {
    expect(codeOf(typeof bytes === "function" ? bytes() : bytes)).toBe("CATALOGUE_DAMAGED");
  });

  test("signed by the right key and still not a catalogue: nobody signs it, and nobody takes it", async () => {
    for (const tables of [
      { models: {}, quants: {}, gpus: {} },
      { models: null, quants: null, gpus: null },
    ]) {
      expect(() => signCatalogue(tables, release.privateKey)).toThrow(
        expect.objectContaining({ code: "CATALOGUE_DAMAGED" }),
      );
    }
  });
});

function changedLater(change: (envelope: Record<string, string>) => void) {
  return () => changed(change);
}

test("a key that is none is named, and a folder that is not there trusts nobody", async () => {
  expect(await loadTrustedKeys(join(folder, "nowhere"))).toEqual([]);
  const bad = await mkdtemp(join(tmpdir(), "deskside-keys-"));
  await writeFile(join(bad, "a.pem"), "not a key");
  await expect(loadTrustedKeys(bad)).rejects.toMatchObject({ code: "CATALOGUE_DAMAGED" });
  await writeFile(
    join(bad, "a.pem"),
    generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "pem", type: "spki" }),
  );
  await expect(loadTrustedKeys(bad)).rejects.toMatchObject({ code: "CATALOGUE_DAMAGED" });
  await rm(bad, { recursive: true });
});

test("the keys of the installation are keys", async () => {
  const keys = await loadTrustedKeys(fileURLToPath(new URL("../../../../resources/trust", import.meta.url)));
  expect(keys).toHaveLength(1);
  expect(keys[0]?.id).toMatch(/^[0-9a-f]{16}$/);
});
