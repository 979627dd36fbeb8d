import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildDocx,
  docx,
  type HostileFile,
  hostileArchives,
  hostileEmail,
  hostileOffice,
  hostilePdf,
  hostileReferences,
  hostileText,
  hostileWeb,
} from "@deskside/testing/documents";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ReadError } from "../document/document-schemas.ts";
import { copyReaderResources } from "../reader-resources.ts";
import { createParserPool } from "./create-parser-pool.ts";
import type { ParserLimits } from "./parser-process.ts";
import { createParserSpawner } from "./test/parser-spawner.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-parser-"));
const secret = join(folder, "secret.txt");
writeFileSync(secret, "top secret canary");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(limits: Partial<ParserLimits> = {}, resources: string | null = null) {
  const spawner = createParserSpawner();
  const pool = createParserPool({ spawner, resources, limits });
  const read = async (
    name: string,
    bytes: Uint8Array,
    signal = new AbortController().signal,
    ocrLanguages: readonly string[] = [],
  ) => {
    try {
      const document = await pool.read(
        { name, bytes, ocrLanguages, password: null },
        { signal, onProgress: () => undefined },
      );
      return { end: "document", text: document.blocks.map(({ text }) => text).join("\n") };
    } catch (error) {
      if (error instanceof ReadError) return { end: error.failure, text: error.message };
      throw error;
    }
  };
  return { pool, read, spawner };
}

describe("parser processes", () => {
  it("one for each document that could do harm, one for all plain texts", async () => {
    const { pool, read, spawner } = open();
    await using _pool = pool;
    expect((await read("a.txt", Buffer.from("One."))).text).toBe("One.");
    expect((await read("b.md", Buffer.from("# Two"))).text).toBe("Two");
    expect(spawner.started).toHaveLength(1);
    expect((await read("c.docx", buildDocx({ body: docx.paragraph("Three") }))).text).toBe("Three");
    expect((await read("d.docx", buildDocx({ body: docx.paragraph("Four") }))).text).toBe("Four");
    expect(spawner.started).toHaveLength(3);
  });

  it("plain texts that come at once wait for each other", async () => {
    const { pool, read } = open();
    await using _pool = pool;
    const names = ["a.txt", "b.txt", "c.txt", "d.txt"];
    const ends = await Promise.all(names.map((name) => read(name, Buffer.from(`text of ${name}`))));
    expect(ends.map(({ end }) => end)).toEqual(names.map(() => "document"));
    expect(ends.map(({ text }) => text)).toEqual(names.map((name) => expect.stringContaining(`text of ${name}`)));
  });

  it("text larger than a message comes whole", async () => {
    const { pool, read } = open();
    await using _pool = pool;
    const text = "行 and words. ".repeat(300_000).trim();
    expect((await read("big.txt", Buffer.from(text))).text).toBe(text);
  });

  it.each([
    ["time-limit", { silentMs: 1 }],
    ["memory-limit", { residentBytes: 1024 ** 2 }],
    ["output-limit", { output: 1000 }],
  ] as const)("%s ends the process, and the next document gets a new one", async (failure, limits) => {
    const { pool, read, spawner } = open(limits);
    await using _pool = pool;
    expect((await read("a.txt", Buffer.from("word ".repeat(500_000)))).end).toBe(failure);
    expect((await spawner.started[0]?.exited)?.signal).toBe("SIGKILL");
  });

  it("stops when it is told to", async () => {
    const { pool, read, spawner } = open();
    await using _pool = pool;
    const controller = new AbortController();
    const reading = read("a.txt", Buffer.from("word ".repeat(500_000)), controller.signal);
    controller.abort(new Error("removed"));
    await expect(reading).rejects.toThrow("removed");
    await Promise.all(spawner.started.map(({ exited }) => exited));
  });
});

/** What is too slow for every run is left to the long one. */
const isLarge = ({ name, isSlow }: HostileFile) =>
  isSlow === true || /MB|million|many|nested|deepen|brackets|larger/.test(name);
const all = [
  ...hostileText,
  ...hostileArchives,
  ...hostileOffice,
  ...hostileEmail,
  ...hostileReferences(secret),
  ...hostileWeb(secret),
  ...hostilePdf(secret),
];
const isLong = process.env["DESKSIDE_LONG"] === "1";
/** Every run takes some of each kind; the long one takes them all. */
const hostile = isLong ? all : all.filter((file) => !isLarge(file)).filter((_, index) => index % 4 === 0);

type Read = ReturnType<typeof open>["read"];

/** What went wrong with one of them. */
async function complaintsOf({ name, fileName, make, ends, isScan }: HostileFile, read: Read): Promise<string[]> {
  const started = performance.now();
  const { end, text } = await read(fileName, make(), new AbortController().signal, isScan === true ? ["eng"] : []);
  if (isLong) console.info(`${name}: ${end}, ${Math.round(performance.now() - started)} ms`);
  return [
    ...(ends.includes(end) ? [] : [`${name}: ${end} (${text.slice(0, 80)})`]),
    ...(text.includes("top secret canary") ? [`${name}: read a file of the computer`] : []),
  ];
}

describe("files that were made to break their readers", () => {
  const resources = join(folder, "resources");
  beforeAll(() => copyReaderResources(resources));

  it("are many", () => expect(all.length).toBeGreaterThanOrEqual(200));

  it("end as a document or with a reason, take no neighbour along, and get at nothing", async () => {
    const isPdf = ({ fileName }: HostileFile) => fileName.endsWith(".pdf");
    const wrong = await Promise.all([
      readAll(hostile.filter(isPdf), resources),
      readAll(
        hostile.filter((file) => !isPdf(file)),
        resources,
      ),
    ]);
    expect(wrong.flat()).toEqual([]);
  }, 2_400_000);
});

/** One after the other, with a document that is all right beside some of them. What went wrong. */
async function readAll(files: readonly HostileFile[], resources: string): Promise<string[]> {
  const { pool, read } = open({}, resources);
  await using _pool = pool;
  const wrong: string[] = [];
  const neighbour = async () => (await read("neighbour.docx", buildDocx({ body: docx.paragraph("fine") }))).text;
  for (const [index, file] of files.entries()) {
    const beside = isLong || index % 10 === 0 ? neighbour() : Promise.resolve("fine");
    wrong.push(...(await complaintsOf(file, read)));
    if ((await beside) !== "fine") wrong.push(`${file.name}: took its neighbour along`);
  }
  return wrong;
}
