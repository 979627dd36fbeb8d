import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { localUser } from "@deskside/storage";
import { expect, test } from "vitest";
import { createInstallation, endOf, type Installation } from "./test/bundle-fixture.ts";
import { takeSettings } from "./travelling-settings.ts";

async function exportOf(from: Installation, models: string[], wish: { settings?: boolean } = {}) {
  const path = join(from.dataDir, "out.deskside-bundle");
  const job = await from.bundles.export({ path, models, settings: false, catalogue: false, ...wish });
  const event = await endOf(from.bundles, job);
  if (event.type !== "done") throw new Error(JSON.stringify(event));
  return event.result;
}

async function importOf(to: Installation, path: string, trust: string | null) {
  const event = await endOf(to.bundles, await to.bundles.import({ path, trust }));
  if (event.type !== "done") throw new Error(JSON.stringify(event));
  return event.result;
}

test("a linked model travels with settings, asks once for trust, and is not copied twice", async () => {
  await using from = await createInstallation(1);
  await using to = await createInstallation(2);
  const id = await from.link("base.gguf", 1);
  from.settings.set(localUser, "general.theme", "dark");
  from.settings.set(localUser, "library.folders", ["/mnt/models"]);
  const made = await exportOf(from, [id], { settings: true });
  expect(made).toMatchObject({ models: [id], settings: ["general.theme"], skipped: [] });

  const seen = await to.bundles.inspect(made.path);
  expect(seen).toMatchObject({ fingerprint: made.fingerprint, own: false, trusted: false, settings: 1 });
  expect(await from.bundles.inspect(made.path)).toMatchObject({
    own: true,
    models: [{ present: true }],
    neededBytes: 0,
  });
  await expect(to.bundles.import({ path: made.path, trust: null })).rejects.toMatchObject({
    ...{ code: "BUNDLE_NOT_TRUSTED", data: { fingerprint: made.fingerprint } },
  });
  const taken = await importOf(to, made.path, made.fingerprint);
  expect(taken).toMatchObject({ already: [], settings: ["general.theme"] });
  expect(to.settings.get(localUser, "general.theme")).toBe("dark");
  expect(to.settings.get(localUser, "library.folders")).toEqual([]);
  expect((await to.store.list()).map((model) => model.id)).toEqual(taken.models);
  expect(await to.bundles.inspect(made.path)).toMatchObject({ trusted: true, models: [{ present: true }] });
  expect(await importOf(to, made.path, null)).toMatchObject({ models: [], already: taken.models });
});

test("an adapter goes along and is attached there, with its strength", { timeout: 60_000 }, async () => {
  await using from = await createInstallation(11);
  await using to = await createInstallation(12);
  const folder = fileURLToPath(new URL("../../../../../models/smollm2-135m-instruct/", import.meta.url));
  const [model] = await from.store.link(join(folder, "SmolLM2-135M-Instruct.Q4_1.gguf"));
  const modelId = model?.id ?? "";
  const source = join(folder, "docqa-adapter-f16.gguf");
  await from.attachments.attach({ modelId, kind: "adapter", source, scale: 0.5 });
  const made = await exportOf(from, [modelId]);
  expect(await to.bundles.inspect(made.path)).toMatchObject({ models: [{ adapters: 1 }] });
  const taken = await importOf(to, made.path, made.fingerprint);
  expect(taken.skipped).toEqual([]);
  const attached = await to.attachments.list(taken.models[0] ?? "");
  expect(attached).toMatchObject([{ kind: "adapter", scale: 0.5, problem: null }]);
  expect(attached[0]?.path.startsWith(join(to.dataDir, "adapters"))).toBe(true);
  await importOf(to, made.path, null);
  expect(await to.attachments.list(taken.models[0] ?? "")).toHaveLength(1);
});

