import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Gpu, machineProfileSchema } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { detectMachine } from "./detect-machine.ts";
import { gpuTableSchema } from "./gpu-table/gpu-table.ts";
import { fixtureSource } from "./source/fixture-source.ts";

const folder = fileURLToPath(new URL("../../fixtures", import.meta.url));
const table = fileURLToPath(new URL("../../../../models/catalogue/gpus.json", import.meta.url));
const gpuTable = gpuTableSchema.parse(JSON.parse(readFileSync(table, "utf8")));

/** Written by hand from what the recording says. Sizes in MiB, bandwidth in GB/s; what is left out is not compared. */
const expectedSchema = z.strictObject({
  gpus: z.array(z.looseObject({ name: z.string() })),
  notes: z.array(z.string()),
  links: z.array(z.array(z.unknown())).optional(),
  linkCount: z.number().optional(),
  firstLink: z.array(z.unknown()).optional(),
  memoryGiB: z.number().optional(),
  ramBandwidthGBs: z.number().nullable().optional(),
  cpu: z.string().optional(),
  cores: z.array(z.number()).optional(),
  performanceCores: z.number().nullable().optional(),
  instructionSets: z.array(z.string()).optional(),
  system: z.string().nullable().optional(),
  battery: z.unknown().optional(),
  disks: z.array(z.array(z.unknown())).optional(),
});

const names = readdirSync(folder)
  .sort()
  .flatMap((group) => readdirSync(join(folder, group)).map((name) => `${group}/${name}`));

function summaryOf(gpu: Gpu): Record<string, unknown> {
  const { name, vendor, api, unified, tableId, capability, id, driver, migUuid } = gpu;
  const MiB = (bytes: number | null) => (bytes === null ? null : bytes / 1024 ** 2);
  return {
    name,
    vendor,
    api,
    unified,
    vramMiB: MiB(gpu.vramTotalBytes),
    freeMiB: MiB(gpu.vramFreeBytes),
    bandwidthGBs: gpu.bandwidthBytesPerSecond === null ? null : gpu.bandwidthBytesPerSecond / 1e9,
    tableId,
    ...{ capability, id, driver, migUuid },
  };
}

describe("recorded machines", () => {
  test("there are at least forty, and each names its source", () => {
    expect(names.length).toBeGreaterThanOrEqual(40);
    for (const name of names) {
      const manifest: unknown = JSON.parse(
        readFileSync(join(folder, name, "manifest.json"), "utf8").replace(/^\uFEFF/, ""),
      );
      expect(manifest, name).toMatchObject({ source: expect.stringMatching(/^(synthetic|published capture)/) });
    }
  });

  test.each(names)("%s", async (name) => {
    const expected = expectedSchema.parse(JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")));
    const profile = await detectMachine({ source: await fixtureSource(join(folder, name)), gpuTable });
    expect(machineProfileSchema.parse(profile)).toEqual(profile);
    const gpus = profile.gpus.map(summaryOf);
    expect(gpus).toEqual(expected.gpus.map((one, at) => ({ ...gpus[at], ...one })));
    expect(gpus.length).toBe(expected.gpus.length);
    expect([...new Set(profile.notes.map((one) => one.code))].sort()).toEqual([...expected.notes].sort());
    expect(new Set(profile.gpus.map((gpu) => gpu.id)).size).toBe(profile.gpus.length);
    const links = profile.links.map((link) => [link.from, link.to, link.kind, link.links]);
    const seen = {
      links,
      linkCount: links.length,
      firstLink: links[0],
      memoryGiB: profile.memory.totalBytes / 1024 ** 3,
      ramBandwidthGBs: (profile.memory.bandwidthBytesPerSecond ?? Number.NaN) / 1e9 || null,
      cpu: profile.cpu.name,
      cores: [profile.cpu.physicalCores, profile.cpu.logicalCores],
      performanceCores: profile.cpu.performanceCores,
      instructionSets: profile.cpu.instructionSets,
      system: profile.system,
      battery: profile.battery,
      disks: profile.disks.map((disk) => [disk.mount, disk.totalBytes, disk.freeBytes, disk.kind]),
    };
    const { gpus: _gpus, notes: _notes, ...facts } = expected;
    expect(seen).toMatchObject(facts);
  });
});
