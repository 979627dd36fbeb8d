import { join } from "node:path";
import type { FitPlan, MachineProfile } from "@deskside/contract";
import { chooseThreads, detectMachine, fixtureSource, gpuTableSchema, noCalibration } from "@deskside/hardware";
import { createModelLibrary, loadCatalogue } from "@deskside/model-library";
import { type Advisor, createAdvisor } from "./advisor.ts";

export interface RecordedMachine {
  readonly profile: MachineProfile;
  readonly advisor: Advisor;
}

/**
 * Detection and advice for a machine whose tools were recorded in a folder; nothing of this one is read. It counts as
 * having an engine program for every API its devices speak. Throws FIXTURE_INVALID, MANIFEST_INVALID.
 */
export async function openRecordedMachine(folder: string, modelsDir: string): Promise<RecordedMachine> {
  const catalogue = await loadCatalogue(join(modelsDir, "catalogue"));
  const gpuTable = gpuTableSchema.parse({ gpus: catalogue.gpus });
  const profile = await detectMachine({ source: await fixtureSource(folder), gpuTable });
  const { physicalCores, logicalCores } = profile.cpu;
  return {
    profile,
    advisor: createAdvisor({
      ...{ machine: profile, catalogue, library: createModelLibrary({ modelsDir }) },
      wish: (weightBytes) => ({
        ...{ contextSize: null, slots: 1, kvType: "auto", gpuLayers: null, device: "auto", keepFreeBytes: 2 ** 30 },
        threads: chooseThreads({ physicalCores, availableParallelism: logicalCores, weightBytes }),
        apis: apisOf(profile),
      }),
      calibration: () => noCalibration,
    }),
  };
}

function apisOf({ gpus }: MachineProfile): FitPlan["api"][] {
  const spoken = gpus.filter(({ vendor }) => vendor !== "software").map(({ api }) => api);
  return [...new Set<FitPlan["api"]>([...spoken.filter((api) => api !== "none"), "none"])];
}
