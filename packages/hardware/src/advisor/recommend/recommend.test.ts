import { fitReportSchema, type MachineProfile, recommendationSchema } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import { fileOf, sampleCatalogue, sampleEntry, shapeOfEntry } from "../../testing/advisor-catalogue.ts";
import { plainEstimate, sampleGpu, sampleMachine, sampleMachines, sampleWish } from "../../testing/advisor-samples.ts";
import { noCalibration } from "../model-shape.ts";
import type { AdviceBasis, AdvisedModel } from "./advised-model.ts";
import { assessFit } from "./assess-fit.ts";
import { byPreference, isAllowedUnasked, isLowQuality, quantLoss } from "./quant-policy.ts";
import { recommend } from "./recommend.ts";

const gib = 2 ** 30;
const basis: AdviceBasis<AdvisedModel> = {
  wish: () => sampleWish,
  calibration: () => noCalibration,
  estimateMemory: plainEstimate,
  shapeOf: shapeOfEntry,
};

const recommended = (machine: MachineProfile, models: readonly AdvisedModel[] = sampleCatalogue.models, limit = 20) =>
  recommend(machine, { models }, { ...basis, limit });
const names = (machine: MachineProfile) =>
  recommended(machine).map(({ model, quantization }) => `${model}:${quantization}`);

function fitOf(id: string, quantization: string, machine: MachineProfile) {
  const known = sampleCatalogue.models.find((model) => model.id === id);
  const file = known?.ggufRepos[0]?.files.find(({ quant }) => quant === quantization);
  const shape = known && file ? shapeOfEntry(known, file) : null;
  if (!known || !shape) throw new Error(`no ${id}:${quantization}`);
  return assessFit({ ...basis, model: id, shape, machine, known, models: sampleCatalogue.models });
}

describe("recommendations", () => {
  test("per machine, best first", () => {
    expect(names(sampleMachines.laptop4060)).toEqual(["mid-8b:Q4_K_M", "small-4b:Q4_K_M", "tiny-1b:Q8_0"]);
    expect(names(sampleMachines.desktop4090).slice(0, 3)).toEqual([
      "large-32b:Q4_K_M",
      "mid-14b:Q4_K_M",
      "mixture-20b:MXFP4",
    ]);
    expect(names(sampleMachines.h100)[0]).toBe("huge-70b:Q4_K_M");
    expect(names(sampleMachines.noGpu16)[0]).toBe("mid-8b:Q4_K_M");
  });

  test("one line a model, chat and code, trusted and complete, at reading speed, in the form of the contract", () => {
    for (const machine of Object.values(sampleMachines)) {
      const list = recommended(machine);
      expect(new Set(list.map(({ model }) => model)).size).toBe(list.length);
      for (const line of list) {
        recommendationSchema.parse(line);
        expect(line.model).not.toMatch(/embedding|incomplete|sparse|community/);
        expect(line.predicted.tokensPerSecond ?? 8).toBeGreaterThanOrEqual(8);
        expect(["fits", "tight"]).toContain(line.grade);
        expect(line.contextSize).toBeGreaterThanOrEqual(4096);
      }
    }
  });

  test("nothing fits: an empty list", () => {
    const machine = sampleMachine(8, []);
    expect(recommended({ ...machine, memory: { ...machine.memory, freeBytes: 1.2 * gib } })).toEqual([]);
  });

  test("a software device counts as none", () => {
    expect(names(sampleMachines.llvmpipe)).toEqual(names(sampleMachines.noGpu16));
  });

  test("a GPU without an engine program leaves RAM to recommend for", () => {
    const list = recommend(sampleMachines.desktop4090, sampleCatalogue, {
      ...basis,
      limit: 3,
      wish: () => ({ ...sampleWish, apis: ["none"] }),
    });
    expect(list[0]).toMatchObject({ gpuLayers: 0, grade: "fits" });
  });

  test("a GPU of 2 GiB does not hide what RAM can do", () => {
    const small = sampleGpu("NVIDIA GeForce MX450", {
      vramTotalBytes: 2 * gib,
      vramFreeBytes: 1.9 * gib,
      bandwidthBytesPerSecond: 80e9,
    });
    expect(names(sampleMachine(32, [small]))).toContain("mid-8b:Q4_K_M");
  });

  test("more video memory never recommends less", () => {
    let before = 0;
    for (let free = 12; free <= 80; free += 2) {
      const gpus = sampleMachines.desktop4090.gpus.map((gpu) => ({
        ...gpu,
        vramTotalBytes: 80 * gib,
        vramFreeBytes: free * gib,
      }));
      const count = recommended({ ...sampleMachines.desktop4090, gpus }).length;
      expect(count, `${free} GiB`).toBeGreaterThanOrEqual(before);
      before = count;
    }
  });

  test("a bandwidth of RAM that nobody measured is assumed, and said to be", () => {
    const machine = sampleMachine(16, []);
    const blind = { ...machine, memory: { ...machine.memory, bandwidthBytesPerSecond: null, bandwidthSource: null } };
    const [first] = recommended(blind);
    expect(first?.predicted.tokensPerSecond).toBeGreaterThan(0);
    expect(first?.because.map(({ code }) => code)).toContain("bandwidth-assumed");
    expect(recommended(machine)[0]?.because.map(({ code }) => code)).not.toContain("bandwidth-assumed");
  });

  test("the next step says what it costs", () => {
    const [first] = recommended(sampleMachines.laptop4060);
    const step = first?.because.find(({ code }) => code === "next-step");
    expect(step?.data).toMatchObject({ quantization: "Q5_K_M" });
    expect(step?.data["extraBytes"]).toBeGreaterThan(0.5e9);
  });

  test("a model without files, sizes or parameters is passed over", () => {
    const odd = [
      sampleEntry("none", 8, { ggufRepos: [] }),
      sampleEntry("no-size", 8, {
        ggufRepos: [{ trust: "official", files: [{ quant: "Q4_K_M", sizeBytes: null, sizeBytesApprox: null }] }],
      }),
      sampleEntry("no-parameters", 8, { params: { totalB: null, activeB: null, exactB: null } }),
      sampleEntry("odd-type", 8, {
        ggufRepos: [{ trust: "official", files: [{ quant: "Q4-XYZ", sizeBytes: 4e9, sizeBytesApprox: null }] }],
      }),
    ];
    expect(recommended(sampleMachines.h100, odd)).toEqual([]);
  });

  test("a model trained in MXFP4 is taken in no other type", () => {
    const files = ["MXFP4", "Q4_K_M", "Q8_0"].map((quant) => fileOf(quant, 20.9));
    const both = sampleEntry("mixture", 20.9, { ggufRepos: [{ trust: "official", files }] });
    const [only] = recommended(sampleMachines.h100, [both]);
    expect(only?.quantization).toBe("MXFP4");
    expect(only?.because.map(({ code }) => code)).not.toContain("next-step");
    const unsized = files.map((file) => (file.quant === "MXFP4" ? { ...file, sizeBytes: null } : file));
    expect(recommended(sampleMachines.h100, [{ ...both, ggufRepos: [{ trust: "official", files: unsized }] }])).toEqual(
      [],
    );
  });

  test("the limit holds", () => {
    expect(recommended(sampleMachines.h100, sampleCatalogue.models, 2)).toHaveLength(2);
  });
});

