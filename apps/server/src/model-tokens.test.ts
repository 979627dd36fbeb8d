import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { runCli, runWithInput } from "./test/run-cli.ts";

test("a token comes from stdin, unlocks a gated model, and is never shown", { timeout: 120_000 }, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-tokens-"));
  const token = "hf_right_0123456789";
  const files = { "tiny-F32.gguf": contentOfBytes(encodeGguf(tinyLlama({ seed: 1 })).bytes) };
  await using hub = await startFakeHub({
    repos: [{ id: "maker/Closed-GGUF", gated: true, files }],
    token,
    accounts: [],
  });
  const { host } = new URL(hub.origin);
  const at = ["--data-dir", folder.path];
  const pull = ["models", "pull", "maker/Closed-GGUF", "--hub", hub.origin, "--json", ...at];

  const refused = await runCli(pull);
  expect(refused.code).not.toBe(0);
  const { error } = JSON.parse(refused.stdout) as { error: { code: string; data: unknown } };
  expect(error).toMatchObject({ code: "HUB_GATED", data: { host, signedIn: false } });

  const set = await runWithInput(["models", "token", "set", hub.origin, ...at], `${token}\n`);
  expect(set).toMatchObject({ code: 0, text: expect.stringContaining(`${host}  …6789`) as string });
  expect(set.text).not.toContain(token);
  const listed = await runCli(["models", "token", "list", "--json", ...at]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ host, lastFour: "6789" }]);

  const pulled = await runCli(pull);
  expect(pulled).toMatchObject({ code: 0 });
  expect(`${pulled.stdout}${pulled.stderr}`).not.toContain(token);

  expect(await runCli(["models", "token", "remove", host, "--json", ...at])).toMatchObject({ code: 0, stdout: "[]\n" });
  const again = await runCli(["models", "token", "remove", host, "--json", ...at]);
  expect(again.stdout).toContain("HUB_TOKEN_NOT_FOUND");
  const spoken = await runCli(["models", "token", "set", host, token, ...at]);
  expect(spoken.code).not.toBe(0);
  expect(`${spoken.stdout}${spoken.stderr}`).not.toContain(token);
  expect((await runWithInput(["models", "token", "set", host, ...at], "")).text).toContain("token");
});
