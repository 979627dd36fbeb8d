import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDesksideError } from "@deskside/base";
import { createNativeProbe, type GgufSpec, type GgufValue, tinyLlama, writeGguf } from "@deskside/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeModelFile } from "../manifest/describe-model-file.ts";
import { readGgufHeader } from "./gguf-header.ts";
import { partsOf } from "./split-parts.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskside-split-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const u16 = (value: number): GgufValue => ({ type: "u16", value });

type Change = (parts: GgufSpec[]) => void;

/** Three parts as `llama-gguf-split` writes them; offsets start again in each. Returns the path of the first. */
async function writeSplit(change: Change = () => undefined, name = "tiny"): Promise<string> {
  const whole = tinyLlama();
  const count: GgufValue = { type: "i32", value: whole.tensors.length };
  const cuts = [0, 3, 6, whole.tensors.length];
  const parts = [0, 1, 2].map((index): GgufSpec => {
    const own = [
      ["split.no", u16(index)],
      ["split.count", u16(3)],
      ["split.tensors.count", count],
    ] as const;
    const slice = whole.tensors.slice(cuts[index], cuts[index + 1]);
    return { metadata: index === 0 ? [...whole.metadata, ...own] : own, tensors: slice };
  });
  change(parts);
  const paths = partsOf(join(folder, `${name}-00001-of-00003.gguf`));
  for (const [index, part] of parts.entries()) await writeGguf(paths[index] as string, part);
  return paths[0] as string;
}

async function refusalOf(path: string): Promise<string> {
  try {
    await readGgufHeader(path);
    return "accepted";
  } catch (error) {
    if (!isDesksideError(error)) throw error;
    return [error.code, error.data.problem].filter(Boolean).join(" ");
  }
}

test("the first part stands for all of them", async () => {
  const path = await writeSplit();
  const single = join(folder, "single.gguf");
  await writeGguf(single, tinyLlama());
  const [split, whole] = [await readGgufHeader(path), await readGgufHeader(single)];
  expect(split.tensors.map(({ name }) => name)).toEqual(whole.tensors.map(({ name }) => name));
  expect(split.parameters).toBe(whole.parameters);
  expect(split.parts).toHaveLength(3);
  expect(whole.parts).toBeUndefined();
  const sizes = (split.parts ?? []).reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  expect((await describeModelFile(path)).sizeBytes).toBe(sizes);
});

test("what is accepted loads natively, from the first part", async () => {
  const path = await writeSplit();
  await using probe = createNativeProbe();
  expect(await probe.ask({ path, embedding: false })).toMatchObject({ outcome: "accepted" });
});

test("a first part without tensors is in order, parts without any are not", async () => {
  const moved = await writeSplit((parts) => {
    const [first, second] = parts as [GgufSpec, GgufSpec];
    parts[1] = { ...second, tensors: [...first.tensors, ...second.tensors] };
    parts[0] = { ...first, tensors: [] };
  });
  expect(await refusalOf(moved)).toBe("accepted");
  const empty = await writeSplit((parts) => {
    for (const [index, part] of parts.entries()) parts[index] = { ...part, tensors: [] };
  });
  expect(await refusalOf(empty)).toBe("GGUF_INVALID count-out-of-range");
});

test("another part than the first, another name, parts that are missing, cut or mixed are refused", async () => {
  const path = await writeSplit();
  const [, second, third] = partsOf(path) as [string, string, string];
  expect(await refusalOf(second)).toBe("GGUF_INVALID split-file");
  await truncate(third, 5000);
  expect(await refusalOf(path)).toBe("GGUF_TRUNCATED");
  await rm(third);
  expect(await refusalOf(path)).toBe("MODEL_NOT_READABLE");
  const swapped = await writeSplit((parts) => {
    parts.splice(1, 2, parts[2] as GgufSpec, parts[1] as GgufSpec);
  }, "swapped");
  expect(await refusalOf(swapped)).toBe("GGUF_INVALID split-file");
  const twice = await writeSplit((parts) => {
    parts[2] = { ...(parts[2] as GgufSpec), tensors: (parts[1] as GgufSpec).tensors };
  }, "twice");
  expect(await refusalOf(twice)).toBe("GGUF_INVALID duplicate-key");
  const fewer = await writeSplit((parts) => {
    parts[2] = { ...(parts[2] as GgufSpec), tensors: [] };
  }, "fewer");
  expect(await refusalOf(fewer)).toBe("GGUF_INVALID count-out-of-range");
});

test("names that promise nothing sensible are single files", () => {
  for (const name of [
    "a.gguf",
    "a-00001-of-00001.gguf",
    "a-00001-of-00000.gguf",
    "a-00001-of-99999.gguf",
    "a-1-of-2.gguf",
  ]) {
    expect(partsOf(name)).toEqual([name]);
  }
  expect(partsOf("/m/a-00002-of-00002.gguf")).toEqual(
    ["/m/a-00001-of-00002.gguf", "/m/a-00002-of-00002.gguf"].map((path) => join(path)),
  );
});
