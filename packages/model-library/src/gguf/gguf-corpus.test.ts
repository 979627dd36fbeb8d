import { truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bitFlips,
  craftedSpecs,
  createNativeProbe,
  createReaderProbe,
  createSeededRandom,
  cuts,
  encodeGguf,
  extremeFields,
  foreignFiles,
  type GgufMutant,
  overflowShapes,
  tinyLlama,
} from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The long run loads more files. The seed is in the name of each group and can be given again. */
const isLong = process.env.DESKSIDE_LONG === "1";
const seed = Number(process.env.DESKSIDE_SEED ?? (isLong ? Date.now() % 2 ** 31 : 20_260));
const flipsInAll = 20_000;
const nativeLoads = isLong ? 2000 : 300;

/** What the product promises for any file. */
const longestVerdictMs = 2000;
const mostMemoryBytes = 256 * 1024 * 1024;

const bases = (["sentencepiece", "byte-pair"] as const).map((tokenizer) => {
  const spec = tinyLlama({ tokenizer, layers: 1 });
  return { tokenizer, spec, encoded: encodeGguf(spec) };
});

const readerModule = { module: new URL("./gguf-header.ts", import.meta.url), exportName: "readGgufHeader" };

let directory = "";
let path = "";
const accepted: GgufMutant[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-gguf-corpus-"));
  path = join(directory, "mutant.gguf");
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

interface Tally {
  read: number;
  accepted: number;
  readonly wrong: string[];
  slowestMs: number;
  peakBytes: number;
}

/** Reads every mutant in one child process. */
async function readAll(mutants: Iterable<GgufMutant>, onAccepted: (mutant: GgufMutant) => void): Promise<Tally> {
  await using reader = createReaderProbe({ ...readerModule, timeoutMs: longestVerdictMs * 2 });
  const tally: Tally = { read: 0, accepted: 0, wrong: [], slowestMs: 0, peakBytes: 0 };
  for (const mutant of mutants) {
    writeFileSync(path, mutant.bytes);
    const answer = await reader.ask({ path });
    tally.read++;
    tally.slowestMs = Math.max(tally.slowestMs, answer.ms ?? 0);
    tally.peakBytes = Math.max(tally.peakBytes, answer.peakBytes ?? 0);
    if (answer.outcome === "accepted") {
      tally.accepted++;
      onAccepted(mutant);
    } else if (answer.outcome !== "refused") {
      tally.wrong.push(`${mutant.name}: ${answer.outcome} ${answer.detail}`);
    }
  }
  return tally;
}

function expectBounded(tally: Tally): void {
  expect(tally.wrong).toEqual([]);
  expect(tally.slowestMs).toBeLessThan(longestVerdictMs);
  expect(tally.peakBytes).toBeLessThan(mostMemoryBytes);
}

const forgetting = (): void => undefined;

describe(`hostile corpus through the reader, seed ${seed}`, () => {
  test("no cut of a file passes for a whole one", async () => {
    const mutants = bases.flatMap(({ encoded }) => [...cuts(encoded)]);
    const tally = await readAll(mutants, forgetting);
    expect(tally.read).toBeGreaterThan(200);
    expect(tally.accepted).toBe(0);
    expectBounded(tally);
  });

  test("foreign files and heads that overflow are all refused", async () => {
    const mutants = [...foreignFiles(), ...overflowShapes()];
    const tally = await readAll(mutants, forgetting);
    expect(tally.read).toBe(mutants.length);
    expect(tally.accepted).toBe(0);
    expectBounded(tally);
  });

  test("the largest head that the limits allow keeps to them too", async () => {
    const { bytes, fields } = encodeGguf({
      metadata: [["k", { type: "array", of: "string", values: [] }]],
      tensors: [],
    });
    const count = fields.find(({ label }) => label === "count of k");
    const end = (count?.at ?? 0) + 8;
    const head = Buffer.from(bytes.subarray(0, end));
    // Zeros are texts without a byte: more than 33 million of them, in a file that takes no room on the disk.
    head.writeBigUInt64LE(BigInt(Math.floor((255 * 2 ** 20) / 8)), end - 8);
    writeFileSync(path, head);
    truncateSync(path, 256 * 2 ** 20);
    await using reader = createReaderProbe({ ...readerModule, timeoutMs: longestVerdictMs * 10 });
    const answer = await reader.ask({ path });
    expect(answer.outcome).toBe("refused");
    expect(answer.detail).toContain("general.architecture");
    expect(answer.ms).toBeLessThan(longestVerdictMs);
    expect(answer.peakBytes).toBeLessThan(mostMemoryBytes);
  });

  test("every number set to an extreme ends in a verdict", async () => {
    for (const { spec, encoded } of bases) {
      // Every tenth of the tokens' own numbers: they are all read by the same line.
      let tokenFields = 0;
      const fields = encoded.fields.filter(
        ({ label }) => !label.includes("[") || tokenFields++ % (isLong ? 1 : 10) === 0,
      );
      const tally = await readAll([...extremeFields({ ...encoded, fields }), ...craftedSpecs(spec)], (mutant) => {
        accepted.push(mutant);
      });
      expect(tally.read).toBeGreaterThan(300);
      expectBounded(tally);
    }
  }, 120_000);

  test("20,000 files with flipped bits end in a verdict", async () => {
    let read = 0;
    for (const { encoded } of bases) {
      const tally = await readAll(bitFlips(encoded, { seed, count: flipsInAll / bases.length }), (mutant) => {
        if (accepted.length < nativeLoads * 4) accepted.push(mutant);
      });
      read += tally.read;
      expectBounded(tally);
    }
    expect(read).toBe(flipsInAll);
  }, 180_000);
});

describe(`files that the reader accepts, seed ${seed}`, () => {
  test(`at most one in a thousand of them ends the native process`, async () => {
    await using native = createNativeProbe();
    const random = createSeededRandom(seed);
    const chosen = accepted
      .map((mutant) => ({ mutant, order: random.next() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, nativeLoads);
    expect(chosen.length).toBe(nativeLoads);
    const fatal: string[] = [];
    let decoded = 0;
    for (const { mutant } of chosen) {
      writeFileSync(path, mutant.bytes);
      const answer = await native.ask({ path, embedding: false });
      if (answer.outcome === "accepted") decoded++;
      else if (answer.outcome !== "refused") fatal.push(`${mutant.name}: ${answer.outcome} ${answer.detail}`);
    }
    // A probe that never decodes would find nothing either.
    expect(decoded).toBeGreaterThan(nativeLoads / 2);
    expect(fatal.slice(0, Math.floor(nativeLoads / 1000)), fatal.join("\n")).toEqual(fatal);
  }, 180_000);
});