describe("assessment", () => {
  test("a report has the form of the contract", () => {
    for (const machine of Object.values(sampleMachines)) {
      fitReportSchema.parse(fitOf("mid-14b", "Q4_K_M", machine));
    }
  });

  test("too large: smaller models that run, none that is larger", () => {
    const report = fitOf("huge-70b", "Q4_K_M", sampleMachines.noGpu16);
    expect(report.grade).toBe("too-large");
    expect(report.because.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["too-large", "smaller-model-better"]),
    );
    expect(report.alternatives.map(({ model }) => model)).toEqual(["mid-8b", "small-4b", "tiny-1b"]);
  });

  test("in RAM beside a GPU: a smaller type that fits comes first", () => {
    const report = fitOf(
      "mid-14b",
      "Q6_K",
      sampleMachine(64, [sampleGpu("RTX", { vramTotalBytes: 12 * gib, vramFreeBytes: 11.8 * gib })]),
    );
    expect(report.grade).toBe("uses-ram");
    expect(report.alternatives[0]).toMatchObject({ model: "mid-14b" });
    expect(["fits", "tight"]).toContain(report.alternatives[0]?.grade);
  });

  test("a poor type is called poor, and a smaller model better", () => {
    const report = fitOf("large-32b", "IQ1_S", sampleMachines.laptop4060);
    const codes = report.because.map(({ code }) => code);
    expect(codes).toContain("low-quality");
    expect(codes).toContain("smaller-model-better");
  });

  test("what fits well names no smaller model", () => {
    const report = fitOf("mid-8b", "Q4_K_M", sampleMachines.desktop4090);
    expect(report.grade).toBe("fits");
    expect(report.because.map(({ code }) => code)).not.toContain("smaller-model-better");
  });

  test("a file nobody knows is assessed by itself", () => {
    const shape = shapeOfEntry(sampleEntry("x", 8), { quant: "Q4_K_M", sizeBytes: 4.8e9, sizeBytesApprox: null });
    if (!shape) throw new Error("no shape");
    const report = assessFit({
      ...basis,
      model: "/models/x.gguf",
      shape: { ...shape, quantization: null },
      machine: sampleMachines.noGpu16,
      known: null,
      models: [],
    });
    expect(report).toMatchObject({ model: "/models/x.gguf", quantization: null, grade: "fits", alternatives: [] });
  });
});

describe("policy", () => {
  const sorted = (billions: number) =>
    ["Q8_0", "Q3_K_M", "Q4_K_M", "Q5_K_M", "IQ4_XS", "Q6_K", "F16", "Q2_K"]
      .filter((name) => isAllowedUnasked(name, billions))
      .toSorted(byPreference(billions));

  test("the default first, then smaller, then better", () => {
    expect(sorted(8)).toEqual(["Q4_K_M", "IQ4_XS", "Q5_K_M", "Q6_K", "Q8_0"]);
    expect(sorted(32)).toEqual(["Q4_K_M", "IQ4_XS", "Q3_K_M", "Q5_K_M", "Q6_K", "Q8_0"]);
    expect(sorted(1)).toEqual(["Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M"]);
  });

  test("names as publishers write them; an unknown one is never chosen", () => {
    expect(quantLoss("UD-Q4_K_XL")).toBeLessThan(quantLoss("Q4_K_M") ?? 0);
    expect(quantLoss("mxfp4_moe")).toBe(quantLoss("MXFP4"));
    expect(quantLoss("Q4-XYZ")).toBeNull();
    expect(isAllowedUnasked("Q4-XYZ", 8)).toBe(false);
    expect(isLowQuality("Q4-XYZ")).toBe(true);
    expect(isLowQuality("Q3_K_M")).toBe(false);
    expect(isLowQuality("IQ2_M")).toBe(true);
  });
});
