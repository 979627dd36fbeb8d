import type { FitPlan } from "@deskside/contract";
import { expect, test } from "vitest";
import { openIn, temporaryFolder } from "../test/temporary-workspace.ts";

const plan: FitPlan = {
  ...{ api: "none", gpuLayers: 0, totalLayers: 31, contextSize: 2048, kvType: "f16", slots: 1, threads: 1 },
  ...{ batchSize: 512, flashAttention: true, expertsInRam: false, devices: [] },
};
const memory = { memoryBytes: 300, anonymousBytes: 200, devices: [] };
const entry = {
  ...{ modelKey: "a", machineKey: "desk", plan, measured: memory, tokensPerSecond: 80, promptTokensPerSecond: null },
  purpose: "load" as const,
  predicted: { ...memory, tokensPerSecond: 90, promptTokensPerSecond: null },
};

test("measurements are kept per machine, newest first, fifty a model", () => {
  using folder = temporaryFolder();
  const first = openIn(folder.path);
  for (let nth = 0; nth < 60; nth++) first.loadHistory.append({ ...entry, tokensPerSecond: nth });
  first.loadHistory.append({ ...entry, modelKey: "b" });
  first.loadHistory.append({ ...entry, machineKey: "other" });
  first.close();
  const again = openIn(folder.path);
  const kept = again.loadHistory.list("desk");
  expect(kept.filter(({ modelKey }) => modelKey === "a").map(({ tokensPerSecond }) => tokensPerSecond)).toEqual(
    Array.from({ length: 49 }, (_, index) => 59 - index),
  );
  expect(kept[0]).toMatchObject({ modelKey: "b", plan, predicted: { tokensPerSecond: 90 } });
  expect(again.loadHistory.list("other")).toHaveLength(1);
  expect(again.loadHistory.list("nowhere")).toEqual([]);
  again.close();
});

test("the speed of a machine is kept, one record each", () => {
  using folder = temporaryFolder();
  const workspace = openIn(folder.path);
  workspace.machineSpeeds.set("desk", { memoryBytesPerSecond: 20e9, diskReadBytesPerSecond: null });
  workspace.machineSpeeds.set("desk", { memoryBytesPerSecond: 21.5e9, diskReadBytesPerSecond: 3e9 });
  expect(workspace.machineSpeeds.get("desk")).toEqual({ memoryBytesPerSecond: 21.5e9, diskReadBytesPerSecond: 3e9 });
  expect(workspace.machineSpeeds.get("other")).toBeNull();
  workspace.close();
});
