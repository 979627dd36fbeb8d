import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeModelFile } from "./describe-model-file.ts";
import { loadManifests } from "./load-manifests.ts";
import { modelManifestSchema } from "./manifest-schema.ts";
import { hashModelFile, verifyModelFile } from "./verify-model-file.ts";

const models = fileURLToPath(new URL("../../../../models/", import.meta.url));
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-manifest-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe("manifests of the product", () => {
  test("each folder in models/ has a valid one, and its file is the one it vouches for", async () => {
    const loaded = await loadManifests(models);
    expect(loaded.length).toBeGreaterThanOrEqual(2);
    for (const { manifest, problem, directory: folder } of loaded) {
      expect(problem).toBeNull();
      if (manifest) await verifyModelFile(join(folder, manifest.file), manifest.sha256);
    }
  });

  test("both languages of the product have a first model, English the larger one", async () => {
    const manifests = (await loadManifests(models)).flatMap(({ manifest }) => (manifest ? [manifest] : []));
    const first = (language: string): string | undefined =>
      manifests
        .filter(({ role, languages }) => role === "chat" && languages.includes(language))
        .sort((a, b) => b.preference - a.preference)[0]?.id;
    expect(first("en")).toBe("smollm2-135m-instruct");
    expect(first("zh")).toBe("starter");
  });

  test("a model whose template brings its own system message always gets one from us", async () => {
    for (const { manifest, directory: folder } of await loadManifests(models)) {
      if (!manifest) continue;
      const { metadata } = await import("../gguf/gguf-header.ts").then(({ readGgufHeader }) =>
        readGgufHeader(join(folder, manifest.file)),
      );
      const template = String(metadata.get("tokenizer.chat_template") ?? "");
      if (/You are/.test(template)) expect(manifest.systemPrompt.en).toBeTruthy();
    }
  });
});

describe("loading", () => {
  async function write(folder: string, file: string, text: string): Promise<void> {
    await mkdir(join(directory, folder), { recursive: true });
    await writeFile(join(directory, folder, file), text);
  }

  test("a broken manifest says what is wrong and hides no other", async () => {
    const good = await readFile(join(models, "starter/manifest.json"), "utf8");
    await write("a-text", "manifest.json", "{ not json");
    await write("b-wrong", "manifest.json", JSON.stringify({ ...JSON.parse(good), sha256: "ABC", colour: "red" }));
    await write("c-good", "manifest.json", good);
    await write("c-good", "other.manifest.json", good);
    await write("d-none", "readme.txt", "");
    const loaded = await loadManifests(directory);
    expect(loaded.map(({ manifest, problem }) => manifest?.id ?? problem?.code)).toEqual([
      "MANIFEST_INVALID",
      "MANIFEST_INVALID",
      "starter",
      "MANIFEST_INVALID",
    ]);
    const issues = String(loaded[1]?.problem?.data.issues);
    expect(issues).toContain("sha256");
    expect(issues).toContain("colour");
    expect(String(loaded[3]?.problem?.data.issues)).toContain("starter is taken");
  });

  test("a directory that is not there is an error, not an empty shelf", async () => {
    await expect(loadManifests(join(directory, "none"))).rejects.toMatchObject({ code: "MODEL_NOT_READABLE" });
  });

  test("a file name cannot leave the folder, an adapter needs its base", async () => {
    const good = JSON.parse(await readFile(join(models, "starter/manifest.json"), "utf8")) as Record<string, unknown>;
    expect(modelManifestSchema.safeParse({ ...good, file: "../../secret.gguf" }).success).toBe(false);
    expect(modelManifestSchema.safeParse({ ...good, role: "adapter" }).success).toBe(false);
    const base = { id: "starter", sha256: "0".repeat(64) };
    expect(modelManifestSchema.safeParse({ ...good, role: "adapter", base }).success).toBe(true);
    expect(modelManifestSchema.safeParse({ ...good, contextSize: 4096 }).success).toBe(false);
  });
});

describe("hash", () => {
  test("a changed byte is found; progress ends at the whole file", async () => {
    const path = join(directory, "file.gguf");
    await writeFile(path, Buffer.alloc(2_500_000, 1));
    const sha256 = await hashModelFile(path);
    const seen: number[] = [];
    await verifyModelFile(path, sha256, { onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(seen.at(-1)).toBe(2_500_000);
    expect(seen.length).toBeGreaterThan(1);
    await writeFile(path, Buffer.alloc(2_500_000, 2));
    await expect(verifyModelFile(path, sha256)).rejects.toMatchObject({
      code: "HASH_MISMATCH",
      data: { path, expected: sha256 },
    });
  });

  test("an abort in the middle ends with its reason; a missing file is not readable", async () => {
    const path = join(directory, "long.gguf");
    await writeFile(path, Buffer.alloc(8_000_000));
    const controller = new AbortController();
    const reason = new Error("closed");
    const running = hashModelFile(path, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(running).rejects.toBe(reason);
    await expect(hashModelFile(join(directory, "none"))).rejects.toMatchObject({ code: "MODEL_NOT_READABLE" });
    await expect(hashModelFile(directory)).rejects.toMatchObject({ code: "MODEL_NOT_READABLE" });
  });
});

describe("a file without manifest", () => {
  test("is described by its own header", async () => {
    const path = join(directory, "mine.gguf");
    await writeGguf(
      path,
      tinyLlama({ name: "Mine", contextLength: 100_000, chatTemplate: "{{ x.split('</think>') }}" }),
    );
    expect(await describeModelFile(path)).toMatchObject({
      id: path,
      name: "Mine",
      role: "chat",
      quantization: "F32",
      contextSize: 8192,
      trainedContextSize: 100_000,
      languages: [],
      reasoning: { open: "<think>", close: "</think>" },
      licence: "cc0-1.0",
      small: true,
      sha256: null,
    });
  });

  test("without a template has no reasoning marks, without a name that of its file", async () => {
    const path = join(directory, "plain.gguf");
    await writeGguf(path, tinyLlama({ name: " ", chatTemplate: null }));
    expect(await describeModelFile(path)).toMatchObject({ name: "plain", reasoning: null });
  });
});
