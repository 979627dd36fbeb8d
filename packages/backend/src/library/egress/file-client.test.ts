import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { readLocalFile } from "./file-client.ts";

const limits = { purpose: "model-download", maxResponseBytes: 100 } as const;

async function read(url: string, headers: Record<string, string> = {}) {
  using response = await readLocalFile({ ...limits, url, headers });
  const parts: Uint8Array[] = [];
  for await (const part of response.body) parts.push(part);
  return { status: response.status, text: Buffer.concat(parts).toString(), range: response.headers["content-range"] };
}

test("a file is answered whole or in part, as a server would", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-file-"));
  const path = join(folder.path, "a b#c.gguf");
  await writeFile(path, "0123456789");
  const url = pathToFileURL(path).href;
  expect(await read(url)).toEqual({ status: 200, text: "0123456789", range: undefined });
  expect(await read(url, { Range: "bytes=3-5" })).toEqual({ status: 206, text: "345", range: "bytes 3-5/10" });
  expect(await read(url, { range: "bytes=8-" })).toMatchObject({ status: 206, text: "89" });
  expect(await read(url, { range: "bytes=8-99" })).toMatchObject({ range: "bytes 8-9/10" });
  // What is no range is no range.
  expect(await read(url, { range: "bytes=10-" })).toMatchObject({ status: 200 });
  expect(await read(url, { range: "bytes=5-3" })).toMatchObject({ status: 200 });
  const etag = async () => (await readLocalFile({ ...limits, url })).headers["etag"];
  const before = await etag();
  await writeFile(path, "");
  expect(await read(url)).toEqual({ status: 200, text: "", range: undefined });
  expect(await etag()).not.toBe(before);
  await expect(read(pathToFileURL(folder.path).href)).rejects.toMatchObject({ code: "EGRESS_FAILED" });
  await expect(read(`${url}.none`)).rejects.toMatchObject({ code: "EGRESS_FAILED" });
});
