import { writeFileSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestServer } from "@deskside/testing/postgres";
import { expect, test } from "vitest";
import { runCli, runWithInput } from "./test/run-cli.ts";

test("a team's server is set from stdin, holds what is added to it, and says when it is away", {
  timeout: 240_000,
}, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-docs-server-"));
  await using server = await startTestServer();
  const at = ["--data-dir", folder.path];
  const file = join(folder.path, "gate.txt");
  writeFileSync(file, "The gate closes at ten in the evening.");

  const early = await runCli(["docs", "add", "Team", file, "--server", "--json", ...at]);
  expect(early.code).not.toBe(0);
  expect(JSON.parse(early.stdout)).toMatchObject({ error: { code: "KNOWLEDGE_SERVER_NOT_SET" } });
  const spoken = await runCli(["docs", "server", "set", server.connectionString, ...at]);
  expect(spoken.code).not.toBe(0);
  expect(spoken.stdout + spoken.stderr).not.toContain("secret");

  const set = await runWithInput(["docs", "server", "set", ...at], `${server.connectionString}\n`);
  expect(set).toEqual({ code: 0, text: `${server.connectionString.replace(":secret", "")}\n` });
  const tried = await runCli(["docs", "server", "test", "--json", ...at]);
  expect(JSON.parse(tried.stdout)).toMatchObject({ encrypted: false, vectors: expect.stringMatching(/^0/) as string });

  const added = await runCli(["docs", "add", "Team", file, "--server", "--json", ...at]);
  expect(JSON.parse(added.stdout)).toEqual({ ready: 1, failed: [] });
  expect((await runCli(["docs", "list", ...at])).stdout).toBe("Team\t1/1\t1\tserver\n");
  const found = await runCli(["docs", "search", "Team", "when does the gate close", "--server", "--json", ...at]);
  expect(JSON.parse(found.stdout)).toMatchObject({ results: [{ document: "gate.txt" }] });
  expect(await server.run("SELECT text FROM deskside.passages")).toEqual([
    { text: "The gate closes at ten in the evening." },
  ]);

  await server.stop();
  const away = await runCli(["docs", "status", "Team", "--server", "--json", ...at]);
  expect(JSON.parse(away.stdout)).toMatchObject({ error: { code: "KNOWLEDGE_SERVER_UNAVAILABLE" } });
  expect(await runCli(["docs", "list", ...at])).toMatchObject({ code: 0, stdout: "" });
});
