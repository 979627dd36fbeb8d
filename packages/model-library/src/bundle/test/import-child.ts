import { createBundleFixture } from "./bundle-fixture.ts";

/** Imports the bundle of a folder that is there; says how far it is, so that somebody can kill it in the middle. */
const [root = "", path = "", stopAt = "0"] = process.argv.slice(2);
const fixture = await createBundleFixture(root);
let told = false;
await fixture.import(path, {
  onProgress: ({ doneBytes, totalBytes }) => {
    if (told || doneBytes < totalBytes * Number(stopAt)) return;
    told = true;
    process.stdout.write("reached\n");
    // Stands still until it is killed: what comes after would depend on how fast the killer is.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
  },
});
process.stdout.write("done\n");
