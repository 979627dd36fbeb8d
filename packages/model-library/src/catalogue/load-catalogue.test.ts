import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogueFilesOf, findCatalogueModel, loadCatalogue } from "./load-catalogue.ts";

const shipped = fileURLToPath(new URL("../../../../models/catalogue/", import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskside-catalogue-"));
  await cp(shipped, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function change(file: string, edit: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(join(folder, file), "utf8")) as Record<string, unknown>;
  edit(json);
  await writeFile(join(folder, file), JSON.stringify(json));
}
const first = (json: Record<string, unknown>, list: string) => (json[list] as Record<string, unknown>[])[0] ?? {};

describe("loadCatalogue", () => {
  it("reads the shipped files", async () => {
    const catalogue = await loadCatalogue(shipped);
    expect(catalogue.models.length).toBeGreaterThan(60);
    expect(catalogue.gpus.length).toBeGreaterThan(100);
    expect(catalogue.quants.map((quant) => quant.type)).toContain("Q4_K_M");
    for (const gpu of catalogue.gpus) {
      for (const pattern of gpu.namePatterns) expect(() => new RegExp(pattern, "i")).not.toThrow();
    }
  });

  it("ignores keys nobody reads", async () => {
    await change("models.json", (json) => Object.assign(first(json, "models"), { later: { deep: [1] } }));
    await expect(loadCatalogue(folder)).resolves.toBeDefined();
  });

  it.each<[string, string, (json: Record<string, unknown>) => void, RegExp]>([
    [
      "a text for a number",
      "models.json",
      (json) => Object.assign(first(json, "models")["arch"] as object, { layers: "28" }),
      /arch\.layers/,
    ],
    [
      "a size below zero",
      "models.json",
      (json) => Object.assign(first(json, "models")["arch"] as object, { hidden: -1 }),
      /arch\.hidden/,
    ],
    [
      "an unknown trust",
      "models.json",
      (json) => {
        const repository = (first(json, "models")["ggufRepos"] as Record<string, unknown>[])[0] ?? {};
        repository["trust"] = "me";
      },
      /trust/,
    ],
    [
      "a hash that is none",
      "models.json",
      (json) => {
        const repository = (first(json, "models")["ggufRepos"] as Record<string, unknown>[])[0] ?? {};
        Object.assign((repository["files"] as object[])[0] ?? {}, { sha256: "../../etc" });
      },
      /sha256/,
    ],
    ["a later schema", "quants.json", (json) => Object.assign(json, { schemaVersion: 2 }), /schemaVersion/],
    ["no cards", "gpus.json", (json) => Object.assign(json, { gpus: [] }), /gpus/],
    ["an id twice", "models.json", (json) => (json["models"] as unknown[]).push(first(json, "models")), /there twice/],
  ])("refuses %s", async (_name, file, edit, issue) => {
    await change(file, edit);
    const failure = await loadCatalogue(folder).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "MANIFEST_INVALID" });
    expect(JSON.stringify((failure as { data: unknown }).data)).toMatch(issue);
  });

  it.each([["{"], [""], ["[]"], ["null"]])("refuses %j as a file", async (text) => {
    await writeFile(join(folder, "gpus.json"), text);
    await expect(loadCatalogue(folder)).rejects.toMatchObject({
      code: "MANIFEST_INVALID",
      data: { path: join(folder, "gpus.json") },
    });
  });

  it("names the file that is missing", async () => {
    await rm(join(folder, "quants.json"));
    await expect(loadCatalogue(folder)).rejects.toMatchObject({ data: { path: join(folder, "quants.json") } });
  });
});

describe("findCatalogueModel", () => {
  it("finds by id and quantization whatever the case", async () => {
    const catalogue = await loadCatalogue(shipped);
    expect(findCatalogueModel(catalogue, "DeepSeek-R1-Distill-Qwen-7B")?.file).toBeNull();
    const found = findCatalogueModel(catalogue, " deepseek-r1-distill-qwen-7b:q4_k_m ");
    expect(found?.file?.quant).toBe("Q4_K_M");
    expect(findCatalogueModel(catalogue, "deepseek-r1-distill-qwen-7b:Q9_X")).toBeNull();
    expect(findCatalogueModel(catalogue, "nobody")).toBeNull();
    expect(findCatalogueModel(catalogue, "")).toBeNull();
  });

  it("puts trusted publishers first", async () => {
    const catalogue = await loadCatalogue(shipped);
    const order = ["official", "runtime-maintainer", "vetted", "community"];
    const mixed = catalogue.models.filter((model) => new Set(model.ggufRepos.map(({ trust }) => trust)).size > 1);
    expect(mixed.length).toBeGreaterThan(0);
    for (const model of mixed) {
      const best = Math.min(
        ...model.ggufRepos.filter(({ files }) => files.length > 0).map(({ trust }) => order.indexOf(trust)),
      );
      const chosen = catalogueFilesOf(model)[0];
      const owner = model.ggufRepos.find(({ files }) => files.some((file) => file === chosen));
      expect(order.indexOf(owner?.trust ?? "")).toBe(best);
    }
  });
});
