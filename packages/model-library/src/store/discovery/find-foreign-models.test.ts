import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findForeignModels } from "./find-foreign-models.ts";
import { type ForeignMachine, foreignPlaces, foreignSettings } from "./foreign-places.ts";
import { ollamaName, parseOllamaManifest } from "./ollama-models.ts";

let home = "";
let machine: ForeignMachine;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "deskside-foreign-"));
  machine = { platform: "linux", home, env: {} };
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function put(path: string, content: string | Buffer = "GGUF"): Promise<string> {
  const full = join(home, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const digest = "a".repeat(64);

/** As Ollama 0.5 wrote it for qwen2.5:7b, sizes changed. */
function manifest(layers: readonly { mediaType: string; digest: string; size: number }[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      digest: `sha256:${"d".repeat(64)}`,
      size: 487,
    },
    layers,
  });
}

const weights = { mediaType: "application/vnd.ollama.image.model", digest: `sha256:${digest}`, size: 4 };
const template = { mediaType: "application/vnd.ollama.image.template", digest: `sha256:${"e".repeat(64)}`, size: 9 };

test("each program's tree is read as that program shows it", async () => {
  await put(".lmstudio/models/org/Qwen-GGUF/qwen-q4_k_m.gguf");
  await put(".lmstudio/models/org/Qwen-GGUF/mmproj-qwen.gguf");
  await put(".cache/lm-studio/models/org/Old/old.Q8_0.gguf");
  for (const part of [1, 2]) await put(`.lmstudio/models/org/Big/big-0000${part}-of-00002.gguf`);
  await put(".local/share/Jan/data/llamacpp/models/janhq/v1-4b/model.gguf");
  await put(".local/share/nomic.ai/GPT4All/Llama-3.gguf");
  await put(".local/share/nomic.ai/GPT4All/incomplete-Phi.gguf");
  await put(".ollama/models/manifests/registry.ollama.ai/library/qwen2.5/7b", manifest([template, weights]));
  await put(".ollama/models/manifests/hf.co/org/repo/Q4_K_M", manifest([weights]));
  await put(`.ollama/models/blobs/sha256-${digest}`);
  const { models, unreadable, isCut } = await findForeignModels({ machine });
  expect(models.map(({ program, name, sizeBytes }) => [program, name, sizeBytes])).toEqual([
    ["lm-studio", "big", 8],
    ["lm-studio", "qwen-q4_k_m", 4],
    ["lm-studio", "old.Q8_0", 4],
    ["ollama", "hf.co/org/repo:Q4_K_M", 4],
    ["ollama", "qwen2.5:7b", 4],
    ["jan", "janhq/v1-4b", 4],
    ["gpt4all", "Llama-3", 4],
  ]);
  expect(models.find(({ program }) => program === "ollama")).toMatchObject({ sha256: digest });
  expect([unreadable, isCut]).toEqual([[], false]);
});

test("folders that the programs' own settings name are looked at, damaged settings name none", async () => {
  await put("elsewhere/lm/x.gguf");
  await put("elsewhere/gpt/y.gguf");
  await put("elsewhere/jan/llamacpp/models/z/model.gguf");
  await put(".lmstudio/settings.json", JSON.stringify({ downloadsFolder: join(home, "elsewhere/lm") }));
  await put(".config/nomic.ai/GPT4All.ini", `[General]\r\nmodelPath=${join(home, "elsewhere/gpt")}\r\n`);
  await put(".local/share/Jan/data/settings.json", JSON.stringify({ data_folder: join(home, "elsewhere/jan") }));
  await put(".config/LM Studio/settings.json", "{ not json");
  const { models } = await findForeignModels({ machine });
  expect(models.map(({ name }) => name)).toEqual(["x", "z", "y"]);
  for (const text of [
    "[]",
    "null",
    '{"downloadsFolder": 5}',
    '{"downloadsFolder": "relative/path"}',
    "",
    '{"__proto__": 1}',
  ]) {
    for (const setting of foreignSettings(machine)) expect(setting.read(text)).toBeNull();
  }
});

test("links that lead in circles, folders nobody may read and files that are none end the search of nothing else", async () => {
  await put(".lmstudio/models/a/one.gguf");
  await symlink(join(home, ".lmstudio/models"), join(home, ".lmstudio/models/a/loop"));
  await symlink(join(home, "gone"), join(home, ".lmstudio/models/a/dangling.gguf"));
  await mkdir(join(home, ".lmstudio/models/a/folder.gguf"));
  const locked = dirname(await put(".lmstudio/models/locked/two.gguf"));
  await chmod(locked, 0);
  try {
    const { models, unreadable } = await findForeignModels({ machine });
    // Who runs as root may read everything.
    const isRoot = process.getuid?.() === 0;
    expect(models.map(({ name }) => name)).toEqual(isRoot ? ["one", "two"] : ["one"]);
    expect(unreadable).toEqual(isRoot ? [] : [locked]);
  } finally {
    await chmod(locked, 0o700);
  }
});

test("a machine without any of them has none; a huge tree is cut and says so", async () => {
  expect(await findForeignModels({ machine })).toEqual({ models: [], unreadable: [], isCut: false });
  await put(`.lmstudio/models/${"deep/".repeat(12)}far.gguf`);
  await put(".lmstudio/models/near.gguf");
  const { models, isCut } = await findForeignModels({ machine });
  expect(isCut).toBe(true);
  expect(models.map(({ name }) => name)).toContain("near");
  const reason = new Error("closed");
  await expect(findForeignModels({ machine, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([
  ["no JSON", "<html>"],
  ["a list", "[]"],
  ["another version", manifest([weights]).replace('"schemaVersion":2', '"schemaVersion":1')],
  ["no weights", manifest([template])],
  ["weights in two pieces", manifest([weights, weights])],
  ["a digest with a path", manifest([{ ...weights, digest: "sha256:../../etc/passwd" }])],
  ["another kind of hash", manifest([{ ...weights, digest: `sha512:${digest}` }])],
  ["a negative size", manifest([{ ...weights, size: -1 }])],
])("a manifest with %s names no file", (_, text) => {
  expect(parseOllamaManifest(text)).toBeNull();
});

test("an unfinished blob is not offered, one of an old version is", async () => {
  await put(".ollama/models/manifests/registry.ollama.ai/library/a/latest", manifest([{ ...weights, size: 400 }]));
  await put(".ollama/models/manifests/registry.ollama.ai/library/b/latest", manifest([weights]));
  await put(`.ollama/models/blobs/sha256:${digest}`);
  expect((await findForeignModels({ machine })).models.map(({ name }) => name)).toEqual(["b:latest"]);
  expect(ollamaName(["registry.ollama.ai", "someone", "m", "1b"])).toBe("someone/m:1b");
});

test("places follow the platform and the environment", () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string> = {}): string[] =>
    foreignPlaces({ platform, home: platform === "win32" ? "C:\\Users\\a" : "/home/a", env }).map(({ path }) => path);
  expect(on("win32")).toContain("C:\\Users\\a\\.lmstudio\\models");
  expect(on("win32", { LOCALAPPDATA: "D:\\L" })).toContain("D:\\L\\nomic.ai\\GPT4All");
  expect(on("darwin")).toContain("/home/a/Library/Application Support/Jan/data/llamacpp/models");
  expect(on("linux", { OLLAMA_MODELS: "/big/ollama" })).toContain("/big/ollama");
  expect(on("linux", { OLLAMA_MODELS: "/big/ollama" })).not.toContain("/home/a/.ollama/models");
});
