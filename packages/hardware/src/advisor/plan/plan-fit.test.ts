import type { FitPlan, MachineProfile } from "@deskside/contract";
import { fitPlanSchema, predictionSchema } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import {
  plainEstimate,
  sampleGpu,
  sampleMachine,
  sampleMachines,
  sampleShape,
  sampleShapes,
  sampleWish,
} from "../../testing/advisor-samples.ts";
import { type FitWish, type ModelShape, noCalibration } from "../model-shape.ts";
import { type PlannedFits, planFit, spareOf } from "./plan-fit.ts";

const gib = 2 ** 30;

function plansFor(shape: ModelShape, machine: MachineProfile, wish: Partial<FitWish> = {}): PlannedFits {
  const calibration = () => noCalibration;
  return planFit({ shape, machine, wish: { ...sampleWish, ...wish }, calibration, estimateMemory: plainEstimate });
}

const firstPlan = (shape: ModelShape, machine: MachineProfile, wish: Partial<FitWish> = {}): FitPlan => {
  const [load] = plansFor(shape, machine, wish).loads;
  if (!load) throw new Error("no plan");
  return load.plan;
};

const codes = ({ because }: PlannedFits) => because.map(({ code }) => code);

function withFree(machine: MachineProfile, freeGiB: number): MachineProfile {
  return { ...machine, gpus: machine.gpus.map((gpu) => ({ ...gpu, vramFreeBytes: freeGiB * gib })) };
}

describe("the first plan", () => {
  const table: [keyof typeof sampleMachines, keyof typeof sampleShapes, FitPlan["api"], "all" | "part" | "none"][] = [
    ["laptop4060", "dense7b", "cuda", "all"],
    ["laptop4060", "dense14b", "cuda", "part"],
    ["laptop4060", "dense32b", "cuda", "part"],
    ["laptop4060", "mixture20b", "cuda", "part"],
    ["desktop4090", "dense14b", "cuda", "all"],
    ["desktop4090", "dense32b", "cuda", "all"],
    ["desktop4090", "mixture20b", "cuda", "all"],
    ["two3090", "dense32b", "cuda", "all"],
    ["h100", "dense32b", "cuda", "all"],
    ["migSlices", "dense14b", "cuda", "all"],
    ["migSlices", "dense32b", "cuda", "part"],
    ["m4Max64", "dense32b", "metal", "all"],
    ["strixHalo128", "dense32b", "vulkan", "all"],
    ["noGpu16", "dense7b", "none", "none"],
    ["small8", "tiny135m", "none", "none"],
    ["llvmpipe", "dense7b", "none", "none"],
  ];
  test.each(table)("%s, %s: %s, %s", (machine, shape, api, offload) => {
    const { loads, because } = plansFor(sampleShapes[shape], sampleMachines[machine]);
    const [first] = loads;
    expect(first?.plan.api).toBe(api);
    const share = (first?.plan.gpuLayers ?? 0) / (first?.plan.totalLayers ?? 1);
    expect(share === 1 ? "all" : share === 0 ? "none" : "part").toBe(offload);
    expect(because.map(({ code }) => code)).not.toContain("too-large");
    expect(spareOf(first!, sampleMachines[machine], gib)).toBeGreaterThanOrEqual(0);
  });

  test("the context grows where memory lies idle, to 32k at most and not beyond the training", () => {
    expect(firstPlan(sampleShapes.dense7b, sampleMachines.desktop4090).contextSize).toBe(32_768);
    const short = sampleShape({
      ...{ layers: 28, hidden: 3584, kvHeads: 4, headDim: 128, vocabulary: 32_000, billions: 7, bits: 4.85 },
      contextTrained: 4096,
    });
    expect(firstPlan(short, sampleMachines.h100).contextSize).toBe(4096);
    expect(firstPlan(sampleShapes.dense7b, sampleMachines.noGpu16).contextSize).toBe(4096);
  });

  test("uneven cards get layers by what is free on them", () => {
    const { devices } = firstPlan(sampleShapes.dense32b, sampleMachines.two3090);
    const [large = 0, little = 0] = devices.map(({ layers }) => layers);
    expect(large + little).toBe(65);
    expect(large / little).toBeGreaterThan(1.6);
    expect(large / little).toBeLessThan(2.3);
  });

  test("one MIG slice is used, the largest", () => {
    expect(firstPlan(sampleShapes.dense14b, sampleMachines.migSlices).devices.map(({ id }) => id)).toEqual(["MIG-1"]);
  });

  test("unified memory is counted once", () => {
    const machine = { ...sampleMachines.m4Max64, memory: { ...sampleMachines.m4Max64.memory, freeBytes: 20 * gib } };
    const { loads } = plansFor(sampleShapes.dense32b, machine);
    expect(loads[0]?.plan.gpuLayers).toBeLessThan(65);
  });

  test("an integrated device beside a discrete one is left out", () => {
    const machine = sampleMachine(32, [
      sampleGpu("AMD Radeon 780M", {
        id: "igpu",
        vendor: "amd",
        unified: true,
        api: "vulkan",
        vramFreeBytes: 12 * gib,
      }),
      sampleGpu("NVIDIA GeForce RTX 4060 Laptop GPU", { id: "dgpu", api: "cuda" }),
    ]);
    expect(firstPlan(sampleShapes.dense7b, machine, { apis: ["vulkan"] }).devices.map(({ id }) => id)).toEqual([
      "dgpu",
    ]);
  });
});

