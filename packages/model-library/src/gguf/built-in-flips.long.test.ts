import { copyFile, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createNativeProbe, createSeededRandom } from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGgufHeader } from "./gguf-header.ts";

const seed = Number(process.env.DESKSIDE_SEED ?? Date.now() % 2 ** 31);
const nativeLoads = 300;

let directory = "";
let path = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-gguf-flips-"));
  path = join(directory, "flipped.gguf");
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function isAccepted(): Promise<boolean> {
  try {
    await readGgufHeader(path);
    return true;
  } catch {
    return false;
  }
}

describe(`models that travel with the product, one bit flipped in the head, seed ${seed}`, () => {
  const files = ["starter/starter-q8_0.gguf", "smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"];

  test.each(files)("what is accepted of %s does not end the native process", async (file) => {
    const original = fileURLToPath(new URL(`../../../../models/${file}`, import.meta.url));
    const { headerBytes } = await readGgufHeader(original);
    await copyFile(original, path);
    await using native = createNativeProbe({ timeoutMs: 60_000 });
    await using handle = await open(path, "r+");
    const random = createSeededRandom(seed);
    const fatal: string[] = [];
    let loaded = 0;
    while (loaded < nativeLoads) {
      const at = random.below(headerBytes);
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, at);
      const flipped = Buffer.from([(byte[0] as number) ^ (1 << random.below(8))]);
      await handle.write(flipped, 0, 1, at);
      if (await isAccepted()) {
        const { outcome, detail } = await native.ask({ path, embedding: false });
        loaded++;
        if (outcome === "aborted" || outcome === "hung") fatal.push(`byte ${at}: ${outcome} ${detail}`);
      }
      await handle.write(byte, 0, 1, at);
    }
    expect(fatal).toEqual([]);
  });
});
