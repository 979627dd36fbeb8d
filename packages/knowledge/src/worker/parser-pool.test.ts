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
  hostileReferences,
  hostileText,
  hostileWeb,
} from "@deskside/testing/documents";
import { afterAll, describe, expect, it } from "vitest";
import { ReadError } from "../document/document-schemas.ts";
import { createParserPool } from "./create-parser-pool.ts";
import type { ParserLimits } from "./parser-process.ts";
import { createParserSpawner } from "./test/parser-spawner.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-parser-"));
const secret = join(folder, "secret.txt");
writeFileSync(secret, "top secret canary");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(limits: Partial<ParserLimits> = {}) {
  const spawner = createParserSpawner();
  const pool = createParserPool({ spawner, resources: null, limits });
  const read = async (name: string, bytes: Uint8Array, signal = new AbortController().signal) => {
    try {
      const document = await pool.read(
        { name, bytes, ocrLanguages: [], password: null },
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
const isLarge = ({ name }: HostileFile) => /MB|million|many|nested|deepen|brackets|larger/.test(name);
const all = [
  ...hostileText,
  ...hostileArchives,
  ...hostileOffice,
  ...hostileEmail,
  ...hostileReferences(secret),
  ...hostileWeb(secret),
];
const isLong = process.env["DESKSIDE_LONG"] === "1";
/** Every run takes some of each kind; the long one takes them all. */
const hostile = isLong ? all : all.filter((file) => !isLarge(file)).filter((_, index) => index % 3 === 0);

describe("files that were made to break their readers", () => {
  it("are many", () => expect(all.length).toBeGreaterThanOrEqual(40));

  it("end as a document or with a reason, take no neighbour along, and get at nothing", async () => {
    const { pool, read } = open();
    await using _pool = pool;
    const wrong: string[] = [];
    const neighbour = async () => (await read("neighbour.docx", buildDocx({ body: docx.paragraph("fine") }))).text;
    for (const [index, { name, fileName, make, ends }] of hostile.entries()) {
      const beside = index % 10 === 0 ? neighbour() : Promise.resolve("fine");
      const started = performance.now();
      const { end, text } = await read(fileName, make());
      if (process.env["DESKSIDE_LONG"] === "1")
        console.info(`${name}: ${end}, ${Math.round(performance.now() - started)} ms`);
      if (!ends.includes(end)) wrong.push(`${name}: ${end} (${text.slice(0, 80)})`);
      if (text.includes("top secret canary")) wrong.push(`${name}: read a file of the computer`);
      if ((await beside) !== "fine") wrong.push(`${name}: took its neighbour along`);
    }
    expect(wrong).toEqual([]);
  }, 1_200_000);
});