describe("the list", () => {
  test("each plan on an API is smaller than the one before, the last runs in RAM", () => {
    for (const machine of Object.values(sampleMachines)) {
      for (const shape of Object.values(sampleShapes)) {
        const { loads } = plansFor(shape, machine);
        expect(loads.at(-1)?.plan.api).toBe("none");
        for (const [, list] of Map.groupBy(loads, ({ plan }) => plan.api)) {
          for (const [index, { plan, predicted }] of list.entries()) {
            const before = list[index - 1];
            if (!before) continue;
            expect(fastBytes(predicted)).toBeLessThan(fastBytes(before.predicted));
            expect(plan.gpuLayers).toBeLessThanOrEqual(before.plan.gpuLayers);
          }
        }
      }
    }
  });

  test("CUDA first, then Vulkan, then the processor", () => {
    const apis = plansFor(sampleShapes.dense7b, sampleMachines.desktop4090).loads.map(({ plan }) => plan.api);
    expect([...new Set(apis)]).toEqual(["cuda", "vulkan", "none"]);
  });

  test("every plan and prediction has the form of the contract and no broken number", () => {
    for (const machine of Object.values(sampleMachines)) {
      for (const shape of Object.values(sampleShapes)) {
        for (const { plan, predicted } of plansFor(shape, machine).loads) {
          fitPlanSchema.parse(plan);
          predictionSchema.parse(predicted);
          expect(plan.devices.reduce((sum, { layers }) => sum + layers, 0)).toBe(plan.gpuLayers);
          expect(plan.kvType).toMatch(/^(f16|q8_0)$/);
        }
      }
    }
  });

  test("a model larger than the machine ends in the smallest plan, and is called too large", () => {
    const planned = plansFor(sampleShapes.dense32b, sampleMachines.small8);
    expect(planned.loads).toHaveLength(1);
    expect(planned.loads[0]?.plan).toMatchObject({ api: "none", contextSize: 2048, kvType: "q8_0" });
    expect(codes(planned)).toContain("too-large");
    expect(codes(planned)).not.toContain("cpu-only-fits");
  });
});

const fastBytes = ({ devices }: { devices: readonly { name: string; bytes: number }[] }) => {
  const onGpu = devices.filter(({ name }) => name !== "RAM");
  return (onGpu.length > 0 ? onGpu : devices).reduce((sum, { bytes }) => sum + bytes, 0);
};

describe("more is never worse", () => {
  const scoreOf = ({ gpuLayers, contextSize, kvType }: FitPlan) =>
    gpuLayers * 1e9 + contextSize * 10 + (kvType === "f16" ? 1 : 0);

  test.each(Object.keys(sampleShapes) as (keyof typeof sampleShapes)[])(
    "%s over 1 to 40 GiB of video memory",
    (name) => {
      let before = -1;
      for (let free = 1; free <= 40; free += 0.5) {
        const plan = firstPlan(sampleShapes[name], withFree(sampleMachines.desktop4090, free));
        expect(scoreOf(plan), `${free} GiB`).toBeGreaterThanOrEqual(before);
        before = scoreOf(plan);
      }
    },
  );

  test("a cache in more bytes, or more slots, never leaves more layers on the GPU", () => {
    const one = firstPlan(sampleShapes.dense32b, sampleMachines.laptop4060, { contextSize: 8192 });
    const four = firstPlan(sampleShapes.dense32b, sampleMachines.laptop4060, { contextSize: 8192, slots: 4 });
    expect(four.gpuLayers).toBeLessThan(one.gpuLayers);
  });
});

