import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { splitGguf } from "@deskside/testing";
import { contentOfBytes, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { startBackend } from "../../test/start-backend.ts";

const starter = fileURLToPath(new URL("../../../../../models/starter/starter-q8_0.gguf", import.meta.url));
const repo = "maker/Split-GGUF";

test("a split model is described, fetched as one, tried and answers", { timeout: 120_000 }, async () => {
  const parts = splitGguf(await readFile(starter), 3);
  const names = parts.map((_, index) => `Q8_0/split-Q8_0-0000${index + 1}-of-00003.gguf`);
  const files = Object.fromEntries(parts.map((part, index) => [names[index] as string, contentOfBytes(part)]));
  await using hub = await startFakeHub({ repos: [{ id: repo, files }] });
  await using backend = await startBackend();
  const client = backend.connect();
  const asked = { repo, hub: hub.origin };
  const described = await client.library.describe(asked);
  expect(described.files).toMatchObject([{ path: names[0], quantization: "Q8_0", parts: [{}, {}, {}] }]);

  const facts = await client.library.remoteFacts({ ...asked, file: names[0] ?? "" });
  const whole = await client.library.facts({ modelId: "starter" });
  expect(facts).toMatchObject({ parameters: whole.parameters, layers: whole.layers, quantization: whole.quantization });
  expect(facts.tensorTypes).toEqual(whole.tensorTypes);

  const { id, totalBytes } = await client.library.download.start({ ...asked, file: "Q8_0" });
  expect(totalBytes).toBe(parts.reduce((sum, part) => sum + part.length, 0));
  let modelId = "";
  for await (const event of await client.library.download.watch({ id })) {
    if (event.type === "failed") throw new Error(JSON.stringify(event.error));
    if (event.type === "done") modelId = event.result.id;
  }
  const [stored] = (await client.library.storage()).models;
  expect(stored).toMatchObject({ id: modelId, problem: null, versions: [{ state: "current", sizeBytes: totalBytes }] });
  // It was loaded and asked before it came into use; it can be again.
  expect(await client.library.test({ modelId })).toMatchObject({ passed: true });
  expect(await client.library.verify({ modelId })).toMatchObject({ ok: true });
});

test("a split model with a part missing is not offered", { timeout: 60_000 }, async () => {
  const [first, , third] = splitGguf(await readFile(starter), 3) as [Buffer, Buffer, Buffer];
  const files = {
    "split-00001-of-00003.gguf": contentOfBytes(first),
    "split-00003-of-00003.gguf": contentOfBytes(third),
  };
  await using hub = await startFakeHub({ repos: [{ id: repo, files }] });
  await using backend = await startBackend();
  const client = backend.connect();
  expect(await client.library.describe({ repo, hub: hub.origin })).toMatchObject({ files: [] });
  await expect(client.library.download.start({ repo, hub: hub.origin })).rejects.toMatchObject({
    ...{ code: "HUB_FILE_NOT_FOUND", data: { wanted: "split-00002-of-00003.gguf" } },
  });
});
