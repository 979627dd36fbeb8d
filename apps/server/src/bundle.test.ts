import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
const file = join(root, "starter.deskside-bundle");
const valueOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);
const starter = JSON.parse(readFileSync(join(modelsDir, "starter", "manifest.json"), "utf8"));

beforeAll(() => {
  mkdirSync(bare.DESKSIDE_MODELS_DIR);
  cpSync(join(modelsDir, "catalogue"), join(bare.DESKSIDE_MODELS_DIR, "catalogue"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("deskside models bundle", { timeout: 180_000 }, () => {
  it("carries the starter model to a data directory without it, after its fingerprint was given", async () => {
    const exported = await runCli(["models", "bundle", "export", file, "--model", starter.id, ...sender]);
    expect(exported).toMatchObject({ code: 0 });
    const { fingerprint } = valueOf(exported);
    const refused = await runCli(["models", "bundle", "import", file, ...receiver], bare);
    expect(refused.code).toBe(9);
    expect(valueOf(refused).error).toMatchObject({ code: "BUNDLE_NOT_TRUSTED", data: { fingerprint } });
    const typed = fingerprint.replaceAll(" ", "").toUpperCase();
    const imported = await runCli(["models", "bundle", "import", file, "--trust", typed, ...receiver], bare);
    expect(imported).toMatchObject({ code: 0 });
    const [id] = valueOf(imported).models;
    const verified = valueOf(await runCli(["models", "verify", id, ...receiver], bare));
    expect(verified).toMatchObject({ ok: true, sha256: starter.sha256 });
  });
});