describe("what a person fixed", () => {
  test("a context is kept in every plan", () => {
    for (const { plan } of plansFor(sampleShapes.dense14b, sampleMachines.laptop4060, { contextSize: 20_000 }).loads) {
      expect(plan.contextSize).toBe(20_000);
    }
  });

  test("a type of the cache is kept in every plan", () => {
    for (const { plan } of plansFor(sampleShapes.dense14b, sampleMachines.laptop4060, { kvType: "q4_0" }).loads) {
      expect(plan.kvType).toBe("q4_0");
    }
  });

  test("a number of layers is kept, even where it does not fit; more than there are means all", () => {
    expect(firstPlan(sampleShapes.dense7b, sampleMachines.desktop4090, { gpuLayers: 5 }).gpuLayers).toBe(5);
    expect(firstPlan(sampleShapes.dense7b, sampleMachines.desktop4090, { gpuLayers: 999 }).gpuLayers).toBe(29);
    const forced = plansFor(sampleShapes.dense32b, sampleMachines.laptop4060, { gpuLayers: 60 });
    expect(forced.loads[0]?.plan.gpuLayers).toBe(60);
    expect(codes(forced)).toContain("too-large");
    expect(forced.loads.at(-1)?.plan.api).toBe("none");
  });

  test("the processor, or one API", () => {
    const onCpu = plansFor(sampleShapes.dense7b, sampleMachines.desktop4090, { device: "cpu" });
    expect(onCpu.whyCpu).toBe("chosen-by-setting");
    expect(onCpu.loads.every(({ plan }) => plan.api === "none")).toBe(true);
    const none = plansFor(sampleShapes.dense7b, sampleMachines.desktop4090, { gpuLayers: 0 });
    expect(none.whyCpu).toBe("chosen-by-setting");
    expect(firstPlan(sampleShapes.dense7b, sampleMachines.desktop4090, { device: "vulkan" }).api).toBe("vulkan");
  });

  test("threads and slots go into every plan", () => {
    for (const { plan } of plansFor(sampleShapes.dense7b, sampleMachines.noGpu16, { threads: 3, slots: 2 }).loads) {
      expect(plan).toMatchObject({ threads: 3, slots: 2 });
    }
  });
});

describe("why the processor", () => {
  test.each([
    ["no GPU", sampleMachines.noGpu16, {}, "no-gpu"],
    ["a software device only", sampleMachines.llvmpipe, {}, "software-gpu"],
    ["no engine program for it", sampleMachines.desktop4090, { apis: ["none"] }, "no-engine-binary"],
    ["a GPU no API reaches", withApiNone(), {}, "device-not-supported"],
    ["no driver", withoutDriver(), {}, "driver-missing"],
  ] as [string, MachineProfile, Partial<FitWish>, string][])("%s", (_, machine, wish, reason) => {
    const planned = plansFor(sampleShapes.dense7b, machine, wish);
    expect(planned.whyCpu).toBe(reason);
    expect(planned.loads[0]?.plan.api).toBe("none");
  });

  test("the processor is faster than the few layers that fit", () => {
    const slowCard = sampleMachine(64, [
      sampleGpu("NVIDIA GeForce GT 1030", {
        vramTotalBytes: 4 * gib,
        vramFreeBytes: 3.8 * gib,
        bandwidthBytesPerSecond: 24e9,
      }),
    ]);
    const planned = plansFor(sampleShapes.dense14b, slowCard);
    expect(planned.whyCpu).toBe("too-little-vram");
    expect(codes(planned)).toContain("why-cpu");
  });

  test("a GPU is used when one is", () => {
    expect(plansFor(sampleShapes.dense7b, sampleMachines.desktop4090).whyCpu).toBeNull();
  });
});

function withApiNone(): MachineProfile {
  return {
    ...sampleMachines.desktop4090,
    gpus: sampleMachines.desktop4090.gpus.map((gpu) => ({ ...gpu, api: "none" })),
  };
}

function withoutDriver(): MachineProfile {
  return { ...withApiNone(), notes: [{ code: "driver-not-loaded", subject: "nvidia-smi", detail: "" }] };
}

describe("odd input", () => {
  test("a GPU of which nothing is known is not planned with", () => {
    const machine = sampleMachine(32, [sampleGpu("unknown", { vramTotalBytes: null, vramFreeBytes: null })]);
    expect(plansFor(sampleShapes.dense7b, machine).whyCpu).toBe("too-little-vram");
  });

  test("without bandwidths there is a plan and no speed", () => {
    const machine: MachineProfile = {
      ...sampleMachine(32, [sampleGpu("NVIDIA odd", { vramFreeBytes: 8 * gib, bandwidthBytesPerSecond: null })]),
    };
    const { loads } = plansFor(sampleShapes.dense7b, machine);
    expect(loads[0]?.plan.api).toBe("cuda");
    expect(loads[0]?.predicted.tokensPerSecond).toBeNull();
  });

  test("keys and values of different length keep the cache at f16", () => {
    const shape = {
      ...sampleShapes.dense14b,
      layers: sampleShapes.dense14b.layers.map((layer) => ({ ...layer, valueLength: 64 })),
    };
    for (const { plan } of plansFor(shape, sampleMachines.laptop4060).loads) {
      expect(plan).toMatchObject({ kvType: "f16", flashAttention: false });
    }
  });

  test("no free memory at all", () => {
    const machine = { ...sampleMachines.noGpu16, memory: { ...sampleMachines.noGpu16.memory, freeBytes: 0 } };
    const planned = plansFor(sampleShapes.tiny135m, machine);
    expect(planned.loads).toHaveLength(1);
    expect(codes(planned)).toContain("too-large");
  });

  test("experts in RAM are told as a way, never planned", () => {
    const planned = plansFor(sampleShapes.mixture20b, sampleMachines.laptop4060);
    expect(codes(planned)).toContain("experts-in-ram");
    expect(planned.loads.every(({ plan }) => !plan.expertsInRam)).toBe(true);
  });
});
