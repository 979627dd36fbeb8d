// Opens an index and replaces the passages of its documents without end; says each change on stdout once acknowledged.
import { writeSync } from "node:fs";
import { collectionSettingsSchema } from "@deskside/contract";
import { openKnowledge } from "@deskside/storage";
import { createEmbeddedIndex } from "../embedded/embedded-index.ts";
import { passagesOf, silentLog, testKey, vectorOf } from "./test-index.ts";

const [dataDir = ""] = process.argv.slice(2);
const owner = { ownerId: "me" };
const model = { id: "m1", dimensions: 64 };
const say = (...words: (string | number)[]) => writeSync(1, `${words.join(" ")}\n`);

const store = openKnowledge({ dataDir, dataKey: testKey, log: silentLog });
const index = createEmbeddedIndex(store);
say("opened", store.repair === null ? "whole" : "repaired");
const [known] = await index.listCollections(owner);
const settings = collectionSettingsSchema.parse({});
const collection = known ?? (await index.createCollection(owner, { name: "c", kind: "collection", settings }));
await index.useModel(owner, collection.id, model);

for (let round = Date.now(); ; round++) {
  const file = { path: `${round % 4}.txt`, originalPath: null, bytes: 1, modifiedAt: null };
  const { id } = await index.addDocument(owner, collection.id, file);
  const count = 5 + (round % 20);
  await index.setPassages(
    owner,
    id,
    passagesOf(Array.from({ length: count }, (_, at) => `round${round} part ${at} of ${count}`)),
  );
  say("text", id, round, count);
  const pending = await index.pendingPassages(model, 100);
  await index.setVectors(
    model,
    pending.map((passage) => ({ id: passage.id, values: vectorOf(passage.text, 64) })),
  );
  say("vectors", id, round);
}
