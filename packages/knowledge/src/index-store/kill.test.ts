import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep } from "@deskside/base";
import { openKnowledge } from "@deskside/storage";
import { expect, test } from "vitest";
import { createEmbeddedIndex } from "./embedded/embedded-index.ts";
import { silentLog, testKey, vectorOf } from "./test/test-index.ts";

const script = fileURLToPath(new URL("./test/index-until-killed.ts", import.meta.url));
const kills = process.env["DESKSIDE_LONG"] === "1" ? 100 : 3;
const owner = { ownerId: "me" };
const model = { id: "m1", dimensions: 64 };

/** Runs until it has said enough, then kills it at once. Returns its lines. */
async function runAndKill(dataDir: string, linesWanted: number, extraMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, dataDir], { stdio: ["ignore", "pipe", "pipe"] });
  let [text, errors] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  const exited = new Promise((resolve) => child.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.split("\n").length > linesWanted) resolve();
    });
    child.on("exit", () => reject(new Error(`ended by itself: ${errors}`)));
  });
  await sleep(extraMs);
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  await exited;
  return text.split("\n").slice(0, -1);
}

async function verify(dataDir: string, acknowledged: ReadonlyMap<string, { round: number; count: number }>) {
  const store = openKnowledge({ dataDir, dataKey: testKey, log: silentLog });
  const index = createEmbeddedIndex(store);
  try {
    expect(store.repair, "no repair was needed").toBeNull();
    for (const [id, { round }] of acknowledged) {
      const document = await index.getDocument(owner, id);
      const passages = await index.documentPassages(owner, id, { every: 1 });
      const [first] = passages;
      const [, found, count] = /^round(\d+) part \d+ of (\d+)$/.exec(first?.text ?? "") ?? [];
      // What was acknowledged, or the change after it, and either one whole.
      expect(Number(found)).toBeGreaterThanOrEqual(round);
      expect(passages.map(({ text }) => text)).toEqual(
        Array.from({ length: Number(count) }, (_, at) => `round${found} part ${at} of ${count}`),
      );
      expect(document.passages).toBe(passages.length);
      const scope = { kind: "documents" as const, ids: [id] };
      const byWords = await index.search(owner, { scope, text: `round${found}`, vector: null, limit: 50 });
      expect(byWords.hits.length, "the words of every passage").toBe(passages.length);
      if (document.state !== "ready") continue;
      const vector = { model: model.id, values: vectorOf(first?.text ?? "", model.dimensions) };
      const near = await index.search(owner, { scope, text: "\u{10ffff}", vector, limit: 50 });
      expect(near.hits.length, "a vector for every passage").toBe(passages.length);
    }
  } finally {
    await index.close();
  }
}

test(`${kills} kills in mid-write leave whole documents only`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-index-kill-"));
  const acknowledged = new Map<string, { round: number; count: number }>();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const lines = await runAndKill(dataDir, 4 + ((kill * 7) % 13), (kill * 3) % 8);
      expect(lines[0]).toBe("opened whole");
      for (const line of lines) {
        const [word, id = "", round, count] = line.split(" ");
        if (word === "text") acknowledged.set(id, { round: Number(round), count: Number(count) });
      }
      await verify(dataDir, acknowledged);
    }
    expect(acknowledged.size).toBeGreaterThan(1);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 300_000);
