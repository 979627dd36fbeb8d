import type { MachineProfile, WhyCpu } from "@deskside/contract";
import type { FitWish } from "../model-shape.ts";
import { isRealGpu } from "./budgets.ts";

/** Why no GPU can be used at all, before any model is looked at; null = one can. */
export function whyNoGpu(machine: MachineProfile, wish: Pick<FitWish, "device" | "gpuLayers" | "apis">): WhyCpu | null {
  if (wish.device === "cpu" || wish.gpuLayers === 0) return "chosen-by-setting";
  if (machine.gpus.length === 0) return machine.notes.some(noDriver) ? "driver-missing" : "no-gpu";
  const real = machine.gpus.filter(isRealGpu);
  if (real.length === 0) return "software-gpu";
  const reachable = real.filter(({ api }) => api !== "none");
  if (reachable.length === 0) return machine.notes.some(noDriver) ? "driver-missing" : "device-not-supported";
  const apis = wish.device === "auto" ? wish.apis : wish.apis.filter((api) => api === wish.device);
  const served = reachable.some(
    ({ api, migUuid }) => apis.includes(api) || (api === "cuda" && migUuid === null && apis.includes("vulkan")),
  );
  return served ? null : "no-engine-binary";
}

const noDriver = ({ code }: MachineProfile["notes"][number]) => code === "driver-not-loaded";