test("no password leaves, nothing of this machine does, and a crafted setting is not taken", async () => {
  await using from = await createInstallation(3);
  await using to = await createInstallation(4, { "general.theme": "light" });
  const secret = "sup3rsecret";
  from.settings.set(localUser, "network.proxy", `http://me:${secret}@proxy.example:3128`);
  from.settings.set(localUser, "library.hubUrl", `https://me:${secret}@hub.example`);
  from.settings.set(localUser, "library.mirrors", ["modelscope", `https://x:${secret}@mirror.example`]);
  from.settings.set(localUser, "general.density", "compact");
  from.settings.set(localUser, "hardware.threads", 3);
  const made = await exportOf(from, [], { settings: true });
  expect(made.settings).toEqual(["general.density"]);
  expect(made.skipped.map(({ what, reason }) => `${what} ${reason}`).toSorted()).toEqual([
    "library.hubUrl setting-secret",
    "library.mirrors setting-secret",
    "network.proxy setting-secret",
  ]);
  const bytes = await readFile(made.path);
  expect(bytes.includes(secret)).toBe(false);
  // The key that signs is made of the data key: neither is in the file.
  expect(bytes.includes(Buffer.alloc(32, 3))).toBe(false);
  const crafted = {
    ...{ "general.theme": "dark", "general.zoom": 9000, "library.folders": ["/etc"], "no.such": 1 },
    ...{ "library.trustedBundles": [made.fingerprint], "general.density": "compact" },
  };
  const taken = takeSettings(Buffer.from(JSON.stringify(crafted)), to.settings);
  expect(taken.written).toEqual(["general.density"]);
  expect(taken.skipped).toContainEqual({ what: "general.theme", reason: "setting-locked" });
  expect(taken.skipped).toHaveLength(5);
  expect(to.settings.get(localUser, "library.trustedBundles")).toEqual([]);
  for (const text of ["", "[]", "null", "{", '"x"']) {
    expect(takeSettings(Buffer.from(text), to.settings)).toEqual({ written: [], skipped: [] });
  }
});

test("what cannot be done is said at once: nothing chosen, a relative path, a name that is taken", async () => {
  await using from = await createInstallation(5);
  const wish = { models: [], settings: true, catalogue: true };
  const path = join(from.dataDir, "x.deskside-bundle");
  await expect(from.bundles.export({ ...wish, path })).rejects.toMatchObject({ code: "BUNDLE_EMPTY" });
  await expect(from.bundles.export({ ...wish, path: "x" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  const id = await from.link("base.gguf", 1);
  await writeFile(path, "mine");
  const taken = from.bundles.export({ ...wish, models: [id], path });
  await expect(taken).rejects.toMatchObject({ code: "BUNDLE_EXISTS" });
  expect(await readFile(path, "utf8")).toBe("mine");
  await expect(from.bundles.cancel("nobody")).rejects.toMatchObject({ code: "BUNDLE_JOB_NOT_FOUND" });
});

test("cancelled, it ends as that and leaves nothing", async () => {
  await using from = await createInstallation(6);
  const id = await from.link("base.gguf", 1);
  const path = join(from.dataDir, "stopped.deskside-bundle");
  const job = await from.bundles.export({ path, models: [id], settings: false, catalogue: false });
  const end = endOf(from.bundles, job);
  await from.bundles.cancel(job.id);
  expect((await end).type).toBe("cancelled");
  expect((await readdir(from.dataDir)).filter((name) => name.startsWith("stopped"))).toEqual([]);
  await from.bundles.cancel(job.id);
  expect(from.bundles.list()).toMatchObject([{ id: job.id, state: "cancelled" }]);
});

test("a damaged content fails the job and takes nothing, not even the settings", async () => {
  await using from = await createInstallation(7);
  await using to = await createInstallation(8);
  const id = await from.link("base.gguf", 1);
  from.settings.set(localUser, "general.theme", "dark");
  const made = await exportOf(from, [id], { settings: true });
  const bytes = await readFile(made.path);
  bytes[6000] = (bytes[6000] ?? 0) ^ 1;
  const path = join(to.dataDir, "bad.deskside-bundle");
  await writeFile(path, bytes);
  const event = await endOf(to.bundles, await to.bundles.import({ path, trust: made.fingerprint }));
  expect(event).toMatchObject({ type: "failed", error: { code: "BUNDLE_DAMAGED" } });
  expect(await to.store.list()).toEqual([]);
  expect(to.settings.get(localUser, "general.theme")).toBe("system");
  expect(to.settings.get(localUser, "library.trustedBundles")).toEqual([]);
});
