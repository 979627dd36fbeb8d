import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { afterAll, describe, expect, it } from "vitest";
import { describeModelFile } from "./describe-model-file.ts";
import { embeddingPrefixes } from "./embedding-prefixes.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-prefixes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("prefixes of embedding models", () => {
  it.each([
    ["Qwen3 Embedding 0.6B", "Instruct: "],
    ["bge-small-zh-v1.5", "为这个句子"],
    ["bge-large-en-v1.5", "Represent this sentence"],
    ["nomic-embed-text-v1.5", "search_query: "],
    ["embeddinggemma-300M", "task: search result"],
    ["multilingual-e5-large", "query: "],
  ])("%s", (name, start) => expect(embeddingPrefixes([name])?.query.startsWith(start)).toBe(true));

  it.each(["bge-m3", "all-MiniLM-L6-v2", "multilingual-e5-large-instruct", "SmolLM2", "Qwen3 8B"])(
    "none for %s",
    (name) => expect(embeddingPrefixes([null, name])).toBeNull(),
  );
});

describe("a model by its own head", () => {
  const described = async (name: string, pooling: number | null) => {
    const spec = tinyLlama({ name });
    const path = join(folder, `${name}.gguf`);
    const metadata = [
      ...spec.metadata,
      ...(pooling === null ? [] : [["llama.pooling_type", { type: "u32", value: pooling }] as const]),
    ];
    await writeGguf(path, { ...spec, metadata });
    return describeModelFile(path);
  };

  it("embeds when it says how its vectors are taken, whatever its architecture, and gets its prefixes", async () => {
    const { role, prefixes } = await described("Qwen3 Embedding Tiny", 3);
    expect(role).toBe("embedding");
    expect(prefixes?.query).toContain("Query:");
  });

  it.each([null, 0, 4])("chats with pooling %s", async (pooling) => {
    expect(await described(`Tiny ${pooling}`, pooling)).toMatchObject({ role: "chat", prefixes: null });
  });
});
