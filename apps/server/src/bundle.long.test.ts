import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./test/run-cli.ts";

const root = mkdtempSync(join(tmpdir(), "deskside-bundle-cli-"));
const modelsDir = fileURLToPath(new URL("../../../models", import.meta.url));
const sender = ["--data-dir", join(root, "sender"), "--json"];
const receiver = ["--data-dir", join(root, "receiver"), "--json"];
/** An installation that came without models. */
const bare = { DESKSIDE_MODELS_DIR: join(root, "bare") };
const trust = { DESKSIDE_TRUST_DIR: join(root, "trust") };
const file = join(root, "starter.deskside-bundle");
const valueOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);
const starter = JSON.parse(readFileSync(join(modelsDir, "starter", "manifest.json"), "utf8"));

beforeAll(() => {
  mkdirSync(bare.DESKSIDE_MODELS_DIR);
  cpSync(join(modelsDir, "catalogue"), join(bare.DESKSIDE_MODELS_DIR, "catalogue"), { recursive: true });
  mkdirSync(trust.DESKSIDE_TRUST_DIR);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("deskside models bundle", { timeout: 180_000 }, () => {
  it("carries the starter model to a data directory without it, after its fingerprint was given", async () => {
    const exported = await runCli([
      "models",
      "bundle",
      "export",
      file,
      "--model",
      starter.id,
      "--catalogue",
      ...sender,
    ]);
    expect(exported).toMatchObject({ code: 0 });
    const { fingerprint, skipped } = valueOf(exported);
    expect(skipped).toEqual([{ what: "catalogue", reason: "catalogue-built-in" }]);
    const again = await runCli(["models", "bundle", "export", file, "--model", starter.id, ...sender]);
    expect(valueOf(again).error.code).toBe("BUNDLE_EXISTS");

    const found = valueOf(await runCli(["models", "bundle", "inspect", file, ...receiver], bare));
    expect(found).toMatchObject({ fingerprint, own: false, trusted: false, unknown: [] });
    expect(found.models).toMatchObject([{ present: false, sizeBytes: starter.sizeBytes }]);

    const refused = await runCli(["models", "bundle", "import", file, ...receiver], bare);
    expect(refused.code).toBe(9);
    expect(valueOf(refused).error).toMatchObject({ code: "BUNDLE_NOT_TRUSTED", data: { fingerprint } });
    const wrong = ["models", "bundle", "import", file, "--trust", "0".repeat(64), ...receiver];
    expect(valueOf(await runCli(wrong, bare)).error.code).toBe("BUNDLE_NOT_TRUSTED");

    const typed = fingerprint.replaceAll(" ", "").toUpperCase();
    const imported = await runCli(["models", "bundle", "import", file, "--trust", typed, ...receiver], bare);
    expect(imported).toMatchObject({ code: 0 });
    const [id] = valueOf(imported).models;
    const verified = valueOf(await runCli(["models", "verify", id, ...receiver], bare));
    expect(verified).toMatchObject({ ok: true, sha256: starter.sha256 });

    // Trusted from now on, and nothing is copied twice.
    const second = await runCli(["models", "bundle", "import", file, ...receiver], bare);
    expect(valueOf(second)).toMatchObject({ models: [], already: [id] });
  });

  it("says what is wrong with a file that was touched, and takes nothing", async () => {
    const bytes = readFileSync(file);
    bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 1;
    const touched = join(root, "touched.deskside-bundle");
    writeFileSync(touched, bytes);
    const other = ["--data-dir", join(root, "other"), "--json"];
    const { fingerprint } = valueOf(await runCli(["models", "bundle", "inspect", file, ...other], bare));
    const refused = await runCli(["models", "bundle", "import", touched, "--trust", fingerprint, ...other], bare);
    expect(valueOf(refused).error).toMatchObject({ code: "BUNDLE_DAMAGED", data: { reason: "content-changed" } });
    expect(valueOf(await runCli(["models", "list", ...other], bare))).toEqual([]);
  });
});

describe("deskside models catalogue", { timeout: 180_000 }, () => {
  it("is updated from a file that a trusted key signed, and the bundle carries it on", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const keyFile = join(root, "private.pem");
    writeFileSync(keyFile, privateKey.export({ format: "pem", type: "pkcs8" }));
    writeFileSync(join(trust.DESKSIDE_TRUST_DIR, "own.pem"), publicKey.export({ format: "pem", type: "spki" }));
    const newer = join(root, "newer");
    cpSync(join(modelsDir, "catalogue"), join(newer, "catalogue"), { recursive: true });
    const models = JSON.parse(readFileSync(join(newer, "catalogue", "models.json"), "utf8"));
    writeFileSync(join(newer, "catalogue", "models.json"), JSON.stringify({ ...models, updated: "2099-01-01" }));
    const signed = join(root, "newer.deskside-catalogue");
    const env = { DESKSIDE_MODELS_DIR: newer };
    expect(await runCli(["models", "catalogue", "sign", keyFile, signed], env)).toMatchObject({ code: 0 });

    const untrusted = await runCli(["models", "catalogue", "update", signed, ...sender]);
    expect(valueOf(untrusted).error.code).toBe("CATALOGUE_SIGNATURE_INVALID");
    const updated = await runCli(["models", "catalogue", "update", signed, ...sender], trust);
    expect(valueOf(updated)).toMatchObject({ state: "updated", updated: "2099-01-01", origin: { kind: "update" } });
    const shown = valueOf(await runCli(["models", "catalogue", "show", ...sender], trust));
    expect(shown).toMatchObject({ updated: "2099-01-01", models: models.models.length });

    const carried = join(root, "catalogue.deskside-bundle");
    const made = valueOf(await runCli(["models", "bundle", "export", carried, "--catalogue", ...sender], trust));
    expect(made).toMatchObject({ catalogue: "2099-01-01" });
    const take = ["models", "bundle", "import", carried, "--trust", made.fingerprint, ...receiver];
    expect(valueOf(await runCli(take, { ...bare, ...trust }))).toMatchObject({ catalogue: "2099-01-01" });
    const there = valueOf(await runCli(["models", "catalogue", "show", ...receiver], { ...bare, ...trust }));
    expect(there.origin.kind).toBe("update");
  });
});
