import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { startBackend } from "../../test/start-backend.ts";

const token = "hf_right_0123456789";
const file = contentOfBytes(encodeGguf(tinyLlama({ seed: 1 })).bytes);
const repo = { id: "maker/Closed-GGUF", gated: true, licence: "mit", files: { "tiny-F32.gguf": file } };

async function textOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")));
  return texts.join("\n");
}

test("a gated model is fetched with a token that is nowhere readable", { timeout: 120_000 }, async () => {
  await using hub = await startFakeHub({ repos: [repo], token, accounts: ["hf_other_0123456789"] });
  await using backend = await startBackend();
  const { library, settings, system } = backend.connect();
  const { host } = new URL(hub.origin);
  const start = () => library.download.start({ repo: repo.id, hub: hub.origin });

  await expect(start()).rejects.toMatchObject({ code: "HUB_GATED", data: { host, signedIn: false } });
  await library.tokens.set({ host, token: "hf_other_0123456789" });
  await expect(start()).rejects.toMatchObject({ code: "HUB_GATED", data: { host, signedIn: true } });
  await library.tokens.set({ host, token: "hf_gone_0123456789" });
  await expect(start()).rejects.toMatchObject({ code: "HUB_TOKEN_REFUSED", data: { host } });
  expect(await library.download.list()).toEqual([]);

  expect(await library.tokens.set({ host: hub.origin, token: ` ${token}\n` })).toMatchObject({
    host,
    lastFour: "6789",
  });
  const { id } = await start();
  let last: unknown;
  for await (const event of await library.download.watch({ id })) last = event;
  expect(last).toMatchObject({ type: "done", result: { sha256: file.sha256 } });
  const asked = hub.requests.filter(({ kind, headers }) => kind === "cdn" && headers["authorization"] !== undefined);
  expect(asked).toEqual([]);

  const shown = [await library.tokens.list(), await settings.list(), await system.egress({}), await system.info()];
  expect(JSON.stringify(shown)).not.toContain("hf_right");
  expect(await textOf(backend.dataDir)).not.toContain("hf_right");
  await library.tokens.remove({ host });
  expect(await library.tokens.list()).toEqual([]);
  await expect(library.tokens.remove({ host })).rejects.toMatchObject({ code: "HUB_TOKEN_NOT_FOUND" });
  await expect(library.tokens.set({ host, token: "with space" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
});
