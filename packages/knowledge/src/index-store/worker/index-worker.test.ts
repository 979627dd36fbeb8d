import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDesksideError } from "@deskside/base";
import { collectionSettingsSchema } from "@deskside/contract";
import { expect, test } from "vitest";
import { passagesOf, silentLog, testKey, vectorOf } from "../test/test-index.ts";
import { startIndexWorker } from "./start-index-worker.ts";

const me = { ownerId: "me" };
const model = { id: "m1", dimensions: 64 };
const script = new URL("./index-worker.ts", import.meta.url);

test("the index works from a thread of its own; errors keep their codes, and a closed one answers no more", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-index-worker-"));
  try {
    const { index, readOnly, repair } = await startIndexWorker({ script, dataDir, dataKey: testKey, log: silentLog });
    expect([readOnly, repair]).toEqual([null, null]);
    const settings = collectionSettingsSchema.parse({});
    const { id } = await index.createCollection(me, { name: "c", kind: "collection", settings });
    await index.useModel(me, id, model);
    const file = { path: "x", originalPath: null, bytes: 1, modifiedAt: null };
    const document = await index.addDocument(me, id, file);
    await index.setPassages(me, document.id, passagesOf(["pump warranty", "lunch"]));
    const pending = await index.pendingPassages(model, 10);
    await index.setVectors(
      model,
      pending.map(({ id: passage, text }) => ({ id: passage, values: vectorOf(text, 64) })),
    );
    const vector = { model: model.id, values: vectorOf("lunch", 64) };
    const scope = { kind: "collections" as const, ids: [id] };
    const { hits } = await index.search(me, { scope, text: "lunch", vector, limit: 1 });
    expect(hits[0]).toMatchObject({ text: "lunch", documentId: document.id });
    const failed = await index.getCollection(me, "none").catch((error: unknown) => error);
    expect(isDesksideError(failed, "COLLECTION_NOT_FOUND")).toBe(true);
    await index.close();
    await expect(index.listCollections(me)).rejects.toMatchObject({ code: "PEER_GONE" });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("what keeps the index from opening is told", async () => {
  const started = startIndexWorker({ script, dataDir: "/proc/nowhere", dataKey: testKey, log: silentLog });
  await expect(started).rejects.toBeInstanceOf(Error);
});
