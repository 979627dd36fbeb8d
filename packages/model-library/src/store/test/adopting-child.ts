import { createStoreFixture } from "./store-fixture.ts";

// Adopts, switches and removes models while another process does the same in the same folders.
const [root, from, count] = process.argv.slice(2) as [string, string, string];
const fixture = await createStoreFixture(root);
const store = fixture.open();
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  const shared = await fixture.downloaded(`shared-${seed}.gguf`, seed);
  const files = [{ ...shared, name: "shared.gguf" }];
  await store.adopt(await fixture.adoption(seed, { files, repo: "org/shared", quantization: "Q8_0" }));
  await store.rollback("shared-q8-0").catch((error: unknown) => {
    // The very first version has none before it.
    if ((error as { code?: string }).code !== "MODEL_NOT_FOUND") throw error;
  });
  const own = await fixture.downloaded(`own-${seed}.gguf`, 1000 + seed);
  const { id } = await store.adopt(await fixture.adoption(seed, { files: [own], repo: `org/own-${seed}` }));
  if (seed % 2 === 0) await store.remove(id);
}
