import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createNativeProbe } from "./native-probe.ts";
import { createReaderProbe } from "./reader-probe.ts";
import { tinyLlama } from "./tiny-llama.ts";
import { writeGguf } from "./write-gguf.ts";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-tiny-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

test("the native library loads what the writer writes, tokenizes and decodes with it", async () => {
  await using probe = createNativeProbe();
  for (const tokenizer of ["sentencepiece", "byte-pair"] as const) {
    const path = join(directory, `${tokenizer}.gguf`);
    const encoded = await writeGguf(path, tinyLlama({ tokenizer, layers: 2 }));
    expect(encoded.bytes.length).toBeLessThan(200_000);
    const answer = await probe.ask({ path, embedding: false });
    expect(answer).toMatchObject({ outcome: "accepted", detail: expect.stringMatching(/^token \d+$/) as string });
  }
});

test("the same seed gives the same bytes, another one other weights", async () => {
  const first = await writeGguf(join(directory, "a.gguf"), tinyLlama({ seed: 5 }));
  const again = await writeGguf(join(directory, "b.gguf"), tinyLlama({ seed: 5 }));
  const other = await writeGguf(join(directory, "c.gguf"), tinyLlama({ seed: 6 }));
  expect(first.bytes.equals(again.bytes)).toBe(true);
  expect(first.bytes.equals(other.bytes)).toBe(false);
  expect(first.headerBytes).toBe(other.headerBytes);
});

test("the fields lie one behind the other and fill the header", async () => {
  const { fields, headerBytes } = await writeGguf(join(directory, "d.gguf"), tinyLlama());
  let end = 0;
  for (const field of fields) {
    expect(field.at).toBe(end);
    end = field.at + field.size;
  }
  expect(headerBytes - end).toBeLessThan(32);
});

test("a probe tells an abort, a hang and an untyped error from a verdict, and goes on after each", async () => {
  const module = join(directory, "reader.mjs");
  await writeFile(
    module,
    `export async function read(path) {
      if (path === "abort") process.abort();
      if (path === "hang") for (;;);
      if (path === "bug") throw new TypeError("not typed");
    }`,
  );
  await using probe = createReaderProbe({ module: new URL(`file://${module}`), exportName: "read", timeoutMs: 1000 });
  const outcomes: string[] = [];
  for (const path of ["fine", "abort", "fine", "hang", "bug"]) outcomes.push((await probe.ask({ path })).outcome);
  expect(outcomes).toEqual(["accepted", "aborted", "accepted", "hung", "failed"]);
});
