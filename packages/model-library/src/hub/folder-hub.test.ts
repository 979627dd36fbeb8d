import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFolderHub } from "./folder-hub.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskside-folder-hub-"));
  await mkdir(join(folder, "acme", "tiny"), { recursive: true });
  await writeFile(join(folder, "acme", "tiny", "tiny-Q4_K_M.gguf"), "GGUF four");
  await writeFile(join(folder, "acme", "tiny", "notes.txt"), "no model");
  await writeFile(join(folder, "loose.gguf"), "GGUF");
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

test("folders with models are found by name of folder or file", async () => {
  const hub = createFolderHub({ folder });
  const search = async (query: string) => (await hub.search(query, { limit: 9 })).map(({ repo }) => repo);
  expect(await search("")).toEqual(["acme/tiny", "."]);
  expect(await search("ACME")).toEqual(["acme/tiny"]);
  expect(await search("loose")).toEqual(["."]);
  expect(await search("nothing")).toEqual([]);
});

test("files have sizes, and hashes where a SHA256SUMS file names them", async () => {
  const hub = createFolderHub({ folder });
  const hash = "ab".repeat(32);
  const sums = [`${hash.toUpperCase()}  tiny-Q4_K_M.gguf`, "nonsense", `${hash}  other.gguf`].join("\r\n");
  expect((await hub.describe("acme/tiny")).files).toEqual([{ path: "tiny-Q4_K_M.gguf", sizeBytes: 9, sha256: null }]);
  await writeFile(join(folder, "acme", "tiny", "SHA256SUMS"), sums);
  expect((await hub.describe("acme/tiny")).files).toEqual([{ path: "tiny-Q4_K_M.gguf", sizeBytes: 9, sha256: hash }]);
  expect((await hub.describe(".")).files.map(({ path }) => path)).toEqual(["acme/tiny/tiny-Q4_K_M.gguf", "loose.gguf"]);
  const url = hub.fileUrl("acme/tiny", "local", "tiny-Q4_K_M.gguf");
  expect(fileURLToPath(url)).toBe(join(folder, "acme", "tiny", "tiny-Q4_K_M.gguf"));
});

test("nothing outside is reached: no way up, no links", async () => {
  const hub = createFolderHub({ folder: join(folder, "acme") });
  for (const repo of ["..", "../", "tiny/../..", "/etc", ""]) {
    await expect(hub.describe(repo)).rejects.toMatchObject({ code: "HUB_REPO_NOT_FOUND" });
  }
  if (process.platform !== "win32") {
    await symlink(join(folder, "loose.gguf"), join(folder, "acme", "link.gguf"));
    await symlink(folder, join(folder, "acme", "up"));
    expect((await hub.describe(".")).files.map(({ path }) => path)).toEqual(["tiny/tiny-Q4_K_M.gguf"]);
  }
});

test("a folder that is gone or none says so; one without models has none", async () => {
  await expect(createFolderHub({ folder: join(folder, "gone") }).search("", { limit: 1 })).rejects.toMatchObject({
    code: "MODEL_FOLDER_UNUSABLE",
    data: { detail: "ENOENT" },
  });
  await expect(createFolderHub({ folder: join(folder, "loose.gguf") }).describe(".")).rejects.toMatchObject({
    data: { detail: "ENOTDIR" },
  });
  await mkdir(join(folder, "empty"));
  await expect(createFolderHub({ folder }).describe("empty")).rejects.toMatchObject({ code: "HUB_REPO_NOT_FOUND" });
});
