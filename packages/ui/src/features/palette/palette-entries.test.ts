import { sampleEngines, sampleModels } from "@deskside/testing/fake-client";
import { describe, expect, it, vi } from "vitest";
import { filterPalette, isPlain, markHits, modelEntries, type PaletteEntry } from "./palette-entries.ts";

const entry = (id: string, label: string, synonyms = ""): PaletteEntry => ({
  id,
  icon: "chat",
  label,
  synonyms,
  run: () => undefined,
});
const sources = {
  chats: [
    entry("c1", "Pump service priority"),
    entry("c2", "解释量化"),
    ...Array.from({ length: 40 }, (_, i) => entry(`x${i}`, `Chat ${i}`)),
  ],
  commands: [entry("new", "New chat", "新建"), entry("dark", "Dark theme", "深色")],
  models: [entry("m1", "Load SmolLM2")],
  collections: [entry("k1", "Plant manuals", "documents")],
};
const found = (query: string) =>
  filterPalette(query, sources).map((group) => [group.id, group.entries.map((e) => e.id)]);

describe("filterPalette", () => {
  it("finds chats by any part of the title, in any script", () => {
    expect(found("service pump")).toEqual([["chats", ["c1"]]]);
    expect(found("量化")).toEqual([["chats", ["c2"]]]);
  });

  it("finds commands by words of the other language", () => {
    expect(found("深色")).toEqual([["commands", ["dark"]]]);
  });

  it("limits itself to commands after > and to models after @", () => {
    expect(found(">").map(([id]) => id)).toEqual(["commands"]);
    expect(found("> new")).toEqual([["commands", ["new"]]]);
    expect(found("@smol")).toEqual([["models", ["m1"]]]);
  });

  it("limits itself to collections after #, and finds them by plain words too", () => {
    expect(found("#")).toEqual([["collections", ["k1"]]]);
    expect(found("manuals")).toEqual([["collections", ["k1"]]]);
    expect([isPlain("manuals"), isPlain("#manuals"), isPlain("> x"), isPlain("  ")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("shows a few chats and all commands before anything is typed", () => {
    const [chats, commands] = filterPalette("", sources);
    expect(chats?.entries).toHaveLength(5);
    expect(commands?.id).toBe("commands");
  });
});

describe("markHits", () => {
  it("cuts the label at the hits and loses no character", () => {
    const parts = markHits("Vacuum pump fault codes", "pump co");
    expect(parts.map((part) => part.text).join("")).toBe("Vacuum pump fault codes");
    expect(parts.filter((part) => part.hit).map((part) => part.text)).toEqual(["pump", "co"]);
  });

  it("does not cut wrongly where lower case has another length", () => {
    expect(markHits("İstanbul pump", "pump")).toEqual([{ text: "İstanbul pump", hit: false }]);
  });
});

describe("modelEntries", () => {
  it("offers to unload what is loaded and to load the rest, and leaves out what cannot run", () => {
    const load = vi.fn();
    const unload = vi.fn();
    const [first, second] = sampleModels;
    if (!first || !second) throw new Error("no samples");
    const broken = {
      ...second,
      id: "broken",
      problem: { code: "HASH_MISMATCH", kind: "precondition" as const, data: {} },
    };
    const entries = modelEntries([first, second, broken], sampleEngines, {
      loadLabel: (name) => `Load ${name}`,
      unloadLabel: (name) => `Unload ${name}`,
      load,
      unload,
    });
    expect(entries.map((e) => e.label)).toEqual(["Unload SmolLM2 135M Instruct", "Load Deskside Starter"]);
    for (const e of entries) e.run();
    expect(unload).toHaveBeenCalledWith("smollm2-135m-instruct");
    expect(load).toHaveBeenCalledWith("deskside-starter");
  });
});
