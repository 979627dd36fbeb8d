import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { afterAll, expect, it } from "vitest";
import { serveCli } from "./test/run-cli.ts";

const kills = process.env["DESKSIDE_LONG"] === "1" ? 40 : 6;
const files = 30;

const folder = mkdtempSync(join(tmpdir(), "deskside-ingest-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Word that stands in one file alone. */
const markOf = (index: number) => `turbine${String.fromCharCode(97 + (index % 26))}${index}q`;

function writeDocuments(into: string): void {
  mkdirSync(into);
  for (let index = 0; index < files; index++) {
    const paragraphs = Array.from(
      { length: 12 },
      (_, n) => `Paragraph ${n} of report ${index}: the shift leader of ${markOf(index)} signed the inspection.`,
    );
    writeFileSync(join(into, `report-${index}.md`), `# Report ${index}\n\n${paragraphs.join("\n\n")}\n`);
  }
}

async function settled(client: ContractClient<Contract>, collectionId: string): Promise<void> {
  for await (const { files: counted, vectors } of await client.knowledge.ingest.watch({ collectionId }))
    if (counted.total === files && counted.waiting + counted.working === 0 && vectors.done === vectors.total) return;
}

// The process that reads, splits and embeds dies at any moment: the next one goes on where it was.
it(`${kills} kills while documents are read: each is there once, whole, and found`, {
  timeout: 3_600_000,
}, async () => {
  const dataDir = join(folder, "data");
  const originals = join(folder, "reports");
  writeDocuments(originals);
  let collectionId = "";
  for (let kill = 0; kill < kills; kill++) {
    const served = await serveCli(dataDir);
    const client = await served.connect();
    if (kill === 0) {
      ({ id: collectionId } = await client.knowledge.collections.create({ name: "Reports" }));
      await client.knowledge.documents.add({ collectionId, paths: [originals] });
    }
    await new Promise((resolve) => setTimeout(resolve, 150 + ((kill * 397) % 1500)));
    await served.end("SIGKILL");
  }
  const served = await serveCli(dataDir);
  try {
    const client = await served.connect();
    await settled(client, collectionId);
    const documents = await client.knowledge.documents.list({ collectionId });
    expect(documents.filter(({ state }) => state !== "ready")).toEqual([]);
    expect(documents.map(({ path }) => path).sort()).toEqual(
      Array.from({ length: files }, (_, index) => `reports/report-${index}.md`)
        .map(baseName)
        .sort(),
    );
    const counts = new Set(documents.map(({ passages }) => passages));
    expect(counts.size, "passages of documents of one size").toBeLessThanOrEqual(2);
    for (let index = 0; index < files; index += 7) {
      const { hits } = await client.knowledge.search({
        scope: { kind: "collections", ids: [collectionId] },
        query: markOf(index),
      });
      expect(hits[0]?.document).toBe(documents.find(({ path }) => path.endsWith(`report-${index}.md`))?.path);
    }
  } finally {
    await served.end("SIGTERM");
  }
});

function baseName(path: string): string {
  return path.split("/").at(-1) ?? path;
}
